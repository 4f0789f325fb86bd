import type { Key } from '../../../shared/contracts/keys.ts'
import { vendorNames } from './key-words.ts'

/** What the filter field understood. Words must all match; several values of one field widen each other. */
export interface KeyFilter {
  readonly words: readonly string[]
  readonly states: readonly string[]
  readonly vendors: readonly string[]
  readonly tiers: readonly string[]
}

/** The states that can be asked for, in English and Chinese; what they mean stands in `hasState`. */
const stateNames: Record<string, string> = {
  ready: 'ready',
  可用: 'ready',
  cooling: 'cooling',
  冷却: 'cooling',
  冷却中: 'cooling',
  benched: 'benched',
  暂停: 'benched',
  'bad-key': 'bad-key',
  bad: 'bad-key',
  无效: 'bad-key',
  quota: 'quota',
  欠费: 'quota',
  budget: 'budget',
  预算: 'budget',
  broken: 'broken',
  熔断: 'broken',
  disabled: 'disabled',
  off: 'disabled',
  停用: 'disabled',
  已停用: 'disabled',
  expired: 'expired',
  过期: 'expired',
  已过期: 'expired',
  failing: 'failing',
  故障: 'failing',
}
const fieldNames: Record<string, 'states' | 'vendors' | 'tiers'> = {
  state: 'states',
  状态: 'states',
  vendor: 'vendors',
  厂商: 'vendors',
  tier: 'tiers',
  层级: 'tiers',
}

/** Reads `qwen state:cooling vendor:aliyun tier:backup`. A word that is no known field is looked for as it is written. */
export function parseFilter(text: string): KeyFilter {
  const filter = { words: [] as string[], states: [] as string[], vendors: [] as string[], tiers: [] as string[] }
  const parts = text.matchAll(/(?:(state|vendor|tier|状态|厂商|层级)[:：])?(?:"([^"]*)"?|([^\s"]+))/giu)
  for (const [, field, quoted, plain] of parts) {
    const value = (quoted ?? plain ?? '').toLowerCase()
    if (value === '') continue
    const into = field === undefined ? 'words' : (fieldNames[field.toLowerCase()] ?? 'words')
    filter[into].push(into === 'states' ? (stateNames[value] ?? value) : value)
  }
  return filter
}

/** `sentence` gives the words on the row's screen, so that what is read can be searched. */
export function matches(key: Key, filter: KeyFilter, sentence: (key: Key) => string): boolean {
  if (filter.states.length > 0 && !filter.states.some((state) => hasState(key, state))) return false
  if (filter.vendors.length > 0 && !filter.vendors.includes(key.vendor)) return false
  if (filter.tiers.length > 0 && !filter.tiers.includes(key.tier.toLowerCase())) return false
  const { id, name, vendor, service, tier, maskedSecret, baseUrl } = key
  const text = [id, name, vendor, vendorNames[vendor], service, tier, maskedSecret, baseUrl].join('\n').toLowerCase()
  let shown: string | undefined
  return filter.words.every((word) => {
    if (text.includes(word)) return true
    shown ??= sentence(key).toLowerCase()
    return shown.includes(word)
  })
}

function hasState({ state }: Key, wanted: string): boolean {
  if (wanted === 'failing') return state.kind === 'benched' || state.kind === 'broken' || state.kind === 'expired'
  return state.kind === wanted || (state.kind === 'benched' && state.reason === wanted)
}
