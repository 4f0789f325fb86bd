import { expect, test } from 'vitest'
import { fromJson } from '../../../lib/json.ts'
import type { Json } from '../packages/package-types.ts'
import { compareAnswers, compareCutAnswer } from './compare-answers.ts'

const now = Date.parse('2026-05-04T12:00:00Z')
const compare = (before: Json, after: Json) => {
  const { different, differences } = compareAnswers(before, after, now)
  return [different, ...differences.map(({ path, before: was, after: is }) => `${path} ${was} → ${is}`)]
}

test.each<[string, Json, Json, unknown[]]>([
  ['the same', { a: [1, { b: null }] }, { a: [1, { b: null }] }, [false]],
  ['another order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }, [false]],
  ['the same numbers, written otherwise', fromJson('[1.0, 1e2, -0]') as Json, [1, 100, 0], [false]],
  ['another value', { city: { name: 'Oslo' } }, { city: { name: 'Bergen' } }, [true, '/city/name "Oslo" → "Bergen"']],
  ['another type', { n: 1, m: [] }, { n: '1', m: {} }, [true, '/m [] → {}', '/n 1 → "1"']],
  ['nothing in place of something', { a: 1 }, { a: null }, [true, '/a 1 → null']],
  ['fields that came and went', { a: 1, c: 3 }, { b: [2], c: 3 }, [true, '/a 1 → null', '/b null → [2]']],
  ['lists by index', [1, 2, 3], [1, 3], [true, '/1 2 → 3', '/2 3 → null']],
  ['the answer as a whole', [1], { a: 1 }, [true, ' [1] → {"a":1}']],
  ['names that a pointer escapes', { 'a/b~c': 1 }, { 'a/b~c': 2 }, [true, '/a~1b~0c 1 → 2']],
  [
    'names of every object',
    { constructor: 1 },
    fromJson('{"__proto__": 1}') as Json,
    [true, '/__proto__ null → 1', '/constructor 1 → null'],
  ],
])('%s', (_, before, after, expected) => expect(compare(before, after)).toEqual(expected))

test.each<[string, Json, Json]>([
  ['times', { at: '2026-05-01T10:00:00Z' }, { at: '2026-05-04T10:00:00.123+02:00' }],
  ['dates of HTTP', ['Fri, 01 May 2026 10:00:00 GMT'], ['Mon, 04 May 2026 10:00:00 GMT']],
  ['random ids', { id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8' }, { id: '6BA7B811-9DAD-11D1-80B4-00C04FD430C8' }],
  ['clocks in seconds', { t: now / 1000 - 500_000 }, { t: now / 1000 - 5 }],
  ['clocks in milliseconds', { t: now - 500_000_000 }, { t: now + 5000 }],
  [
    'names of the call itself',
    { requestId: 'a1', 'X-Trace-Id': 7, log_id: 'x' },
    { requestId: 'b2', 'X-Trace-Id': 8, log_id: 'y' },
  ],
])('%s are listed and do not count', (_, before, after) => {
  const { different, differences } = compareAnswers(before, after, now)
  expect([different, differences.length]).toEqual([false, Object.keys(before as object).length])
})

test.each<[string, Json, Json]>([
  ['a time that became a word', { at: '2026-05-01T10:00:00Z' }, { at: 'yesterday' }],
  ['a request id of another type', { requestId: 'a' }, { requestId: 1 }],
  ['a request id that is gone', { requestId: 'a' }, {}],
  ['a day, which may be what was asked for', { day: '2026-05-01' }, { day: '2026-05-04' }],
  ['numbers that are no clock', { price: 1_000_000_000 }, { price: 1_200_000_000 }],
  ['a duration, which may be a song’s', { duration_ms: 1000 }, { duration_ms: 2000 }],
])('%s counts', (_, before, after) => expect(compareAnswers(before, after, now).different).toBe(true))

test('what counts is listed first, at most 100, in the order of the answer', () => {
  const list = (value: (i: number) => Json) => Array.from({ length: 150 }, (_, i) => value(i))
  const before = { ids: list((i) => ({ request_id: `${i}` })), last: 1, rows: list((i) => i) }
  const after = { ids: list((i) => ({ request_id: `new ${i}` })), last: 2, rows: list((i) => (i < 20 ? -i - 1 : i)) }
  const { different, differences } = compareAnswers(before, after, now)
  const paths = differences.map(({ path }) => path)
  expect([different, paths.length, paths[0], paths[78], paths[79], paths[99]]).toEqual([
    ...[true, 100, '/ids/0/request_id', '/ids/78/request_id', '/last', '/rows/19'],
  ])
  expect(
    compareAnswers(
      [],
      list((i) => i),
      now,
    ).differences.length,
  ).toBe(100)
})

test('long values are cut, and deep or large ones cost nothing', () => {
  let deep: Json = 1
  for (let i = 0; i < 20_000; i++) deep = [deep]
  const large = Array.from({ length: 300_000 }, (_, i) => ({ i }))
  const nested = compareAnswers(deep, { deep }, now).differences[0]!
  expect([nested.path, nested.before!.length, compareAnswers({ a: deep }, { a: deep }, now).different]).toEqual([
    '',
    500,
    false,
  ])
  const long = compareAnswers({ a: 'x'.repeat(10_000) }, { a: large }, now).differences[0]!
  expect([long.before!.length, long.before!.slice(-2), long.after!.slice(0, 17)]).toEqual([
    500,
    'x…',
    '[{"i":0},{"i":1},',
  ])
})

test('a masked secret equals what it was, and no new one is shown', () => {
  expect(
    compare({ token: '***', url: 'https://u:***@h/***?a=1' }, { token: 'abc', url: 'https://u:p@h/x/y?a=1' }),
  ).toEqual([false])
  expect(compare({ key: 'sk-***' }, { key: 'pk-abc' })).toEqual([true, '/key "***" → "***"'])
  expect(compare({ n: '***' }, {})).toEqual([true, '/n "***" → null'])
  expect(compare({}, { user: { password: 'hunter2' }, note: 'Bearer abcdefghijkl' })).toEqual([
    ...[true, '/note null → "Bearer ***"', '/user null → {"password":"***"}'],
  ])
})

test('of an answer that was not recorded whole, the beginning is compared', () => {
  expect([compareCutAnswer('{"a":[1,2', { a: [1, 2, 3] }), compareCutAnswer('{"a":[1,9', { a: [1, 2] })]).toEqual([
    { different: false, differences: [] },
    { different: true, differences: [{ path: '', before: '{"a":[1,9', after: '{"a":[1,2]}' }] },
  ])
})
