import type { Finding } from '../../../../shared/contracts/plugin-findings.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import type { Tone } from '../../../ui/ToneMark.tsx'

/** Worst first. */
export const severities = ['error', 'warning', 'info'] as const
export type Severity = Finding['severity']
export const tones: Readonly<Record<Severity, Tone>> = { error: 'fail', warning: 'warn', info: 'info' }
export const severityWords: Readonly<Record<Severity, TextKey>> = {
  error: 'plugins.countErrors',
  warning: 'plugins.countWarnings',
  info: 'plugins.countNotes',
}

/** Worst first, each severity once, in the order in which they were found. */
export function bySeverity(findings: readonly Finding[]): readonly (readonly [Severity, readonly Finding[]])[] {
  const groups = Map.groupBy(findings, ({ severity }) => severity)
  return severities.flatMap((severity) => {
    const own = groups.get(severity)
    return own ? [[severity, own] as const] : []
  })
}

/** "plugin_meta.yaml:12:5", as editors and compilers write a place; the pointer where there is no line. */
export function placeOf({ file, line, column, path }: Pick<Finding, 'file' | 'line' | 'column' | 'path'>): string {
  const at = [file, line, line === null ? null : column].filter((part) => part !== null && part !== '').join(':')
  return at === '' ? path : at
}

/** The part of a line that a squiggle marks: the word at the column, or the line without its margins. */
export function markedPart(text: string, column: number | null): readonly [from: number, to: number] {
  const trimmed: readonly [number, number] = [text.length - text.trimStart().length, text.trimEnd().length]
  if (column === null || column > text.length) return trimmed
  const word = /^(?:"(?:[^"\\]|\\.)*"|[\p{L}\p{N}_$.{}/@-]+|\S)/u.exec(text.slice(column - 1))
  return word ? [column - 1, column - 1 + word[0].length] : trimmed
}
