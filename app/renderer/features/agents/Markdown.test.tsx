import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Markdown } from './Markdown.tsx'
import { blocksOf } from './markdown-blocks.ts'

const html = (text: string, growing = false): string => renderToStaticMarkup(<Markdown text={text} growing={growing} />)
/** Without what carries no meaning. */
const brief = (text: string, growing = false): string =>
  html(text, growing)
    .replace(/^<div[^>]*>|<\/div>$/g, '')
    .replace(/ (?:class|tabindex|target|rel|title)="[^"]*"/g, '')
    .replace(/<button.*?<\/button>/g, '')

test('headings, lists, tables, code and links are shown as what they are', () => {
  expect([
    brief('# High *water*\n\ntext **bold** `code`'),
    brief('1. one\n2. two\n   - in it'),
    brief('| a | b |\n|---|--:|\n| 1 | 2 |'),
    brief('```ts\nif (a < b) {}\n```'),
    brief('[x](https://x.test/a) and https://x.test'),
    brief('- [x] done\n- [ ] open'),
    brief('中文**加粗**与`代码`'),
  ]).toEqual([
    '<h3>High <em>water</em></h3><p>text <strong>bold</strong> <code>code</code></p>',
    '<ol start="1"><li>one</li><li>two<ul><li>in it</li></ul></li></ol>',
    '<div><table><thead><tr><th>a</th><th style="text-align:right">b</th></tr></thead><tbody><tr><td>1</td><td style="text-align:right">2</td></tr></tbody></table></div>',
    '<div><div><span>ts</span></div><pre><code>if (a &lt; b) {}</code></pre></div>',
    '<p><a href="https://x.test/a">x</a> and <a href="https://x.test/">https://x.test</a></p>',
    '<ul><li>☑  done</li><li>☐  open</li></ul>',
    '<p>中文<strong>加粗</strong>与<code>代码</code></p>',
  ])
})

test('nothing in an answer is trusted: no tags, no pictures, no scripts, no addresses of the console', () => {
  const texts = [
    '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <b onclick="x">b</b>\n\n<style>*{}</style>',
    '<div style="position:fixed">\n\n# x\n\n</div>\n\n<a href="javascript:x">y</a> <!-- c --> <Foo bar={1}/>',
    '![alt](https://x.test/i.png) ![a](data:image/svg+xml,<svg/>) ![][r]\n\n[r]: https://x.test/r.png',
    '[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x) [d](vbscript:x) [e](file:///etc/passwd)',
    '[f](#/settings) [g](/local) [h](//x.test) [i](https://user:secret@x.test) note[^1]\n\n[^1]: a note',
    '---\ntitle: x\n---\n\n<iframe src="//x.test">\n\n<svg><script>1</script></svg>',
  ]
  const shown = texts.map((text) => html(text)).join('\n')
  expect(
    shown.match(/<(?!\/?(?:div|p|h3|a|span|svg|rect|circle|path|hr|sup|footer|button)\b)[a-z!][^>]*>/gi),
  ).toBeNull()
  expect(shown.match(/<svg(?! xmlns="http:\/\/www.w3.org\/2000\/svg")[^>]*>|<svg[^>]* on/g)).toBeNull()
  expect([...shown.matchAll(/(?:href|src|style|on\w+)="([^"]*)"/g)].map(([all]) => all)).toEqual([
    'href="https://x.test/i.png"',
    'href="https://x.test/r.png"',
  ])
  expect(html(texts[0]!)).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
})

test('what is not closed yet is held back while it grows, and shown when it is all there is', () => {
  expect([brief('one **two', true), brief('one **two')]).toEqual(['<p>one two</p>', '<p>one **two</p>'])
  expect(brief('```py\nprint(', true)).toBe('<div><div><span>py</span></div><pre><code>print(</code></pre></div>')
})

const snippets = [
  ...[
    '# Title',
    'words and *more*\nin two lines',
    '- a\n- b',
    '- a\n\n  still a\n\n- b',
    '1. x\n\n   ```\n   y\n\n   z\n   ```',
  ],
  ...[
    '```ts\na\n\nb\n\n# c\n```',
    '~~~\n```\n\nx\n~~~',
    '- ```js\n  a\n\n  b\n  ```',
    '> quote\n> more',
    '> ```\n> open',
  ],
  ...[
    '    indented\n\n    code',
    '| a |\n|---|\n| 1 |',
    'a\n===',
    '***',
    '`a ``` b`',
    '  ```\nin\n\nit\n  ```',
    '+ x',
    '2) y',
  ],
]

test('a text that is cut into blocks reads as the whole does, wherever it is cut', () => {
  // The same on each run: a linear congruence.
  let seed = 7
  const random = (most: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % most
  }
  let cuts = 0
  for (let round = 0; round < 250; round++) {
    const text = Array.from({ length: 2 + random(6) }, () => snippets[random(snippets.length)]!).join('\n\n')
    const blocks = blocksOf(text, 1)
    cuts += blocks.length - 1
    expect(blocks.join('')).toBe(text)
    expect([text, blocks.map((block) => brief(block)).join('')]).toEqual([text, brief(text)])
  }
  expect(cuts).toBeGreaterThan(300)
})

test('of an answer that grows only the last block changes, and what refers to another place is not cut', () => {
  const text = 'A paragraph of an answer.\n\n'.repeat(500)
  const before = blocksOf(text)
  const after = blocksOf(`${text}## More`)
  expect([before.length > 4, after.slice(0, before.length - 1)]).toEqual([true, before.slice(0, -1)])
  expect(blocksOf(`${text}[a]\n\n[a]: https://x.test`)).toHaveLength(1)
})

test('hostile texts of 100 KB come to an end, as text at worst', () => {
  const shapes = [
    '[',
    '*a ',
    '>',
    '[a](b',
    '<',
    '_a_ ',
    '~~a',
    '|',
    '`',
    '- ',
    '![',
    '<!--',
    '**[',
    '1. ',
    '\\',
    '&#',
    '#',
  ]
  for (const shape of shapes) {
    const text = shape.repeat(Math.ceil(100_000 / shape.length))
    expect(html(text).length, shape).toBeGreaterThan(20)
  }
})
