import type { FindingCode } from '../../../../shared/contracts/plugin-finding-texts.ts'
import type { Finding, Repair } from '../../../../shared/contracts/plugin-findings.ts'
import type { ErrorDetails } from '../../../../shared/errors.ts'
import type { Document } from './document.ts'
import { limits } from './package-types.ts'

/** Where a node stands in its original document: made cheaply on the way down, written out only for a finding. */
export interface Spot {
  readonly file: string
  readonly up: Spot | null
  readonly key: string
}
export const rootSpot = (file: string): Spot => ({ file, up: null, key: '' })
export const below = (up: Spot, ...keys: readonly (string | number)[]): Spot =>
  keys.reduce<Spot>((spot, key) => ({ file: spot.file, up: spot, key: String(key) }), up)

export const escapeKey = (key: string) =>
  key.includes('/') || key.includes('~') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key
export const pointerKeys = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((key) => (key.includes('~') ? key.replaceAll('~1', '/').replaceAll('~0', '~') : key))

/** The JSON pointer of a spot. */
export function pointerOf(spot: Spot): string {
  const keys: string[] = []
  for (let at = spot; at.up !== null; at = at.up) keys.push(`/${escapeKey(at.key)}`)
  return keys.reverse().join('')
}

/** A finding about a file or a package as a whole. */
export const fileFinding = (
  severity: Finding['severity'],
  code: FindingCode,
  file: string,
  details: ErrorDetails = {},
): Finding => ({ severity, code, details, file, line: null, column: null, path: '', fixable: false })

/** Gathers what is found in the documents of one plugin, each finding at its place. */
export interface Report {
  readonly strict: boolean
  readonly findings: Finding[]
  readonly repairs: Repair[]
  add(severity: Finding['severity'], code: FindingCode, spot: Spot, details?: ErrorDetails): void
  /** Only upstream refuses this; it works here. */
  upstream(code: FindingCode, spot: Spot, details?: ErrorDetails): void
  /** Mended in the imported copy; upstream refuses it. `undefined`: nothing was there before, or is there now. */
  mend(code: FindingCode, spot: Spot, before: unknown, after: unknown, details?: ErrorDetails): void
  /** Like `mend`, told once elsewhere: only the change is listed. */
  changed(code: FindingCode, spot: Spot, before: unknown, after: unknown): void
  /** Line of a spot. */
  lineOf(spot: Spot): number | null
}

export function createReport(documents: ReadonlyMap<string, Document>, strict: boolean): Report {
  const findings: Finding[] = []
  const repairs: Repair[] = []
  // A finding and its repair ask for the same place one after the other.
  let last: { file: string; path: string; line: number | null; column: number | null } | null = null
  function place({ file }: Spot, path: string) {
    if (last === null || last.file !== file || last.path !== path)
      last = { file, path, ...(documents.get(file)?.locate(path) ?? { line: null, column: null }) }
    return last
  }
  function push(severity: Finding['severity'], code: FindingCode, spot: Spot, details: ErrorDetails, fixable: boolean) {
    // A hostile document must not fill the memory with complaints; `bounded` says that there are more.
    if (findings.length > limits.findings * 10) return
    const path = pointerOf(spot)
    const { line, column } = place(spot, path)
    findings.push({ severity, code, details: short(details), file: spot.file, line, column, path, fixable })
  }
  /** What has been written out of changes, in characters: a large part may be changed wherever it is referred to. */
  let written = 0
  function asText(value: unknown): string | null {
    if (value === undefined) return null
    if (written > limits.documentBytes * 2) return '…'
    const text = JSON.stringify(value) ?? ''
    written += text.length
    return text.slice(0, 2000)
  }
  function changed(code: FindingCode, spot: Spot, before: unknown, after: unknown) {
    if (repairs.length >= limits.findings * 10) return
    const path = pointerOf(spot)
    repairs.push({
      code,
      file: spot.file,
      line: place(spot, path).line,
      path,
      before: asText(before),
      after: asText(after),
    })
  }
  return {
    strict,
    findings,
    repairs,
    add: (severity, code, spot, details = {}) => push(severity, code, spot, details, false),
    upstream: (code, spot, details = {}) => push(strict ? 'error' : 'info', code, spot, details, false),
    mend(code, spot, before, after, details = {}) {
      push(strict ? 'error' : 'warning', code, spot, details, true)
      changed(code, spot, before, after)
    },
    changed,
    lineOf: (spot) => place(spot, pointerOf(spot)).line,
  }
}

/** Details come from the document: bounded before anybody shows them. */
const short = (details: ErrorDetails): ErrorDetails =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > 300 ? `${value.slice(0, 299)}…` : value,
    ]),
  )

const ranks = { error: 0, warning: 1, info: 2 }

/** Sorted by file and place; of too many the gravest stay, and a last one says how many more there are. */
export function bounded(findings: readonly Finding[]): Finding[] {
  const most = limits.findings
  const kept =
    findings.length <= most
      ? [...findings]
      : findings.toSorted((a, b) => ranks[a.severity] - ranks[b.severity]).slice(0, most - 1)
  kept.sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  )
  const more = findings.length - kept.length
  return more === 0 ? kept : [...kept, fileFinding('info', 'MORE_FINDINGS', '', { count: more })]
}
