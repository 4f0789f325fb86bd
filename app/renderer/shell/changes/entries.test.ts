import { expect, test } from 'vitest'
import type { Entry } from '../../../shared/contracts/audit.ts'
import { detailOf, mergeEntries, targetName, withoutStarts } from './entries.ts'

const entry = (sequence: number, action: string, outcome: Entry['outcome'], given: Partial<Entry> = {}): Entry => ({
  sequence,
  time: sequence,
  actor: 'browser',
  action,
  target: 'service db',
  targetId: 'db',
  before: null,
  after: null,
  outcome,
  ends: null,
  code: null,
  hash: '',
  ...given,
})
const brief = (entries: readonly Entry[]) => entries.map(({ sequence, outcome }) => `${sequence} ${outcome}`)

test('a start is shown only while its end is not there', () => {
  const entries = mergeEntries(
    [entry(4, 'service.stop', 'started'), entry(3, 'service.restart', 'done', { ends: 2 })],
    [
      entry(1, 'environment.reveal', 'done'),
      entry(2, 'service.restart', 'started'),
      entry(3, 'service.restart', 'done', { ends: 2 }),
    ],
  )
  expect(brief(entries)).toEqual(['4 started', '3 done', '2 started', '1 done'])
  expect(brief(withoutStarts(entries))).toEqual(['4 started', '3 done', '1 done'])
})

test('an entry is told by its name and what is special about it', () => {
  const told = [
    entry(1, 'service.rename', 'done', { after: '{"name":"db2"}' }),
    entry(2, 'environment.reveal', 'done', { after: '{"variables":["A","B"]}' }),
    entry(3, 'service.setRestartPolicy', 'done', { after: '{"policy":{"name":"always","maximumRetryCount":0}}' }),
    entry(4, 'store.startEmpty', 'done', { target: 'database', after: 'no json' }),
  ]
  expect(told.map((one) => `${targetName(one)}: ${detailOf(one)}`)).toEqual([
    'db: db2',
    'db: A, B',
    'db: always',
    'database: ',
  ])
})
