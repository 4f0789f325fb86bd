import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type EndpointTest, runEndpointTest } from './endpoint-test.ts'
import { testCaller, testDefinition, testPlugin, testTool } from './test-plugin.ts'

const open: Server[] = []
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const answered = { find: 200, items: 404, mine: 401, broken: 500, remove: 200 } as Record<string, number>
async function counting() {
  const requests: string[] = []
  const server = await serving((request, reply) => {
    requests.push(`${request.method} ${request.url}`)
    const name = request.url!.split(/[/?]/)[1]!
    reply.writeHead(answered[name] ?? 404).end('{}')
  })
  return { server, requests, calls: () => requests.filter((one) => !/HEAD|health/.test(one)).sort() }
}

const options = (more: Pick<EndpointTest, 'plugin'> & Partial<EndpointTest>): EndpointTest => ({
  ...{ caller: testCaller, exampleArguments: () => ({ q: 'x' }), unsafe: [], report: () => {} },
  ...{ policy: { allowLoopback: true, allowPrivate: true }, guard: () => null, signal: new AbortController().signal },
  ...more,
})
const brief = ({ calls }: Awaited<ReturnType<typeof runEndpointTest>>) =>
  calls.map(
    ({ operationId, outcome, statusCode, failure }) => `${operationId} ${outcome} ${statusCode} ${failure?.code}`,
  )

const tools = [
  testTool('find'),
  testTool('items', { method: 'HEAD' }),
  testTool('mine'),
  testTool('broken'),
  testTool('create', { method: 'POST' }),
  testTool('remove', { method: 'DELETE' }),
  testTool('wrong', { disabled: 'PATH_WRONG' }),
]

test('safe operations are called, others are listed; below 500 counts as answered and stays visible', async () => {
  const { server, calls } = await counting()
  const progress: string[] = []
  const report = await runEndpointTest(
    options({
      plugin: testPlugin(testDefinition(tools, { server: `${server}/` })),
      report: ({ done, total }) => progress.push(`${done}/${total}`),
    }),
  )
  expect([brief(report), report.successRate, report.versionId, report.reached.map((one) => one.server)]).toEqual([
    [
      ...['find ok 200 undefined', 'items ok 404 UPSTREAM_FAILED', 'mine ok 401 UPSTREAM_FAILED'],
      ...['broken failed 500 UPSTREAM_FAILED', 'create skipped null undefined', 'remove skipped null undefined'],
    ],
    ...[0.75, 7, [server]],
  ])
  expect(calls()).toEqual(['GET /broken?q=x', 'GET /find?q=x', 'GET /mine?q=x'])
  expect(progress).toEqual(['0/5', '1/5', '2/5', '3/5', '4/5', '5/5'])
})

test('an unsafe operation is called only when it was chosen', async () => {
  const { server, calls } = await counting()
  const plugin = testPlugin(testDefinition(tools.slice(4), { server }))
  expect((await runEndpointTest(options({ plugin }))).successRate).toBe(null)
  const report = await runEndpointTest(options({ plugin, unsafe: ['remove', 'wrong'] }))
  expect([brief(report), calls(), report.successRate]).toEqual([
    ['create skipped null undefined', 'remove ok 200 undefined'],
    ['DELETE /remove?q=x'],
    1,
  ])
})

test('every server is tried once, and nothing is called at one that was not reached', async () => {
  const { server, calls } = await counting()
  const gone = await serving(() => {})
  await new Promise((resolve) => open.pop()!.close(resolve))
  const own = [testTool('find'), testTool('items', { server: gone }), testTool('mine', { server: `${gone}/` })]
  const plugin = testPlugin(testDefinition(own, { server: 'http://[fe80::1]' }), { server })
  const guard = (address: string) => (address === 'fe80::1' ? 'link-local' : null)
  const report = await runEndpointTest(options({ plugin, guard }))
  expect([brief(report), report.reached.map((one) => `${one.server} ${one.steps.at(-1)!.detail}`), calls()]).toEqual([
    ['find ok 200 undefined', 'items failed null UPSTREAM_UNREACHABLE', 'mine failed null UPSTREAM_UNREACHABLE'],
    [
      `${server} HTTP 404`,
      'http://[fe80::1] ADDRESS_FORBIDDEN fe80::1: link-local',
      `${gone} ${gone.slice(7).replace(':', ' ')} ECONNREFUSED`,
    ],
    ['GET /find?q=x'],
  ])
  expect(report.successRate).toBeCloseTo(1 / 3)
})

test('at most four calls are under way', async () => {
  let [now, most] = [0, 0]
  const { server } = await counting()
  const { promise: four, resolve } = Promise.withResolvers<void>()
  const caller: EndpointTest['caller'] = {
    async call(...args) {
      most = Math.max(most, ++now)
      if (now === 4) resolve()
      await four
      const outcome = await testCaller.call(...args)
      now--
      return outcome
    },
  }
  const many = Array.from({ length: 12 }, (_, i) => testTool(`t${i}`))
  const report = await runEndpointTest(options({ plugin: testPlugin(testDefinition(many, { server })), caller }))
  expect([most, report.calls.map(({ operationId }) => operationId)]).toEqual([4, many.map((one) => one.operationId)])
})

test('cancelling ends it at once, though a call does not listen, and nothing more is begun or told', async () => {
  const cancel = new AbortController()
  const { server } = await counting()
  let begun = 0
  const told: number[] = []
  const caller: EndpointTest['caller'] = {
    call() {
      if (++begun === 4) cancel.abort()
      return new Promise(() => {})
    },
  }
  const many = Array.from({ length: 12 }, (_, i) => testTool(`t${i}`))
  const running = runEndpointTest(
    options({
      plugin: testPlugin(testDefinition(many, { server })),
      ...{ caller, signal: cancel.signal, report: ({ done }) => told.push(done) },
    }),
  )
  await expect(running).rejects.toThrow('Cancelled.')
  expect([begun, told]).toEqual([4, [0, 1]])
})
