import { type Condition, conditionOf, type Service } from '../../../shared/contracts/services.ts'

/** What the filter field understood. Words must all match; several states or projects widen each other. */
export interface ServiceFilter {
  readonly words: readonly string[]
  readonly states: readonly string[]
  readonly projects: readonly string[]
}

/** The states that can be asked for, in English and Chinese; what they mean stands in `hasState`. */
const stateNames: Record<string, string> = {
  ok: 'running',
  up: 'running',
  running: 'running',
  运行: 'running',
  运行中: 'running',
  healthy: 'healthy',
  健康: 'healthy',
  unhealthy: 'warning',
  warn: 'warning',
  warning: 'warning',
  不健康: 'warning',
  警告: 'warning',
  fail: 'failed',
  failed: 'failed',
  失败: 'failed',
  故障: 'failed',
  stopped: 'stopped',
  停止: 'stopped',
  已停止: 'stopped',
  exited: 'exited',
  已退出: 'exited',
  paused: 'paused',
  已暂停: 'paused',
  restarting: 'restarting',
  正在重启: 'restarting',
  created: 'created',
  已创建: 'created',
  busy: 'busy',
  忙: 'busy',
}

/** Reads `redis state:failed project:"ai hub"`. A word that is no known field is looked for as it is written. */
export function parseFilter(text: string): ServiceFilter {
  const filter = { words: [] as string[], states: [] as string[], projects: [] as string[] }
  for (const [, field, quoted, plain] of text.matchAll(
    /(?:(state|project|状态|项目)[:：])?(?:"([^"]*)"?|([^\s"]+))/giu,
  )) {
    const value = (quoted ?? plain ?? '').toLowerCase()
    if (value === '') continue
    if (field === undefined) filter.words.push(value)
    else if (/^(project|项目)$/i.test(field)) filter.projects.push(value)
    else filter.states.push(stateNames[value] ?? value)
  }
  return filter
}

/** `sentence` gives the words on the row's screen, so that what is read can be searched. */
export function matches(service: Service, filter: ServiceFilter, sentence: (service: Service) => string): boolean {
  if (filter.states.length > 0 && !filter.states.some((state) => hasState(service, state))) return false
  if (filter.projects.length > 0 && !filter.projects.some((project) => isInProject(service, project))) return false
  if (filter.words.length === 0) return true
  const text =
    `${service.name}\n${service.image}\n${service.project ?? ''}\n${service.projectService ?? ''}`.toLowerCase()
  let shown: string | undefined
  return filter.words.every((word) => {
    if (text.includes(word) || service.id.startsWith(word)) return true
    shown ??= sentence(service).toLowerCase()
    return shown.includes(word)
  })
}

/** `project:-` asks for what belongs to no project, `project:=ai` for exactly "ai". */
function isInProject(service: Service, wanted: string): boolean {
  if (service.project === null) return wanted === '-'
  const project = service.project.toLowerCase()
  return wanted.startsWith('=') ? project === wanted.slice(1).toLowerCase() : wanted !== '-' && project.includes(wanted)
}

const conditions: Record<string, Condition> = { failed: 'fail', warning: 'warn', busy: 'busy', stopped: 'stopped' }

function hasState(service: Service, state: string): boolean {
  const condition = conditions[state]
  if (condition) return conditionOf(service) === condition
  if (state === 'exited') return service.state.kind === 'stopped'
  if (state === 'healthy') return service.state.kind === 'running' && service.health === 'healthy'
  return service.state.kind === state
}
