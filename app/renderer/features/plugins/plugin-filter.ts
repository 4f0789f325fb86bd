import type { Plugin } from '../../../shared/contracts/plugins.ts'
import { isInstalled, needsConfiguration, updateWaits } from './plugin-condition.ts'

/** What the filter field understood. Words must all match; several states or kinds widen each other. */
export interface PluginFilter {
  readonly words: readonly string[]
  readonly states: readonly string[]
  readonly kinds: readonly string[]
}

/** The states that can be asked for, in English and Chinese; what they mean stands in `hasState`. */
const stateNames: Record<string, string> = {
  active: 'active',
  enabled: 'active',
  on: 'active',
  已启用: 'active',
  启用: 'active',
  disabled: 'disabled',
  off: 'disabled',
  已停用: 'disabled',
  停用: 'disabled',
  waiting: 'waiting',
  待启用: 'waiting',
  error: 'error',
  failed: 'error',
  不可用: 'error',
  configuration: 'configuration',
  config: 'configuration',
  待配置: 'configuration',
  配置: 'configuration',
  update: 'update',
  待更新: 'update',
  更新: 'update',
  findings: 'findings',
  errors: 'findings',
  问题: 'findings',
  uninstalled: 'uninstalled',
  已卸载: 'uninstalled',
}

/** Reads `weather state:disabled kind:coze`. A word that is no known field is looked for as it is written. */
export function parseFilter(text: string): PluginFilter {
  const filter = { words: [] as string[], states: [] as string[], kinds: [] as string[] }
  for (const [, field, quoted, plain] of text.matchAll(/(?:(state|kind|状态|类型)[:：])?(?:"([^"]*)"?|([^\s"]+))/giu)) {
    const value = (quoted ?? plain ?? '').toLowerCase()
    if (value === '') continue
    if (field === undefined) filter.words.push(value)
    else if (/^(kind|类型)$/i.test(field)) filter.kinds.push(value)
    else filter.states.push(stateNames[value] ?? value)
  }
  return filter
}

/**
 * `sentence` gives the words on the row's screen, so that what is read can be searched; `found` are the plugins one of
 * whose tools has the words.
 */
export function matches(
  plugin: Plugin,
  filter: PluginFilter,
  sentence: (plugin: Plugin) => string,
  found: ReadonlyMap<string, string>,
): boolean {
  if (filter.states.length > 0 && !filter.states.some((state) => hasState(plugin, state))) return false
  if (filter.kinds.length > 0 && !filter.kinds.includes(plugin.kind)) return false
  if (filter.words.length === 0 || found.has(plugin.id)) return true
  const { id, name, nameForModel, author, provider, description, version } = plugin
  const text = [id, name, nameForModel, author, provider, description, version].join('\n').toLowerCase()
  let shown: string | undefined
  return filter.words.every((word) => {
    if (text.includes(word)) return true
    shown ??= sentence(plugin).toLowerCase()
    return shown.includes(word)
  })
}

function hasState(plugin: Plugin, state: string): boolean {
  if (state === 'uninstalled') return !isInstalled(plugin)
  if (!isInstalled(plugin)) return false
  if (state === 'configuration') return needsConfiguration(plugin)
  if (state === 'update') return updateWaits(plugin)
  if (state === 'findings') return plugin.errorCount > 0
  return plugin.state === state
}
