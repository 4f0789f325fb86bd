import type { KeyDetails, ModelMapping } from '../../../shared/contracts/keys.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { KeyUses } from './key-use.ts'
import type { KeyRegistry } from './registry.ts'

/** Tests, models and hours of one key: now, and whenever something about it is published. Fails with KEY_NOT_FOUND. */
export function followDetails(
  { registry, uses }: { readonly registry: KeyRegistry; readonly uses: KeyUses },
  id: string,
  emit: Emit<KeyDetails>,
): Unsubscribe {
  registry.find(id)
  const present = (): KeyDetails => {
    const { models, formerModels, modelMapping } = registry.find(id)
    const tests = registry.rows.tests(id)
    // Only the newest list is kept whole: fifty of them would be most of what a page is sent.
    const newest = tests.findIndex(({ ok }) => ok)
    return {
      id,
      tests: tests.map((test, i) => ({ ...test, models: i === newest && models !== null ? [...models] : null })),
      models: formerModels === null ? { added: [], gone: [] } : difference(formerModels, models ?? [], modelMapping),
      hours: uses.hours(id),
    }
  }
  emit(present())
  return registry.onDetails((changed) => {
    if (changed === id && registry.get(id)) void emit(present())
  })
}

/** Compared without regard to case; what is gone is named with the names that callers have for it. */
export function difference(
  before: readonly string[],
  after: readonly string[],
  mapping: ModelMapping,
): KeyDetails['models'] {
  const names = (list: readonly string[]) => new Set(list.map((id) => id.toLowerCase()))
  const [had, has] = [names(before), names(after)]
  return {
    added: after.filter((id) => !had.has(id.toLowerCase())),
    gone: before.filter((id) => !has.has(id.toLowerCase())).map((id) => withNames(id, mapping)),
  }
}

/** A model as the vendor names it, after the names that are mapped to it: `small, gpt-4o-mini → qwen-flash`. */
export function withNames(model: string, mapping: ModelMapping): string {
  const asked = Object.keys(mapping).filter((name) => mapping[name]!.toLowerCase() === model.toLowerCase())
  return asked.length === 0 ? model : `${asked.join(', ')} → ${model}`
}
