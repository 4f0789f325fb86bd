import { expect, test } from 'vitest'
import { readDocument } from './document.ts'

const codes = (text: string, file = 'a.yaml') =>
  readDocument(file, text).findings.map(({ code, line, column }) => `${code} ${line}:${column}`)

test('the place of a node is the same for JSON and YAML: the line of its key', () => {
  const json = `{\n  "a": [1, {"b": "x"}],\n  "c/d": {"\\u0065": null}\n}`
  const yaml = 'a:\n  - 1\n  - b: x\n"c/d":\n  e:\n'
  const places = (text: string) =>
    ['/a', '/a/1/b', '/c~1d/e', '/a/7', '/nowhere'].map((at) => readDocument('x', text).locate(at))
  expect([places(json), places(yaml)]).toEqual([
    [
      { line: 2, column: 3 },
      { line: 2, column: 13 },
      { line: 3, column: 11 },
      { line: 2, column: 3 },
      { line: 1, column: 1 },
    ],
    [
      { line: 1, column: 1 },
      { line: 3, column: 5 },
      { line: 5, column: 3 },
      { line: 1, column: 1 },
      { line: 1, column: 1 },
    ],
  ])
})

test('a duplicate key is found in both notations, and the last one counts', () => {
  const json = readDocument('a.json', '{"a": 1,\n "b": {"a": 2, "a": 3}, "a": 4}')
  const yaml = readDocument('a.yaml', 'a: 1\nb: 2\na: 3\n')
  expect([json.value, json.findings.map(({ line, column }) => [line, column])]).toEqual([
    { a: 4, b: { a: 3 } },
    [
      [2, 16],
      [2, 25],
    ],
  ])
  expect([yaml.value, codes('a: 1\nb: 2\na: 3\n')]).toEqual([{ a: 3, b: 2 }, ['KEY_DUPLICATE 3:1']])
})

test('what is wrong with the notation is said at its place', () => {
  expect({
    several: codes('b: }\nc: ]\n').length > 1,
    tab: codes('a:\n\tb: 1\n'),
    empty: codes(''),
    documents: codes('a: 1\n---\nb: 2\n'),
    collection: codes('? [a]\n: 1\n'),
    unknown: codes('a: *b\n'),
    inside: codes('a: &x\n  b: *x\n'),
    json: codes('{"a": 1,,\n}', 'a.json'),
    cut: codes('{"a": [1, 2', 'a.json'),
    lenient: codes('{"a": 1,\n}', 'a.json'),
  }).toEqual({
    several: true,
    tab: ['YAML_TAB 2:1'],
    empty: ['DOCUMENT_EMPTY 1:1'],
    documents: ['YAML_SEVERAL_DOCUMENTS 2:1'],
    collection: ['KEY_NOT_TEXT 1:3'],
    unknown: ['YAML_ALIAS_UNKNOWN 1:4'],
    inside: ['YAML_ALIAS_UNKNOWN 2:6'],
    json: ['JSON_SYNTAX 1:9'],
    cut: ['JSON_SYNTAX 1:12'],
    lenient: ['JSON_LENIENT 2:1'],
  })
})

test('aliases share, merge keys fill gaps, and a bomb of aliases is refused', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 9; i++)
    bomb.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    )
  expect(readDocument('a', 'base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\n').value).toEqual({
    base: { x: 1, y: 2 },
    one: { x: 1, y: 3 },
  })
  expect(codes(bomb.join('\n'))).toEqual(['YAML_ALIAS_BOMB 5:10'])
})

test('what nests too deep is refused in every notation', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const block = (levels: number) => `${'- '.repeat(levels)}x`
  expect([
    codes(deep(201)),
    codes(deep(200)),
    codes(`a: ${deep(250)}`),
    codes(block(300)),
    codes(`a: ${deep(100_000)}`).map((code) => code.split(' ')[0]),
    codes(block(50_000)).map((code) => code.split(' ')[0]),
  ]).toEqual([
    ['DOCUMENT_TOO_DEEP 1:201'],
    [],
    ['DOCUMENT_TOO_DEEP 1:204'],
    ['DOCUMENT_TOO_DEEP 1:403'],
    ['DOCUMENT_TOO_DEEP'],
    ['DOCUMENT_TOO_DEEP'],
  ])
})

test('ids of 64 bits keep their digits, keys are text, and no key is special', () => {
  const { value } = readDocument('a', 'id: 7376228190244618278\n200: yes\n__proto__: {x: 1}\n', {
    longNumbersAsText: true,
  })
  expect(JSON.stringify(value)).toBe('{"200":"yes","id":"7376228190244618278","__proto__":{"x":1}}')
})
