import { expect, test } from 'vitest'
import { splitCommand } from '../terminal/split-command.ts'
import { isDark } from '../terminal/terminal-theme.ts'
import { parseAnsi } from './ansi.ts'
import { clockTime, piecesOf } from './log-text.ts'

test('a line is cut where colours and places found begin and end', () => {
  const { plain, stretches } = parseAnsi('ab\u001b[31mcdef\u001b[0mgh')
  const pieces = piecesOf(plain, stretches, [1, 4, 7, 8])
  expect(pieces.map(({ text, look, found }) => [text, look?.classNames[0] ?? '', found])).toEqual([
    ['a', '', false],
    ['b', '', true],
    ['cd', 'red', true],
    ['ef', 'red', false],
    ['g', '', false],
    ['h', '', true],
  ])
  expect(piecesOf('', [], [])).toEqual([])
})

test('times are told on this clock, with the day where it is another', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5, 6)
  expect([
    clockTime(time.toISOString(), time),
    clockTime(time.toISOString(), new Date(2026, 0, 3)),
    clockTime('x', time),
  ]).toEqual(['03:04:05.006', '2026-01-02 03:04:05.006', 'x'])
})

test('a command line becomes words', () => {
  expect(['  ls -l ', `sh -c 'echo "a b"'`, 'a\\ b ""', '"open', "x'y'z"].map(splitCommand)).toEqual([
    ['ls', '-l'],
    ['sh', '-c', 'echo "a b"'],
    ['a b', ''],
    null,
    ['xyz'],
  ])
})

test('a colour is dark or not', () => {
  expect(['rgb(21, 26, 30)', 'rgb(255, 255, 255)', 'rgba(0, 0, 0, 1)'].map(isDark)).toEqual([true, false, true])
})
