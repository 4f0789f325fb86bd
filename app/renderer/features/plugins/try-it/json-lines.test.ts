import { expect, test } from 'vitest'
import { cpuMs } from '../../../../../tests/lib/cpu-time.ts'
import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { foldable, linesOf } from './json-lines.ts'

const value: Json = { city: 'Rome', days: [{ low: 3 }, {}], none: null, list: [] }
const written = (folded: ReadonlySet<string> = new Set()) =>
  linesOf(value, folded).map(({ depth, name, text, comma, count }) =>
    [`${'  '.repeat(depth)}${name === null ? '' : `${name}: `}${text}${comma ? ',' : ''}`, count || '']
      .join(' ')
      .trimEnd(),
  )

test('the lines together are the pretty JSON', () => {
  expect(written().join('\n')).toBe(JSON.stringify(value, null, 2))
})

test('what is folded is one line with the number of what is in it', () => {
  expect(written(new Set(['/days']))).toEqual([
    '{',
    '  "city": "Rome",',
    '  "days": […], 2',
    '  "none": null,',
    '  "list": []',
    '}',
  ])
  expect([...foldable(value, 1)]).toEqual(['/days', '/days/0'])
})

test('a value deeper than anybody reads neither ends the page nor unfolds', () => {
  let deep: Json = 1
  for (let level = 0; level < 5000; level++) deep = [deep]
  expect(linesOf(deep, new Set()).length).toBe(401)
})

test('a megabyte becomes lines at once', () => {
  const large = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `name ${id}` }))
  const since = cpuMs()
  expect(linesOf(large, new Set()).length).toBe(80_002)
  expect(cpuMs() - since).toBeLessThan(1000)
})
