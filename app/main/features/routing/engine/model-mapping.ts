import type { Candidate, Choice } from '../../../../shared/contracts/routing.ts'
import type { EngineKey } from './engine-types.ts'

/** What the vendor calls the model, by the mapping of the key that is asked; names are the same whatever their case. */
export function vendorModelOf({ modelMapping }: Pick<EngineKey, 'modelMapping'>, model: string): string {
  const lower = model.toLowerCase()
  const asked = Object.keys(modelMapping).find((name) => name.toLowerCase() === lower)
  return asked === undefined ? model : modelMapping[asked]!
}
/** The same of a choice, which tells it itself. */
export const askedOf = ({ model, vendorModel = model }: Pick<Choice, 'model' | 'vendorModel'>): string => vendorModel

/** A candidate under a name that some keys map to its model. */
export interface MappedCandidate {
  readonly candidate: Candidate
  /** As the route lists it. */
  readonly listed: Candidate
  readonly keys: readonly EngineKey[]
}

/**
 * The names that keys, by their service, map to the models of these candidates. A name that is listed for the same service
 * is left to the list: then every key of the service stands for it.
 */
export function mappedCandidates(
  candidates: readonly Candidate[],
  keys: ReadonlyMap<string, readonly EngineKey[]>,
): readonly MappedCandidate[] {
  const listed = new Set(candidates.map(nameOf))
  const found = new Map<string, MappedCandidate & { readonly keys: EngineKey[] }>()
  const names = Map.groupBy(
    [...keys.values()]
      .flat()
      .flatMap((key) =>
        Object.entries(key.modelMapping).map(([asked, model]) => ({ asked, key, of: nameOf({ ...key, model }) })),
      ),
    ({ of }) => of,
  )
  for (const one of candidates) {
    for (const { asked, key } of names.get(nameOf(one)) ?? []) {
      const candidate = { ...one, model: asked }
      const name = nameOf(candidate)
      if (listed.has(name)) continue
      const known = found.get(name) ?? { candidate, listed: one, keys: [] }
      found.set(name, known)
      if (known.listed === one) known.keys.push(key)
    }
  }
  return [...found.values()]
}
const nameOf = ({ vendor, service, model }: Pick<Candidate, 'vendor' | 'service' | 'model'>) =>
  `${vendor}/${service}/${model.toLowerCase()}`
