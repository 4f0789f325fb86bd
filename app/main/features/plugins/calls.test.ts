import { expect, onTestFinished, test } from 'vitest'
import { tempDatabase } from '../../../../tests/lib/temp-database.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { PluginCallsUpdate } from '../../../shared/contracts/plugin-calls.ts'
import type { CallRecord } from '../../platform/messages.ts'
import { createCalls } from './calls.ts'
import { xpkg } from './test-packages.ts'
import { codeOf, me, openWorld } from './test-world.ts'

const start = Date.UTC(2026, 5, 1)
const record = (more: Partial<CallRecord> = {}): CallRecord => ({
  ...{ pluginId: 'a', versionId: 1, operationId: 'now', at: start, surface: 'invoke', method: 'GET' },
  ...{ url: 'https://api.example.com/now', statusCode: 200, durationMs: 10, error: null, payload: null },
  ...more,
})
const payload = (size: number) => ({ arguments: '{}', answer: 'x'.repeat(size - 2) })

/** A history of two plugins, with small limits. */
function open() {
  const db = tempDatabase(tempFolder())
  for (const id of ['a', 'b']) db.run('INSERT INTO plugins (id, created_at, updated_at) VALUES (?, 0, 0)', id)
  const time = { now: start }
  const limits = { perPlugin: 10, inAll: 15, payloadsPerPlugin: 4, payloadBytes: 1000 }
  const nameOf = (id: string) => (id === 'gone' ? null : id.toUpperCase())
  const again = () => {
    const calls = createCalls({ db, clock: () => time.now, nameOf, counted: () => {}, limits })
    onTestFinished(calls.stop)
    return calls
  }
  const count = (table: string) => db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
  return { db, time, again, count, calls: again() }
}

test('the history is bounded by plugin, in all, and by the size of what is kept of calls', () => {
  const { calls, count, db } = open()
  calls.append(Array.from({ length: 12 }, (_, n) => record({ operationId: `call ${n}`, payload: payload(50) })))
  const one = [
    count('plugin_calls'),
    calls.recordedCount('a'),
    calls.recorded('a').map(({ operationId }) => operationId),
  ]
  calls.append(Array.from({ length: 9 }, () => record({ pluginId: 'b' })))
  const two = [
    count('plugin_calls'),
    db.all('SELECT plugin_id AS id, count(*) AS n FROM plugin_calls GROUP BY plugin_id'),
  ]
  calls.append([record({ pluginId: 'b', payload: payload(900) })])
  calls.append([record({ pluginId: 'gone' })])
  const bytes = db.get<{ bytes: number }>('SELECT sum(bytes) AS bytes FROM plugin_call_payloads')!.bytes

  expect([one, two, bytes <= 1000, calls.recordedCount('b')]).toEqual([
    [10, 4, ['call 8', 'call 9', 'call 10', 'call 11']],
    [
      15,
      [
        { id: 'a', n: 6 },
        { id: 'b', n: 9 },
      ],
    ],
    true,
    1,
  ])
})

test('figures are of the last hour, without trials, and are the same after a restart', () => {
  const { calls, time, again } = open()
  const durations = [10, 10, 10, 10, 10, 10, 500]
  calls.append(
    durations.map((durationMs, n) => record({ durationMs, at: start - n, error: n === 0 ? 'UPSTREAM_FAILED' : null })),
  )
  calls.append([record({ surface: 'test', durationMs: 9999 }), record({ surface: 'replay', error: 'x' })])
  const figures = calls.figuresOf('a')
  const restarted = again().figuresOf('a')
  time.now += 30 * 60_000
  calls.append([record({ at: time.now, durationMs: 20 })])
  time.now += 31 * 60_000
  const later = calls.figuresOf('a')

  expect([figures, { ...later, p95Ms: Math.round(later.p95Ms ?? 0) }, calls.figuresOf('b')]).toEqual([
    { calls: 7, errors: 1, p95Ms: expect.closeTo(500, -2), lastAt: start },
    { calls: 1, errors: 0, p95Ms: expect.closeTo(20, -1), lastAt: start + 30 * 60_000 },
    { calls: 0, errors: 0, p95Ms: null, lastAt: null },
  ])
  expect(restarted).toEqual(figures)
})

test('a page sees the newest first, then what comes, then what is cleared', async () => {
  const world = await openWorld()
  const { versionId } = (await world.upload('vendor', xpkg({}), true)).plugins[0]!
  const call = (operationId: string, kept = false) =>
    record({
      pluginId: 'vendor',
      versionId,
      operationId,
      at: Date.now(),
      payload: kept ? { arguments: '{"a":1}', answer: '[]' } : null,
    })
  const told: string[] = []
  const listen = (id: string | null) =>
    world.handlers.onCalls(
      (update: PluginCallsUpdate) => {
        told.push(
          `${update.kind}: ${update.calls.map((one) => `${one.pluginName} ${one.operationId}${one.recorded ? '*' : ''}`)}`,
        )
        return true
      },
      { id },
      me,
    )
  await world.asks.calls({ records: [call('one'), call('two', true)] }, {} as never)
  onTestFinished(listen('vendor'))
  await world.asks.calls({ records: [call('three')] }, {} as never)
  const kept = await world.handlers.recordedCall({ callId: 2 }, me)
  await world.handlers.clearCalls({ id: 'vendor' }, me)

  expect([told, kept, await codeOf(() => world.handlers.recordedCall({ callId: 2 }, me))]).toEqual([
    ['snapshot: Vendor two*,Vendor one', 'appended: Vendor three', 'snapshot: '],
    { arguments: '{"a":1}', answer: '[]' },
    'CALL_NOT_FOUND',
  ])
})

test('rows get their new figures soon, and only the rows that have some', async () => {
  const world = await openWorld()
  await world.upload('vendor', xpkg({}), true)
  await world.upload('other', xpkg({ id: 'other' }), true)
  const changed: Promise<string[]> = new Promise((resolve) => {
    const stop = world.plugins.follow((update) => {
      if (update.kind === 'change') resolve(update.upserted.map(({ id, figures }) => `${id} ${figures.calls}`))
      return true
    })
    onTestFinished(stop)
  })
  await world.asks.calls({ records: [record({ pluginId: 'vendor', at: Date.now() })] }, {} as never)
  await world.asks.calls({ records: [record({ pluginId: 'vendor', at: Date.now() })] }, {} as never)
  expect(await changed).toEqual(['vendor 2'])
})
