import type { Candidate, FeatureRules } from '../../../shared/contracts/routing.ts'

/** One line of a difference. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Rules one fact a line, for comparing; the words are those of the YAML. */
export const linesOf = ({ description, strategy, candidates }: FeatureRules): readonly string[] => [
  `description: ${description}`,
  `strategy: ${strategy}`,
  ...candidates.map(candidateLine),
]

export const candidateLine = ({ vendor, service, model, tier, weight }: Candidate): string =>
  `${vendor} · ${service} · ${model} · tier ${tier ?? '–'} · weight ${weight}`

/** What was taken out and what was put in, in the order of the text; what both have in common is kept as `same`. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  const shortest = Math.min(before.length, after.length) - start
  while (end < shortest && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [
    ...before.slice(0, start).map(same),
    ...differing(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}

/** By the longest common subsequence: at most 1,002 lines each, so a million steps at worst. */
function differing(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j
      longest[at] = a[i] === b[j] ? longest[at + width + 1]! + 1 : Math.max(longest[at + width]!, longest[at + 1]!)
    }
  }
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const at = i * width + j
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]! })
      i++
      j++
    } else if (j >= b.length || (i < a.length && longest[at + width]! >= longest[at + 1]!)) {
      lines.push({ kind: 'removed', text: a[i++]! })
    } else lines.push({ kind: 'added', text: b[j++]! })
  }
  return lines
}

/** Lines that changed, each with its neighbours; a gap stands for what was left out. */
export function hunks(lines: readonly DiffLine[], around = 1): readonly (DiffLine | 'gap')[] {
  const shown = new Set<number>()
  lines.forEach(({ kind }, at) => {
    if (kind === 'same') return
    for (let near = at - around; near <= at + around; near++) shown.add(near)
  })
  const parts: (DiffLine | 'gap')[] = []
  lines.forEach((line, at) => {
    if (shown.has(at)) parts.push(line)
    else if (parts.at(-1) !== 'gap' && parts.length > 0) parts.push('gap')
  })
  return parts.at(-1) === 'gap' ? parts.slice(0, -1) : parts
}
