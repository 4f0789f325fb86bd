import { expect, test } from 'vitest'
import { parseJson } from './json-text.ts'

const mistake = (text: string) => {
  const parsed = parseJson(text)
  return parsed.ok ? 'right' : `${parsed.mistake.line}:${parsed.mistake.column} ${parsed.mistake.words.slice(6)}`
}

test('a mistake is told with its line, its column and what is wrong there', () => {
  expect(
    Object.fromEntries(
      [
        '{"a": 1}',
        '',
        '{"a": 1,}',
        '{\n  "a": 1\n  "b": 2\n}',
        '{\n  a: 1\n}',
        '{"a" 1}',
        '{"a": tru}',
        '{"a": "x\n"}',
        '[1, 2',
        '{"a": 1} x',
        "{'a': 1}",
        '[1, 2,\n]',
        '{"a": [1, {"b": }]}',
      ].map((text) => [text, mistake(text)]),
    ),
  ).toEqual({
    '{"a": 1}': 'right',
    '': '1:1 jsonEnds',
    '{"a": 1,}': '1:9 jsonTrailing',
    '{\n  "a": 1\n  "b": 2\n}': '3:3 jsonComma',
    '{\n  a: 1\n}': '2:3 jsonName',
    '{"a" 1}': '1:6 jsonColon',
    '{"a": tru}': '1:7 jsonValue',
    '{"a": "x\n"}': '1:7 jsonString',
    '[1, 2': '1:6 jsonEnds',
    '{"a": 1} x': '1:10 jsonMore',
    "{'a': 1}": '1:2 jsonName',
    '[1, 2,\n]': '2:1 jsonTrailing',
    '{"a": [1, {"b": }]}': '1:17 jsonValue',
  })
})

test('brackets without end do not end the page', () => {
  expect(mistake('['.repeat(200_000))).toBe('1:200001 jsonEnds')
})

test('whole numbers that lose digits are named, digits in texts are not', () => {
  expect(parseJson('{"id": 7340021234567890123, "text": "7340021234567890123", "ok": 9007199254740992}')).toMatchObject(
    {
      inexact: ['7340021234567890123'],
    },
  )
})
