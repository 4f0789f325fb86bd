import type { Entry } from '../../../shared/contracts/audit.ts'

/** Newest first, each line once. */
export function mergeEntries(known: readonly Entry[], fresh: readonly Entry[]): readonly Entry[] {
  const bySequence = new Map([...known, ...fresh].map((entry) => [entry.sequence, entry]))
  return [...bySequence.values()].sort((a, b) => b.sequence - a.sequence)
}

/** The trail has a line for the start and one for the end of what takes time; the end alone tells it all. */
export function withoutStarts(entries: readonly Entry[]): readonly Entry[] {
  const ended = new Set(entries.map(({ ends }) => ends))
  return entries.filter(({ sequence }) => !ended.has(sequence))
}

/** "service db" is what the trail calls it; on screen the name is enough. */
export const targetName = ({ target }: Entry): string => target.replace(/^\w+ (?=\S)/, '')

/** What the line says beyond its action: the new name, the network, the revealed variables. */
export function detailOf(entry: Entry): string {
  const { after } = entry
  if (after === null) return ''
  try {
    const { name, network, policy, variables, signal } = JSON.parse(after) as Record<string, unknown>
    if (Array.isArray(variables)) return variables.join(', ')
    if (typeof policy === 'object' && policy !== null && 'name' in policy) return String(policy.name)
    const value = name ?? network ?? signal
    return typeof value === 'string' && value !== targetName(entry) ? value : ''
  } catch {
    return ''
  }
}
