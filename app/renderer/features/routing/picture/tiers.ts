import type { Column } from './arrange.ts'

/** The tiers that everybody knows and nobody is in, so that a card can be put there without typing a name. */
export const missingTiers = (columns: readonly Column[]): readonly string[] =>
  ['primary', 'backup'].filter((known) => !columns.some(({ tier }) => tier === known))

/** The tier to the left (-1) or right (1): a column, or the known one that would stand there; null at the edge. */
export function tierBeside(columns: readonly Column[], column: Column, by: -1 | 1): string | null {
  const tried = columns.flatMap(({ tier }) => (tier === null ? [] : [tier]))
  // What has no key stands right of all tiers, wherever it would be tried.
  const at = column.tier === null ? tried.length : tried.indexOf(column.tier)
  const beside = tried[at + by]
  if (beside !== undefined) return beside
  const missing = missingTiers(columns)
  if (by < 0) return column.tier !== 'primary' && missing.includes('primary') ? 'primary' : null
  return column.tier === 'primary' && missing.includes('backup') ? 'backup' : null
}
