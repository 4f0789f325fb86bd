import { expect, test } from 'vitest'
import { age, bytes, compact, duration, memory, percent, relative } from './format.ts'

test('numbers are short and exact enough', () => {
  expect([
    bytes(0, 'en'),
    bytes(999, 'en'),
    bytes(999_999, 'en'),
    bytes(1_234_567_890, 'en'),
    bytes(123_456_789, 'en'),
    memory(64 * 1024 * 1024, 'en'),
    memory(1536, 'zh-CN'),
    percent(0.44, 'en'),
    percent(250, 'en'),
    compact(600, 'en'),
    compact(1250, 'en'),
    compact(450_000, 'zh-CN'),
  ]).toEqual([
    ...['0 B', '999 B', '1 MB', '1.2 GB', '123 MB', '64 MiB', '1.5 KiB', '0.4 %', '250 %'],
    ...['600', '1.3K', '45万'],
  ])
})

test('times are told in both languages', () => {
  const now = 1_000_000_000
  expect([
    duration(450, 'en'),
    duration(45_000, 'en'),
    duration(3_600_000 * 26, 'en'),
    duration(3_600_000 * 26, 'zh-CN'),
    age(3_600_000 * 26, 'zh-CN'),
    relative(now - 180_000, now, 'en'),
    relative(now - 180_000, now, 'zh-CN'),
    relative(now, now, 'en'),
    relative(now + 5000, now, 'en'),
  ]).toEqual(['450 ms', '45 s', '1 d 2 h', '1 天 2 小时', '1 天', '3 minutes ago', '3分钟前', 'now', 'in 5 seconds'])
})

test('a day is one of the calendar', () => {
  const now = new Date(2026, 10, 27, 23, 5).getTime()
  const at = (day: number, hour: number) => relative(new Date(2026, 10, day, hour).getTime(), now, 'en')
  expect([at(29, 1), at(29, 22), at(30, 1), at(26, 1), at(25, 23)]).toEqual([
    ...['in 2 days', 'in 2 days', 'in 3 days', 'yesterday', '2 days ago'],
  ])
})
