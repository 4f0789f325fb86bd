import { expect, test } from 'vitest'
import type { Entry } from '../../../shared/contracts/audit.ts'
import { type AuditLines, addOlder, applyAudit, foldEnds, pageLength } from './audit-lines.ts'

const line = (sequence: number, outcome: Entry['outcome'] = 'done', ends: number | null = null): Entry => ({
  sequence,
  time: 0,
  actor: 'browser',
  action: 'service.restart',
  target: 'service db',
  targetId: 'db',
  before: null,
  after: null,
  outcome,
  ends,
  code: null,
  hash: '',
})
const newest = (from: number, count: number) => Array.from({ length: count }, (_, index) => line(from - index))
const nothing: AuditLines = { entries: [], whole: true }
const brief = ({ entries, whole }: AuditLines) => [
  entries.length,
  entries[0]?.sequence,
  entries.at(-1)?.sequence,
  whole,
]

test('pages join without repeating a line, until nothing older is left', () => {
  const first = applyAudit(nothing, { kind: 'snapshot', entries: newest(120, pageLength) })
  const live = applyAudit(first, { kind: 'appended', entry: line(121) })
  const second = addOlder(live, newest(72, pageLength))
  const last = addOlder(second, newest(22, 22))
  expect([first, live, second, last].map(brief)).toEqual([
    [50, 120, 71, false],
    [51, 121, 71, false],
    [99, 121, 23, false],
    [121, 121, 1, true],
  ])
})

test('after a reconnect the list begins anew', () => {
  const first = applyAudit(nothing, { kind: 'snapshot', entries: newest(120, pageLength) })
  expect(brief(applyAudit(first, { kind: 'snapshot', entries: newest(3, 3) }))).toEqual([3, 3, 1, true])
})

test('a beginning is one row with its end; one without an end stays', () => {
  const entries = [line(5, 'started'), line(4, 'failed', 2), line(3), line(2, 'started'), line(1, 'started')]
  expect(foldEnds(entries).map(({ sequence }) => sequence)).toEqual([5, 4, 3, 1])
})
