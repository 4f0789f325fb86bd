import { expect, test } from 'vitest'
import { job } from '../../../../../tests/lib/job-samples.ts'
import type { JobRow } from '../../../../shared/contracts/gateway.ts'
import { heldRows } from './held-rows.ts'
import { jsonOf, picturesOf } from './job-output.ts'

const row = (id: string, at: number, change: Partial<JobRow> = {}) => job(id, { at, ...change })
const brief = (held: readonly JobRow[], jobs: readonly JobRow[], total = jobs.length) => {
  const { rows, left, newer } = heldRows(held, { jobs: [...jobs], total })
  return [rows.map(({ id, state }) => `${id} ${state}`).join(', '), [...left], newer]
}

test('rows stand where a reader met them, each as it is now, and what is newer waits', () => {
  const held = [row('c', 3), row('b', 2, { state: 'running' })]
  const told = [row('e', 4), row('d', 3), row('c', 3), row('b', 2, { state: 'failed' }), row('a', 1)]
  expect(brief([], told)[0]).toBe('e succeeded, d succeeded, c succeeded, b failed, a succeeded')
  expect(brief(held, told)).toEqual(['c succeeded, b failed, a succeeded', [], 2])
})

test('one that left the state that is looked at says so; one that newer ones pushed out of sight does not', () => {
  const held = [row('d', 4), row('c', 3), row('b', 2)]
  const newest = [row('e', 5), row('d', 4)]
  expect(brief(held, [row('d', 4), row('b', 2)])).toEqual(['d succeeded, c succeeded, b succeeded', ['c'], 0])
  expect(brief(held, newest, 9)).toEqual(['d succeeded, c succeeded, b succeeded', [], 1])
  expect(brief(held, newest)).toEqual(['d succeeded, c succeeded, b succeeded', ['c', 'b'], 1])
})

test('pictures have an address that opens, a size, or the reason why they did not come', () => {
  const failures = [{ index: 4, code: 'DataInspectionFailed', message: 'not that' }, {}]
  const data = [{ url: 'https://a.test/1.png' }, { url: 'javascript:alert(1)' }, { b64_json: 'aGVsbG8=' }, {}, null]
  expect(picturesOf({ data, failures })).toEqual({
    pictures: [
      { kind: 'address', address: 'https://a.test/1.png', opens: 'https://a.test/1.png' },
      { kind: 'address', address: 'javascript:alert(1)', opens: null },
      { kind: 'content', bytes: 5 },
      { kind: 'failed', reason: 'not that · DataInspectionFailed' },
      { kind: 'failed', reason: '' },
    ],
    total: 5,
  })
  const many = Array.from({ length: 60 }, () => ({ url: 'https://a.test/1.png' }))
  const { pictures, total } = picturesOf({ data: many })
  expect([pictures.length, total, picturesOf(null).total, picturesOf({ data: 'x', failures: 1 }).total]).toEqual([
    ...[50, 60, 0, 0],
  ])
})

test('an output of any size is drawn in part and copied whole', () => {
  const large = { data: [{ b64_json: 'A'.repeat(3_000_000) }] }
  const [long, wide, small] = [jsonOf(large), jsonOf(Array.from({ length: 9000 }, (_, at) => at)), jsonOf({ a: 1 })]
  expect(long.drawn).toBe(JSON.stringify({ data: [{ b64_json: `${'A'.repeat(200)}…` }] }, null, 2))
  expect(JSON.parse(long.whole)).toEqual(large)
  expect([wide.drawn.length, JSON.parse(wide.whole).length, small.drawn]).toEqual([20_001, 9000, small.whole])
})
