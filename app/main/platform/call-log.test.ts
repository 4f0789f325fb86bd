import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'
import { createCallLog, type LoggedCall } from './call-log.ts'
import { createCallRecords } from './call-records.ts'
import type { CallRecord } from './messages.ts'
import { fakeMain } from './test-world.ts'

const call: LoggedCall = {
  ...{ at: 0, pluginName: 'tides', operationId: 'gauge', method: 'GET', url: 'http://a/', durationMs: 1.23456 },
  ...{ statusCode: 200, error: null },
}

test('five files are kept, each of its size, none lost between them', async () => {
  const folder = tempFolder()
  const lost: string[] = []
  const log = createCallLog({
    file: join(folder, 'calls.log'),
    lost: (reason) => lost.push(reason),
    missing: () => expect.fail(),
    fileBytes: 1000,
  })
  for (let i = 0; i < 30; i++) {
    log.add({ ...call, at: i })
    await log.flush()
  }
  const names = ['calls.1.log', 'calls.2.log', 'calls.3.log', 'calls.4.log', 'calls.log']
  expect(readdirSync(folder).sort()).toEqual(names)
  const lines = ['calls.4.log', 'calls.3.log', 'calls.2.log', 'calls.1.log', 'calls.log'].flatMap((name) => {
    expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000)
    return readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
  })
  const times = lines.map((line) => Date.parse(JSON.parse(line).timestamp))
  expect(times).toEqual(Array.from({ length: times.length }, (_, i) => 30 - times.length + i))
  expect([lost, log.lost(), JSON.parse(lines[0]!).duration_ms]).toEqual([[], 0, 1.235])
})

test('a log that was written before is continued', async () => {
  const file = join(tempFolder(), 'logs', 'calls.log')
  for (let i = 0; i < 2; i++) {
    const log = createCallLog({ file, lost: () => expect.fail(), missing: () => expect.fail() })
    log.add(call)
    await log.flush()
  }
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2)
})

test('a disk that refuses is told of once, and every line counted', async () => {
  const lost: string[] = []
  const log = createCallLog({
    file: '/dev/null/calls.log',
    lost: (reason) => lost.push(reason),
    missing: () => expect.fail(),
  })
  for (let i = 0; i < 3; i++) {
    log.add(call)
    await log.flush()
  }
  expect([lost.length, log.lost()]).toEqual([1, 3])
})

test('when the disk takes lines again it is told how many are missing, and a line that was cut stays alone', async () => {
  const folder = join(tempFolder(), 'logs')
  const file = join(folder, 'calls.log')
  const told: (string | number)[] = []
  const log = createCallLog({ file, lost: () => told.push('lost'), missing: (count) => told.push(count) })
  writeFileSync(folder, 'in the way')
  for (let i = 0; i < 2; i++) {
    log.add(call)
    await log.flush()
  }
  rmSync(folder)
  mkdirSync(folder)
  writeFileSync(file, '{"timestamp":"20')
  log.add(call)
  await log.flush()
  expect(told).toEqual(['lost', 2])
  const [cut, whole, ...rest] = readFileSync(file, 'utf8').split('\n')
  expect([cut, JSON.parse(whole!).plugin_name, rest]).toEqual(['{"timestamp":"20', 'tides', ['']])
})

const record: CallRecord = {
  ...{ pluginId: 'p', versionId: 1, operationId: 'o', at: 0, surface: 'invoke', method: 'GET', url: '' },
  ...{ statusCode: 200, durationMs: 1, error: null, payload: null },
}

test('records go to main in batches; what a slow main has no room for is dropped and counted', async () => {
  const { promise: slow, resolve: answer } = Promise.withResolvers<void>()
  const { main, of } = fakeMain({ calls: () => slow })
  const records = createCallRecords(main)
  for (let i = 0; i < 3000; i++) records.add(record)
  const settled = records.settle()
  answer()
  await settled
  const batches = of('calls').map((one) => one.records.length)
  expect(Math.max(...batches)).toBe(500)
  const kept = batches.reduce((sum, one) => sum + one, 0)
  expect(kept).toBeLessThanOrEqual(2500)
  const dropped = of('log')
    .map(({ fields }) => Number(fields['count']))
    .reduce((sum, one) => sum + one, 0)
  expect(kept + dropped).toBe(3000)
})

test('a main that fails costs the history, no call', async () => {
  const { main, of } = fakeMain({
    calls() {
      throw new Error('the store is full')
    },
  })
  const records = createCallRecords(main)
  records.add(record)
  await records.settle()
  expect(of('log')).toMatchObject([{ level: 'warn', fields: { count: 1 } }])
})
