import { expect, test } from 'vitest'
import type { AppLogLine, LogLevel } from '../../../shared/contracts/app-log.ts'
import { applyLog, filterLog, kept } from './log-lines.ts'

const line = (message: string, level: LogLevel = 'info', fields = '{}'): AppLogLine => ({
  time: 0,
  level,
  feature: 'store',
  message,
  fields,
})

test('the newest line is first, alike ones stay apart, and the far end is dropped', () => {
  const first = applyLog([], { kind: 'snapshot', lines: [line('a'), line('b')] })
  const later = applyLog(first, { kind: 'lines', lines: [line('b'), line('c')] })
  const many = applyLog(later, { kind: 'lines', lines: Array.from({ length: kept - 1 }, () => line('x')) })
  expect({
    later: later.map(({ message }) => message),
    keys: new Set(later.map(({ key }) => key)).size,
    many: [many.length, many.at(-1)?.message],
  }).toEqual({ later: ['c', 'b', 'b', 'a'], keys: 4, many: [kept, 'c'] })
})

test('a filter takes the level and every word, also those in the fields', () => {
  const lines = applyLog([], {
    kind: 'snapshot',
    lines: [
      line('backup made', 'info', '{"name":"pilothouse-1.db"}'),
      line('backup failed', 'error'),
      line('noise', 'debug'),
    ],
  })
  const found = (least: LogLevel, query: string) => filterLog(lines, least, query).map(({ message }) => message)
  expect([
    found('debug', ''),
    found('warn', ''),
    found('debug', 'STORE backup pilothouse-1'),
    found('error', 'made'),
  ]).toEqual([['noise', 'backup failed', 'backup made'], ['backup failed'], ['backup made'], []])
})
