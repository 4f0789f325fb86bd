import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from './log-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const file = () => join(folder, 'logs/pilothouse.log')
const lines = () =>
  readFileSync(file(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

test('a line is there as soon as it is written, with the stack and the cause of an error', () => {
  const log = createLog(folder, { now: () => 1 })
  const cause = new Error('socket closed')
  log.error('docker', 'lost', { error: new Error('no answer', { cause }), id: 'a1' })
  const [line] = lines()
  expect(line).toMatchObject({ time: 1, level: 'error', feature: 'docker', message: 'lost' })
  const fields = JSON.parse(line.fields)
  expect([fields.id, fields.error.stack, fields.error.cause.stack]).toEqual([
    'a1',
    expect.stringMatching(/^Error: no answer\n +at /),
    expect.stringMatching(/^Error: socket closed\n +at /),
  ])
  expect(statSync(file()).mode & 0o777).toBe(0o600)
})

test('no secret is written, whatever its place', () => {
  const log = createLog(folder)
  log.warn('x', 'connecting to postgres://app:hunter2secret@db/', {
    password: 'hunter2secret',
    nested: { list: ['API_KEY=hunter2secret'] },
    error: new Error('Authorization: Bearer hunter2secret'),
  })
  expect(readFileSync(file(), 'utf8')).not.toContain('hunter2secret')
})

test('lines are bounded, and what JSON cannot say is said otherwise', () => {
  const log = createLog(folder)
  const loop: Record<string, unknown> = { big: 10n }
  loop['self'] = loop
  log.info('x', 'm'.repeat(5000), loop)
  log.info('x', 'long', { a: 'x y '.repeat(100_000), b: 'x y '.repeat(100_000) })
  const [first, second] = lines()
  expect([first.message.length, JSON.parse(first.fields)]).toEqual([1000, { big: '10', self: '[seen before]' }])
  expect(second.fields.length).toBeLessThan(8 * 1024)
})

test('levels below the chosen one are left out', () => {
  const log = createLog(folder, { level: 'warn' })
  log.debug('x', '1')
  log.info('x', '2')
  log.warn('x', '3')
  log.error('x', '4')
  expect(lines().map((line) => line.message)).toEqual(['3', '4'])
})

test('files are rotated, five are kept, and the tail reads over their borders', () => {
  const log = createLog(folder, { fileBytes: 500 })
  for (let i = 0; i < 100; i++) log.info('x', `line ${i}`)
  expect(readdirSync(join(folder, 'logs')).sort()).toEqual([
    'pilothouse.1.log',
    'pilothouse.2.log',
    'pilothouse.3.log',
    'pilothouse.4.log',
    'pilothouse.log',
  ])
  const tail = log.tail(800).trim().split('\n')
  expect(tail.map((line) => JSON.parse(line).message)).toEqual(
    Array.from({ length: tail.length }, (_, i) => `line ${100 - tail.length + i}`),
  )
  expect(tail.length).toBeGreaterThan(6)
})

test('the newest 500 are remembered over a restart, a torn line is skipped, and each new one is told', () => {
  const first = createLog(folder)
  for (let i = 0; i < 600; i++) first.info('x', `line ${i}`)
  first.stop()
  appendFileSync(file(), '{"time":1,"lev')
  appendFileSync(file(), '\n')
  const log = createLog(folder)
  const told: string[] = []
  log.onLine((line) => told.push(line.message))
  expect([log.recent().length, log.recent()[0]?.message]).toEqual([500, 'line 100'])
  log.info('x', 'new')
  expect([told, log.recent().at(-1)?.message, log.recent().length]).toEqual([['new'], 'new', 500])
})

test('a file that takes no lines costs lines, is told once, and says so when it takes them again', () => {
  // A file in the place of the folder: it fails for root too, unlike a mode.
  writeFileSync(join(folder, 'logs'), '')
  const log = createLog(folder)
  const told: string[] = []
  log.onNotWritten((reason) => told.push(reason))
  log.info('x', 'lost 1')
  log.info('x', 'lost 2')
  expect(told).toEqual([expect.stringMatching(/EEXIST|ENOTDIR/)])
  rmSync(join(folder, 'logs'))
  log.info('x', 'kept')
  const text = readFileSync(file(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(text.map((line) => [line.level, line.message])).toEqual([
    ['warn', 'lines lost'],
    ['info', 'kept'],
  ])
  expect(JSON.parse(text[0].fields)).toMatchObject({ count: 2 })
  expect(log.recent().map((line) => line.message)).toEqual(['lost 1', 'lost 2', 'kept'])
})
