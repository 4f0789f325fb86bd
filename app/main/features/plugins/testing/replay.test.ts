import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordedCall } from '../../../platform/messages.ts'
import { type Replay, runReplay } from './replay.ts'
import { testCaller, testDefinition, testPlugin, testTool } from './test-plugin.ts'

let server: Server
let address = ''
const requests: string[] = []
beforeAll(async () => {
  server = createServer((request, reply) => {
    requests.push(`${request.method} ${request.url}`)
    const url = new URL(request.url!, 'http://localhost')
    if (url.pathname === '/cut') return void request.socket.destroy()
    const status = url.pathname === '/missing' ? 404 : 200
    reply.writeHead(status).end(JSON.stringify({ city: url.searchParams.get('city'), at: new Date().toISOString() }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const call = (
  callId: number,
  operationId: string,
  given: unknown,
  answer: unknown,
  statusCode = 200,
): RecordedCall => ({
  ...{ callId, operationId, statusCode },
  ...{ arguments: JSON.stringify(given), answer: JSON.stringify(answer) },
})
const at = '2026-01-01T00:00:00.000Z'

function replay(calls: readonly RecordedCall[], more: Partial<Replay> = {}): Replay {
  const tools = [
    ...[testTool('find'), testTool('missing'), testTool('cut'), testTool('create', { method: 'POST' })],
    testTool('wrong', { disabled: 'PATH_WRONG' }),
  ]
  return {
    plugin: testPlugin(testDefinition(tools, { server: address })),
    ...{ fromVersionId: 3, calls, unsafe: false, caller: testCaller, report: () => {} },
    ...{ signal: new AbortController().signal, ...more },
  }
}
const brief = ({ calls }: Awaited<ReturnType<typeof runReplay>>) =>
  calls.map((one) => {
    const differences = one.differences.map(({ path }) => path).join(' ')
    return `${one.callId} ${one.outcome} ${one.statusBefore} ${one.statusAfter} ${one.failure?.code} ${differences}`.trim()
  })

test('recorded calls are repeated and compared, in their order', async () => {
  const progress: string[] = []
  const report = await runReplay(
    replay(
      [
        call(1, 'find', { city: 'Oslo' }, { city: 'Oslo', at }),
        call(2, 'find', { city: 'Oslo' }, { city: 'Bergen', at }),
        call(3, 'find', { city: 'Oslo' }, { city: 'Oslo', at }, 201),
        call(4, 'missing', {}, { city: null, at }, 404),
        call(5, 'missing', {}, { city: null, at }),
        call(6, 'cut', {}, {}),
      ],
      { report: ({ done, total }) => progress.push(`${done}/${total}`) },
    ),
  )
  expect([report.fromVersionId, report.toVersionId, brief(report), progress.length, progress.at(-1)]).toEqual([
    ...[3, 7],
    [
      ...['1 same 200 200 undefined /at', '2 different 200 200 undefined /at /city'],
      ...['3 different 201 200 undefined /at', '4 same 404 404 UPSTREAM_FAILED /at'],
      ...['5 different 200 404 UPSTREAM_FAILED /at', '6 failed 200 null UPSTREAM_UNREACHABLE'],
    ],
    ...[7, '6/6'],
  ])
})

test('what the version has no more, may not be repeated or cannot be is told and not sent', async () => {
  requests.length = 0
  const cut: RecordedCall = { callId: 7, operationId: 'find', statusCode: 200, arguments: '{"city":"Os', answer: '{}' }
  const calls = [
    ...[call(1, 'gone', {}, {}), call(2, 'wrong', {}, {}), call(3, 'create', { city: 'Oslo' }, { city: 'Oslo', at })],
    ...[call(4, 'find', { city: '***' }, {}), call(5, 'find', { in: [{ key: 'a***' }] }, {}), cut],
  ]
  const report = await runReplay(replay(calls))
  expect([brief(report), report.calls.map(({ failure }) => failure?.details['name']), requests]).toEqual([
    [
      ...['1 gone 200 null TOOL_NOT_FOUND', '2 gone 200 null TOOL_DISABLED', '3 skipped 200 null undefined'],
      ...[4, 5, 7].map((id) => `${id} skipped 200 null ARGUMENT_INVALID`),
    ],
    [undefined, undefined, undefined, 'city', 'in.0.key', '*'],
    [],
  ])
  expect([brief(await runReplay(replay(calls.slice(2, 3), { unsafe: true }))), requests]).toEqual([
    ['3 same 200 200 undefined /at'],
    ['POST /create?city=Oslo'],
  ])
})

test('an answer of which only the beginning was kept is compared as far as it goes', async () => {
  const begun = (answer: string): RecordedCall => ({ ...call(1, 'find', { city: 'Oslo' }, {}), answer })
  const report = await runReplay(replay([begun('{"city":"Os'), begun('{"city":"Be')]))
  expect(report.calls.map(({ outcome }) => outcome)).toEqual(['same', 'different'])
})

test('cancelling ends it at once', async () => {
  const cancel = new AbortController()
  const caller: Replay['caller'] = {
    call() {
      cancel.abort()
      return new Promise(() => {})
    },
  }
  const calls = [call(1, 'find', {}, {}), call(2, 'find', {}, {})]
  await expect(runReplay(replay(calls, { caller, signal: cancel.signal }))).rejects.toThrow('Cancelled.')
  await expect(runReplay(replay(calls, { signal: cancel.signal }))).rejects.toThrow('Cancelled.')
})
