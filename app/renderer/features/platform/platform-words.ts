import type { PlatformPart, PlatformPort, PlatformState } from '../../../shared/contracts/platform.ts'
import { assertNever } from '../../../shared/errors.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import type { Translate } from '../../i18n/language.ts'
import type { Mark } from '../../ui/StateMark.tsx'

export const partWords: Readonly<Record<PlatformPart, TextKey>> = {
  gateway: 'platform.gateway',
  'config-centre': 'platform.configCentre',
  'plugin-service': 'platform.pluginService',
  registry: 'platform.registry',
  'router-engine': 'platform.routerEngine',
  'coze-api': 'platform.cozeApi',
}

export const addressOf = ({ port }: Pick<PlatformPort, 'port'>): string => `http://127.0.0.1:${port}`

export const takenPorts = ({ ports }: PlatformState): readonly PlatformPort[] =>
  ports.filter(({ state }) => state.kind === 'taken')

/** The port by which the platform is known: the gateway's, or the first that answers where another process has that. */
export function mainPort({ ports }: PlatformState): PlatformPort | null {
  const listening = ports.filter(({ state }) => state.kind === 'listening')
  const candidates = listening.length > 0 ? listening : ports
  return candidates.find(({ part }) => part === 'gateway') ?? candidates[0] ?? null
}

/** The platform as a whole: running with a port of somebody else's is a warning. */
export function conditionOfPlatform(platform: PlatformState): Mark {
  switch (platform.state.kind) {
    case 'starting':
    case 'restarting':
      return 'busy'
    case 'crashed':
      return 'fail'
    case 'stopped':
      return 'stopped'
    case 'running':
      return takenPorts(platform).length > 0 ? 'warn' : 'ok'
    default:
      return assertNever(platform.state)
  }
}

/** How many things about it need the operator, for the rail and the overview. */
export function platformAttention(platform: PlatformState | null): number {
  const condition = platform && conditionOfPlatform(platform)
  return condition === 'fail' || condition === 'warn' ? 1 : 0
}

export const stateWords: Readonly<Record<PlatformState['state']['kind'], TextKey>> = {
  starting: 'platform.starting',
  running: 'platform.running',
  crashed: 'platform.crashed',
  restarting: 'platform.restarting',
  stopped: 'platform.stopped',
}

/** How one port is, and who has it when it is not ours. */
export function portSentence(platform: PlatformState, { state }: PlatformPort, t: Translate): string {
  const { kind } = platform.state
  if (kind === 'starting' || kind === 'restarting') return t('platform.waiting')
  switch (state.kind) {
    case 'listening':
      return t(kind === 'running' ? 'platform.listening' : 'platform.closed')
    case 'closed':
      return t('platform.closed')
    case 'taken':
      return takenSentence(state, t)
    default:
      return assertNever(state)
  }
}

function takenSentence(state: Extract<PlatformPort['state'], { kind: 'taken' }>, t: Translate): string {
  if (state.pid === null) return t('platform.takenUnknown')
  const pid = String(state.pid)
  return state.command === null
    ? t('platform.takenByPid', { pid })
    : t('platform.takenBy', { command: state.command, pid })
}

/** The status bar's word: nothing more than the port while all is well. */
export function briefly(platform: PlatformState, t: Translate): string {
  switch (platform.state.kind) {
    case 'starting':
      return t('platform.barStarting')
    case 'crashed':
      return t('platform.barCrashed')
    case 'restarting':
      return t('platform.barRestarting')
    case 'stopped':
      return t('platform.barOff')
    case 'running': {
      const taken = takenPorts(platform).length
      const port = mainPort(platform)
      return [port && `:${port.port}`, taken > 0 && t('platform.barTaken', { count: taken })].filter(Boolean).join(' ')
    }
    default:
      return assertNever(platform.state)
  }
}

export interface Command {
  readonly name: TextKey
  readonly text: string
}

/** What to type first against the platform, ready to be copied. */
export function commandsOf(platform: PlatformState): readonly Command[] {
  const port = mainPort(platform)
  if (!port) return []
  const address = addressOf(port)
  const token = platform.openLocalMode ? '' : " -H 'Authorization: Bearer TOKEN'"
  const get = (path: string) => `curl -s${token} ${address}${path}`
  const json = "-H 'Content-Type: application/json' -d '{}'"
  return [
    { name: 'platform.health', text: get('/health') },
    { name: 'platform.listPlugins', text: get('/api/plugins') },
    { name: 'platform.functions', text: get('/api/plugins/functions') },
    { name: 'platform.callTool', text: `${get('/api/plugin/invoke/PLUGIN/OPERATION')} ${json}` },
    { name: 'platform.mcp', text: `${address}/mcp` },
  ]
}
