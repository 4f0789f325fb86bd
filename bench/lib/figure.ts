/** One measured figure: all its runs, and what stands beside it. */
export interface Figure {
  readonly name: string
  readonly unit: string
  readonly runs: readonly number[]
  /** Where the same run also measured something to compare with. */
  readonly reference?: { readonly name: string; readonly runs: readonly number[] }
  /** Upper limit from the targets, in the same unit; null for a figure that only informs. */
  readonly target: number | null
  /** What a reader must know to trust or repeat it. */
  readonly note?: string
}

export const median = (runs: readonly number[]): number => {
  const sorted = [...runs].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const round = (value: number): number => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))

export interface Row {
  readonly figure: string
  readonly unit: string
  readonly median: number
  readonly min: number
  readonly max: number
  readonly reference: string | null
  readonly referenceMedian: number | null
  /** Ours divided by the reference's. */
  readonly ratio: number | null
  readonly target: number | null
  readonly held: boolean | null
  readonly note: string | null
}

export function rowOf(figure: Figure): Row {
  const ours = median(figure.runs)
  const theirs = figure.reference ? median(figure.reference.runs) : null
  return {
    figure: figure.name,
    unit: figure.unit,
    median: round(ours),
    min: round(Math.min(...figure.runs)),
    max: round(Math.max(...figure.runs)),
    reference: figure.reference?.name ?? null,
    referenceMedian: theirs === null ? null : round(theirs),
    ratio: !theirs ? null : Number((ours / theirs).toPrecision(2)),
    target: figure.target,
    held: figure.target === null ? null : ours <= figure.target,
    note: figure.note ?? null,
  }
}

export function printTable(rows: readonly Row[]): void {
  const cells = rows.map((row) => [
    row.figure,
    `${row.median} ${row.unit}`,
    `${row.min} – ${row.max}`,
    row.reference ? `${row.reference}: ${row.referenceMedian}` : '',
    row.ratio === null ? '' : `${row.ratio} ×`,
    row.target === null ? '' : `≤ ${row.target}`,
    row.held === null ? '' : row.held ? 'held' : 'MISSED',
  ])
  const head = ['figure', 'median', 'spread', 'reference', 'ratio', 'target', '']
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]!.length)))
  for (const line of [head, widths.map((width) => '-'.repeat(width)), ...cells]) {
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
  }
}
