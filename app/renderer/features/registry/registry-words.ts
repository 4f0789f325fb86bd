import type { PlatformState } from '../../../shared/contracts/platform.ts'
import type { Instance } from '../../../shared/contracts/registry.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import type { Translate } from '../../i18n/language.ts'

/** What a probe met, as main writes it, in the operator's language. */
const met: readonly (readonly [RegExp, TextKey])[] = [
  [/^no heartbeat for more than (?<seconds>[\d.]+) s$/, 'registry.silent'],
  [/^(?<path>\/\S*) answered (?<status>\d+)$/, 'registry.answered'],
  [/^(?<path>\/\S*) did not answer within (?<seconds>[\d.]+) s$/, 'registry.late'],
  [/^(?<path>\/\S*): nothing listens there$/, 'registry.refused'],
  [/^(?<path>\/\S*): it closed the connection$/, 'registry.hungUp'],
  [/^(?<path>\/\S*): its name is unknown$/, 'registry.unknownName'],
]

/** Why an instance is down; what is not known here is said as it came. */
export const reasonWords = (reason: string, t: Translate): string =>
  reason
    .split('; ')
    .map((part) => {
      for (const [pattern, key] of met) {
        const found = pattern.exec(part)
        if (found) return t(key, { ...found.groups })
      }
      return part
    })
    .join(t('registry.and'))

export const stateWords = ({ state }: Instance, t: Translate): string =>
  state.kind === 'up' ? t('registry.up') : reasonWords(state.reason, t)

/** The address of the part that a caller names: the port of the registry or the gateway, or what answers in its place. */
export function addressOfPart(platform: PlatformState | null, part: 'registry' | 'config-centre' | 'gateway'): string {
  const listening = (platform?.ports ?? []).filter(({ state }) => state.kind === 'listening')
  const port = (listening.find((one) => one.part === part) ?? listening[0])?.port
  return `http://127.0.0.1:${port ?? { registry: 8003, 'config-centre': 8001, gateway: 8000 }[part]}`
}

/** What registers a service from a shell. JSON is what `-d` carries here, whatever curl calls it. */
export function registerCommand(platform: PlatformState | null): string {
  const token = platform?.openLocalMode === false ? " -H 'Authorization: Bearer TOKEN'" : ''
  const body = '{\n  "name": "demo", "url": "http://127.0.0.1:9000",\n  "health_path": "/" }'
  return `curl${token} ${addressOfPart(platform, 'config-centre')}/api/registry/services -d '${body}'`
}
