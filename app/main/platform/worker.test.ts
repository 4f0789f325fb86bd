import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts } from '../../../tests/lib/free-ports.ts'
import { startUpstream } from '../features/plugins/calling/test-plugins.ts'
import { createPeer } from '../lib/peer.ts'
import type { CallRecord, MainAsks, WorkerAsks } from './messages.ts'
import { startPlatform, tides } from './test-world.ts'

test('in its own thread: configured, called over HTTP and by the console, stopped', async () => {
  const upstream = await startUpstream()
  const { options } = await startPlatform({ parts: [] })
  const worker = new Worker(new URL('./worker.ts', import.meta.url))
  onTestFinished(async () => void (await worker.terminate()))
  const records: CallRecord[] = []
  const answers = {
    health: () => ({ ok: true, error: null }),
    calls: (input: MainAsks['calls']['input']) => void records.push(...input.records),
    requests: () => {},
    log: (input: MainAsks['log']['input']) => expect.fail(JSON.stringify(input)),
  }
  const peer = createPeer<WorkerAsks, MainAsks>(worker, answers as never, (_name, error) => expect.fail(String(error)))
  await peer.ask('configure', options)
  const port = await freePorts(1)
  expect(await peer.ask('listen', { ports: [{ part: 'coze-api', port }] })).toEqual([
    { part: 'coze-api', port, error: null },
  ])
  const plugin = await tides(upstream.url)
  peer.tell('plugins', { reset: true, upserted: [plugin], removed: [] })
  const answer = await fetch(`http://localhost:${port}/api/plugin/invoke/tides/high_water`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"harbour":"Husum"}',
  })
  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ success: true })])

  const called = await peer.ask('call', {
    ...{ plugin: 'tides', operation: 'high_water', arguments: { harbour: 'Wick' }, requestId: 'r', surface: 'console' },
  })
  expect(called).toMatchObject({ ok: true, data: { url: '/tides?harbour=Wick' }, exchange: { status: 200 } })
  await expect(
    peer.ask('call', { plugin: 'gone', operation: 'x', arguments: {}, requestId: 'r', surface: 'command' }),
  ).rejects.toMatchObject({ code: 'PLUGIN_NOT_FOUND' })
  const { curl } = await peer.ask('code', { plugin: '7001', operation: 'high_water', arguments: { harbour: 'Wick' } })
  expect(curl).toContain(`${upstream.url}/tides?harbour=Wick`)

  const steps: number[] = []
  const report = await peer.ask(
    'test',
    { plugin: 'tides', unsafe: [] },
    { onProgress: ({ done }) => void steps.push(done) },
  )
  expect(report.calls.map(({ operationId, outcome, statusCode }) => [operationId, outcome, statusCode])).toEqual([
    ['high_water', 'ok', 200],
    ['set_alert', 'skipped', null],
    ['gauge', 'ok', 200],
  ])
  expect(steps.at(-1)).toBe(3)
  const recorded = [
    { callId: 1, operationId: 'high_water', statusCode: 200, arguments: '{"harbour":"Wick"}', answer: '{"url":1}' },
  ]
  const replayed = await peer.ask('replay', { plugin, fromVersionId: 1, calls: recorded, unsafe: false })
  expect(replayed.calls).toMatchObject([{ outcome: 'different', statusBefore: 200, statusAfter: 200 }])

  const exited = once(worker, 'exit')
  await peer.ask('stop', undefined)
  expect(await exited).toEqual([0])
  // Of a test's calls, which are made together, either may end first.
  expect(records.map(({ surface, operationId }) => `${surface} ${operationId}`).sort()).toEqual([
    'console high_water',
    'invoke high_water',
    'replay high_water',
    'test gauge',
    'test high_water',
  ])
  expect(records.map(({ payload }) => payload === null)).toEqual([true, false, true, true, true])
  expect((await readFile(options.callLog, 'utf8')).trim().split('\n')).toHaveLength(5)
})
