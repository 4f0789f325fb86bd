import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { mutateLines, seededRandom } from '../../../../../tests/lib/package-mutations.ts'
import { texts } from '../../../../../tests/lib/package-samples.ts'
import { differenceOfReaders } from '../../../../../tests/lib/yaml-readers.ts'
import { parseUsualYaml } from './usual-yaml.ts'

const everything = `---
# what is usual
a: 1
b:
  - x
  - y: [1, 'two', "thr\\u0065e", {k: v, "q":1}]
    z: {a: b, c: [d, e]}
  -
  - - 1
    - - n
c: |
  literal
    more
     
  end

d: >-

  folded
  text

   indented

  end
e: "double \\n \\
  escaped \\x41
  folded

  \\"twice\\""
f: 'single it''s
   more'
g: plain text
  on lines

  with a gap
h:
- same column
- indent: yes
  k: ~
i: # a comment
  # and another
  j: null
k: [-1.5e3, 007, 1_000, .inf, 2024-01-01, yes, +12, 7376228190244618278]
l: [
  a,
  b,
]
m: {}
n :   spaced   # tail
"o": []
'p q': http://host:80/a#b
`

test('usual YAML is read as the library reads it: values, places and double keys', () => {
  expect(differenceOfReaders(everything)).toBe(null)
  expect(differenceOfReaders(everything.replaceAll('\n', '\r\n'), { longNumbersAsText: true })).toBe(null)
  expect(differenceOfReaders('a: {b: 1, b: 2}\na: {x: {c: 1}, x: {}}\nconstructor: 1\n')).toBe(null)
})

test('what is unusual, and all that is wrong, is left to the library', () => {
  const left = [
    ...['', '# nothing', 'text', '{a: 1}', 'a', 'a: b: c', 'a: - b', '- a\nb: c', 'a:\n  b: 1\n c: 2', 'a: }', 'a: @b'],
    ...['a: &b 1', 'a: *b', 'a: !!str 1', '<<: 1', '? a\n: b', '%YAML 1.2\n---\na: 1', 'a: 1\n---\nb: 2', 'a: 1\n...'],
    ...[
      'a:\n\tb: 1',
      'a: b\tc',
      'a: |2\n   b',
      'a: |+\n  b\n\n',
      'a: |\n    \n  b',
      'a: 0x1F',
      'null: 1',
      '__proto__: 1',
    ],
    ...['a: "b', 'a: "\\q"', "a: 'b' c", 'a: [b', 'a: [b: 1]', 'a: [b,, c]', 'a: {b}', 'a: [b # c\n ]', 'a: "b"#c'],
    ...['\uFEFFa: 1', 'a: 1\rb: 2', `${'k'.repeat(1100)}: 1`, '- '.repeat(300), `a: ${'['.repeat(300)}`],
  ]
  expect(left.filter((text) => parseUsualYaml(text, {}) !== null)).toEqual([])
})

test('thousands of texts that were changed at random are read alike, or left', () => {
  const random = seededRandom(1)
  const sources = [everything, everything.slice(4), ...texts.filter((text) => text.startsWith('---'))]
  const differences: string[] = []
  let alike = 0
  for (let n = 0; n < 12_000; n++) {
    const text = mutateLines(sources[n % sources.length]!, random)
    const difference = differenceOfReaders(text, { longNumbersAsText: n % 3 === 0 })
    if (difference === null) alike++
    else if (difference !== 'left') differences.push(`${difference}: ${JSON.stringify(text)}`)
  }
  expect(differences).toEqual([])
  expect(alike).toBeGreaterThan(2000)
})

// Real documents of others, which are not ours to keep here.
const corpus = fileURLToPath(new URL('../../../../../../shared/corpus', import.meta.url))
test.skipIf(!existsSync(corpus))('[needs the corpus beside the project] all of the corpus is usual', () => {
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file))
  const told = files.map((file) => [file, differenceOfReaders(readFileSync(`${corpus}/${file}`, 'utf8'))])
  expect(told.filter(([, difference]) => difference !== null)).toEqual([])
  expect(files.length).toBeGreaterThan(70)
})
