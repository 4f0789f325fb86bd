import { expect, onTestFinished, test } from 'vitest'
import type { ReplayReport, TestReport } from '../../../shared/contracts/plugin-trials.ts'
import type { CallRecord, WorkerAsks } from '../../platform/messages.ts'
import type { CallOutcome } from './calling/call-types.ts'
import { document } from './test-packages.ts'
import { codeOf, me, openWorld } from './test-world.ts'

async function open() {
  const world = await openWorld()
  const first = (await world.upload('w', { 'w.json': document('Weather', '1.0.0', ['now']) }, true)).plugins[0]!
  const second = (await world.upload('w', { 'w.json': document('Weather', '1.1.0', ['now']) })).plugins[0]!
  return { ...world, id: first.id, first, second }
}
const outcome: CallOutcome = {
  ...{
    requestId: 'r',
    ok: true,
    data: { text: 'x'.repeat(2 * 1024 * 1024) },
    failure: null,
    exchange: null,
    dropped: [],
  },
  ...{ attempts: 1, durationMs: 5, firstByteMs: 2, method: 'GET', url: 'u', statusCode: 200 },
}

test('a call of the form is made by the worker, cut to what a page can show, and cancelled by its own id', async () => {
  const { handlers, answers, worker, id } = await open()
  const asked: unknown[] = []
  answers['call'] = ({ requestId: _, ...input }: WorkerAsks['call']['input']) => {
    asked.push(input)
    return outcome
  }
  const call = { id, operation: 'now', callId: 'mine', arguments: { city: 'Bonn' } }
  const result = await handlers.call(call, me)
  worker.hang()
  const hanging = codeOf(handlers.call(call, me))
  await handlers.cancelCall({ callId: 'mine' }, me)

  expect([asked, result.data.length, result.dataCutFrom, await hanging]).toEqual([
    [{ plugin: id, operation: 'now', arguments: { city: 'Bonn' }, surface: 'console' }],
    1024 * 1024,
    2 * 1024 * 1024 + 11,
    'CANCELLED',
  ])
})

test('reports of a test and of a replay against another version stay with the plugin', async () => {
  const { handlers, answers, asks, id, first, second } = await open()
  const report: TestReport = {
    versionId: first.versionId,
    startedAt: 1,
    endedAt: 2,
    reached: [],
    calls: [],
    successRate: null,
  }
  answers['test'] = () => report
  answers['replay'] = ({ plugin, calls, fromVersionId }: WorkerAsks['replay']['input']): ReplayReport => ({
    ...{ fromVersionId, toVersionId: plugin.versionId, startedAt: 1, endedAt: 2 },
    calls: calls.map(({ callId, operationId, statusCode }) => ({
      ...{
        callId,
        operationId,
        outcome: 'same',
        statusBefore: statusCode,
        statusAfter: 200,
        differences: [],
        failure: null,
      },
    })),
  })
  const record: CallRecord = {
    ...{
      pluginId: id,
      versionId: first.versionId,
      operationId: 'now',
      at: 1,
      surface: 'invoke',
      method: 'GET',
      url: 'u',
    },
    ...{ statusCode: 201, durationMs: 1, error: null, payload: { arguments: '{}', answer: '{}' } },
  }
  await handlers.setRecording({ id, recording: true }, me)
  await asks.calls({ records: [record] }, {} as never)
  await handlers.test({ id, unsafe: [] }, me)
  const replayed = await handlers.replay({ id, versionId: second.versionId, unsafe: false }, me)
  const seen: unknown[] = []
  const stop = handlers.onDetails(
    (update) => {
      if (update.kind === 'details')
        seen.push([update.details.lastTest, update.details.lastReplay, update.details.recordedCalls])
      return true
    },
    { id },
    me,
  )
  onTestFinished(stop)

  expect([replayed.report.fromVersionId, replayed.report.toVersionId, replayed.report.calls.length, seen]).toEqual([
    first.versionId,
    second.versionId,
    1,
    [[report, replayed.report, 1]],
  ])
})
