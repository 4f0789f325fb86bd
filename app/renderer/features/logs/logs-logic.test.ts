import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LogLine, LogUpdate } from '../../../shared/contracts/services.ts'
import { parseAnsi } from './ansi.ts'
import { levelOf } from './levels.ts'
import { createLogRows, type LogRow, MOST_ROWS } from './log-rows.ts'
import { createLogSearch, PATIENCE, type SearchResult, type SearchWorker } from './log-search.ts'
import { patternOf, searchTexts } from './search-protocol.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const line = (n: number, text = `line ${n}`): LogLine => ({ time: `t${n}`, stream: 'stdout', text, cutFrom: null })
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => line(from + i))
const snapshot = (...all: LogLine[]): LogUpdate => ({ kind: 'snapshot', lines: all })
const briefRows = (rows: readonly LogRow[]) =>
  rows.map((row) => (row.kind === 'line' ? row.line.text : `(${row.kind})`))

test('levels are read from the formats that services write', () => {
  const expected = {
    error: [
      '{"time":"2026","level":"error","msg":"x"}',
      '{"level":50,"msg":"pino"}',
      'time=2026 level=fatal msg=x',
      '2026-01-02 03:04:05,678 ERROR [main] c.e.App - x',
      '2026/01/02 03:04:05 [crit] 29#29: *1 connect() failed',
      'E0102 15:04:05.000000       1 server.go:12] x',
      'Traceback (most recent call last):',
      'ValueError: no such thing',
      'ERROR:root:boom',
      'error: cannot open',
    ],
    warn: [
      'WARN  something',
      '[warning] x',
      'level="warn" x',
      '1:M 02 Jan 2026 15:04:05.000 # Warning: overcommit',
      '{"a":1,"severity":"WARNING"}',
      'Warning: deprecated',
    ],
    info: ['2026-01-02T03:04:05Z INFO started', '2026-01-02 03:04:05.000 UTC [1] LOG:  ready', '[notice] x'],
    debug: ['DEBUG x', '{"level":"trace"}', '[dbg] x'],
    none: [
      'GET /error HTTP/1.1',
      'listening on 0.0.0.0:80',
      '{"msg":"ERROR in the text of an info","code":1}',
      'no errors found',
      'info.txt was read',
      '',
    ],
  }
  const found = Object.fromEntries(
    Object.entries(expected).map(([level, texts]) => [
      level,
      texts.filter((text) => (levelOf(text) ?? 'none') === level),
    ]),
  )
  expect(found).toEqual(expected)
})

test('colours become stretches over the plain text', () => {
  const { plain, stretches } = parseAnsi(
    'a\u001b[1;31mred\u001b[0m b\u001b[38;5;208morange\u001b[39m\u001b[48;2;1;2;3mx\u001b[m\u001b[7my\u001b[27m\u001b[94mz',
  )
  expect(plain).toBe('ared borangexyz')
  expect(
    stretches.map(({ start, end, look }) => [plain.slice(start, end), ...look.classNames, look.color, look.background]),
  ).toEqual([
    ['red', 'bold', 'red', undefined, undefined],
    ['orange', 'rgb(255 135 0)', undefined],
    ['x', undefined, 'rgb(1 2 3)'],
    ['y', 'inverse', 'on-inverse', undefined, undefined],
    ['z', 'bright-blue', undefined, undefined],
  ])
})

test('other escape sequences and broken ones leave no trace', () => {
  const texts = [
    '\u001b[2K\u001b[1Gdone',
    '\u001b]0;title\u0007text',
    '\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\',
    '\u001b(Bplain',
    'end\u001b',
    '\u001b[38;5;999mx',
    '\u001b[38;2;1mx',
    '\u001b[38:2::1:2:3mcolon',
  ]
  expect(texts.map((text) => parseAnsi(text).plain)).toEqual([
    'done',
    'text',
    'link',
    'plain',
    'end',
    'x',
    'x',
    'colon',
  ])
  expect(parseAnsi(texts[7]!).stretches[0]!.look.color).toBe('rgb(1 2 3)')
})

test('a second snapshot continues where the lines overlap, and says so where they do not', () => {
  const log = createLogRows()
  log.apply(snapshot(line(1), line(2)))
  log.apply(snapshot(line(2), line(3)))
  log.apply({ kind: 'ended', reason: null, failure: null })
  log.apply({ kind: 'lines', lines: [line(4)] })
  log.apply(snapshot(line(9)))
  expect(briefRows(log.view().rows)).toEqual(['line 1', 'line 2', 'line 3', '(ended)', 'line 4', '(skipped)', 'line 9'])
})

test('the page holds the newest 50,000 lines and counts the others', () => {
  const log = createLogRows()
  log.apply(snapshot(...lines(0, 10_000)))
  for (let n = 1; n < 9; n++) log.apply({ kind: 'lines', lines: lines(n * 10_000, (n + 1) * 10_000) })
  const { rows, dropped } = log.view()
  expect([rows.length, dropped, briefRows(rows.slice(-1))[0]]).toEqual([MOST_ROWS, 40_000, 'line 89999'])

  log.apply({ kind: 'lines', lines: Array.from({ length: 1000 }, (_, n) => line(n, 'x'.repeat(32_000))) })
  expect(log.view().rows.length).toBe(750)
})

test('an end without a reason is a mark, one with a reason is a failure', () => {
  const log = createLogRows()
  const failure = { code: 'DOCKER_REFUSED', details: { reason: 'no' } }
  log.apply({ kind: 'ended', reason: 'no', failure })
  expect(log.view()).toMatchObject({ rows: [], state: 'ended', failure })
  log.apply(snapshot(line(1)))
  expect(log.view()).toMatchObject({ state: 'reading', failure: null })
})

test('small letters find both cases, capitals themselves; a wrong expression says what is wrong', () => {
  const find = (typed: string, regex = false) => {
    const pattern = patternOf(typed, regex)
    if (pattern === null || 'error' in pattern) return pattern
    const texts = ['Error at a.b', 'error at axb']
    const { found } = searchTexts({ id: 1, query: { find: pattern, exclude: null }, texts })
    return [...found]
  }
  expect(find('')).toBe(null)
  expect(find('error')).toEqual([0, 0, 5, 1, 0, 5])
  expect(find('Error')).toEqual([0, 0, 5])
  expect(find('a.b')).toEqual([0, 9, 12])
  expect(find('a.b', true)).toEqual([0, 9, 12, 1, 9, 12])
  expect(find('\\Sr', true)).toEqual([0, 0, 2, 0, 3, 5, 1, 0, 2, 1, 3, 5])
  expect(find('Q*', true)).toHaveLength((12 + 1 + 12 + 1) * 3)
  expect(find('(', true)).toEqual({ error: expect.stringContaining('Unterminated group') })
})

/** A worker that answers when the test says so. */
function scriptedSearch() {
  const results: SearchResult[] = []
  const log: string[] = []
  const queue: (() => void)[] = []
  const start = (): SearchWorker => {
    log.push('start')
    const worker: SearchWorker = {
      onmessage: null,
      postMessage: (request) => {
        log.push(`search ${request.texts.length}`)
        queue.push(() => worker.onmessage?.({ data: searchTexts(request) }))
      },
      terminate: () => void log.push('terminate'),
    }
    return worker
  }
  const search = createLogSearch((result) => void results.push(result), start)
  return { search, results, log, answer: () => queue.shift()?.() }
}
const find = (typed: string) => ({ find: patternOf(typed, false) as { source: string; flags: string }, exclude: null })

test('a search goes through what is there, then through what comes, and follows what is dropped', () => {
  const log = createLogRows()
  log.apply(snapshot(...lines(0, 5000)))
  const { search, results, log: told, answer } = scriptedSearch()
  search.ask(find('line 4999'), log.view().rows)
  answer()
  answer()
  expect([told, results.at(-1)!.lines]).toEqual([['start', 'search 4000', 'search 1000'], [5000]])
  log.apply({ kind: 'lines', lines: [line(1), line(4999)] })
  search.add(log.view().rows)
  answer()
  expect(results.at(-1)!.lines).toEqual([5000, 5002])
  search.add(log.view().rows.slice(5001))
  expect(results.at(-1)!.places.size).toBe(1)
})

test('lines can be left out', () => {
  const log = createLogRows()
  log.apply(snapshot(line(1, 'GET /health'), line(2, 'GET /')))
  const { search, results, answer } = scriptedSearch()
  search.ask({ find: { source: 'GET', flags: '' }, exclude: { source: 'health', flags: '' } }, log.view().rows)
  answer()
  expect([[...results.at(-1)!.excluded], results.at(-1)!.lines]).toEqual([[1], [2]])
})

test('an expression that takes for ever is given up, and the next one works', () => {
  const log = createLogRows()
  log.apply(snapshot(line(1)))
  const { search, results, log: told, answer } = scriptedSearch()
  search.ask(find('line'), log.view().rows)
  vi.advanceTimersByTime(PATIENCE)
  expect([told, results.at(-1)!.tooSlow]).toEqual([['start', 'search 1', 'terminate'], true])
  answer() // too late
  search.ask(find('line'), log.view().rows)
  answer()
  expect([results.at(-1)!.tooSlow, results.at(-1)!.lines]).toEqual([false, [1]])
})
