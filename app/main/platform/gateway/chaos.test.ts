import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Agent, request } from 'undici'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createSandbox } from '../sandbox/sandbox.ts'
import { context } from '../test-world.ts'
import type { UsableKey, UseRecord } from './gateway-messages.ts'
import { keyOf, startGateway } from './test-gateway.ts'
import type { Limits } from './upstream.ts'

// Vendors that break in every way, callers that come all at once or go in the middle: whatever happens, each request is
// answered and written down once, at the table's price, and nothing is left running.

const MODEL = 'gpt-4.1'
/** Of a million tokens, that is millionths for one. */
const PRICE = { input: 2, output: 8 }
const messages = [{ role: 'user', content: 'Tell me about the tide, please.' }]

interface Answer {
  readonly status: number
  /** `whole`, `cut` for a stream that said why it ends early, the code of a failure, or why it was none. */
  readonly kind: string
  readonly bytes: number
}
function answerOf(status: number, text: string): Answer {
  const whole = text.startsWith('data: ') ? text.endsWith('data: [DONE]\n\n') : text.includes('"finish_reason":"stop"')
  const cut = /data: \{"error":\{"message":"[^"]/.test(text)
  const { code } = (text.startsWith('{"error"') ? (JSON.parse(text).error as { code: string }) : null) ?? {}
  return {
    status,
    kind: code ?? (cut ? 'cut' : whole ? 'whole' : `neither: ${text.slice(0, 200)}`),
    bytes: text.length,
  }
}

interface Given {
  /** What each key's vendor does, in the order they are asked; `well` answers. */
  readonly keys: readonly string[]
  readonly limits?: Partial<Limits>
  readonly clock?: () => number
  readonly change?: Partial<UsableKey>
}
async function startStorm({ keys, limits = {}, clock, change }: Given) {
  const sandbox = createSandbox()
  const { url: vendor } = await sandbox.listen()
  onTestFinished(() => sandbox.close())
  const uses: UseRecord[] = []
  const world = await startGateway(
    keys.map((trick, i) =>
      keyOf(`${i}-${trick}`, `${vendor}/v1`, {
        ...{ vendor: 'openai', service: 'lab', tier: i === 0 ? 'primary' : 'backup', secret: `sk-test-${trick}` },
        ...change,
      }),
    ),
    {
      limits,
      features: { chat: [{ vendor: 'openai', service: 'lab', model: MODEL, tier: null, weight: 1 }] },
      ...(clock ? { clock } : {}),
    },
  )
  const agent = new Agent({ connections: 5000, connect: { timeout: 60_000 }, headersTimeout: 60_000 })
  onTestFinished(() => agent.destroy())
  const take = () => uses.push(...world.journal.take().flatMap(({ use }) => use ?? []))
  return {
    ...world,
    uses,
    counts: sandbox.counts,
    async call(stream: boolean, signal?: AbortSignal): Promise<Answer> {
      try {
        const { statusCode, body } = await request(`${world.url}/v1/chat/completions`, {
          ...{ method: 'POST', dispatcher: agent, headers: { 'content-type': 'application/json' } },
          body: JSON.stringify({ model: MODEL, messages, stream }),
          ...(signal ? { signal } : {}),
        })
        return answerOf(statusCode, await body.text())
      } catch (error) {
        return { status: 0, kind: (error as Error).name, bytes: 0 }
      }
    },
    running: async () =>
      (await world.platform.routeState({ feature: 'chat' }, context)).choices.reduce(
        (sum, one) => sum + one.running,
        0,
      ),
    /** After so many requests: what has to be true however they ended. */
    async checkBooks(requests: number) {
      await vi.waitFor(async () => expect(await this.running()).toBe(0), { timeout: 5000 })
      take()
      expect(uses.length).toBe(requests)
      expect(new Set(uses.map(({ id }) => id)).size).toBe(requests)
      expect(
        uses.filter((one) => one.cost !== one.inputTokens * PRICE.input + one.outputTokens * PRICE.output),
      ).toEqual([])
      const odd = uses.filter(
        ({ durationMs, failed, statusCode }) => !(durationMs >= 0) || failed !== statusCode >= 400,
      )
      expect(odd).toEqual([])
      // Neither what main hears nor what a caller can ask for has a secret.
      const told = JSON.stringify([uses, world.of('gatewayRecords'), world.of('log')])
      expect(told + (await world.send('GET', '/metrics')).text).not.toContain('sk-test-')
    },
  }
}

const usual = { connectMs: 10_000, firstByteMs: 20_000, idleMs: 20_000, totalMs: 20_000, bytes: 1024 * 1024 }
/** Only who is slow meets a short limit: a busy machine is slow as well. */
const limitsFor = (trick: string) =>
  trick === 'drip' || trick === 'hang' ? { ...usual, firstByteMs: 1000, totalMs: 1500 } : usual
const N = 30

test.each(['cut-stream', 'garbage', 'close', 'huge', 'drip', 'hang', 'fail-500', 'fail-401', 'quota'])(
  'a vendor whose way is %s: the next key answers, whole and streamed',
  async (trick) => {
    const storm = await startStorm({ keys: [trick, 'well'], limits: limitsFor(trick) })
    const answers = await Promise.all(Array.from({ length: N }, (_, i) => storm.call(i % 2 === 0)))
    const kinds = Map.groupBy(answers, ({ status, kind }) => `${status} ${kind}`)
    const whole = kinds.get('200 whole')?.length ?? 0
    // A stream that broke off after it was begun is not begun again: it says so and ends.
    const cut = trick === 'cut-stream' ? (kinds.get('200 cut')?.length ?? 0) : 0
    expect([whole + cut, [...kinds.keys()]]).toEqual([N, expect.anything()])
    expect(whole).toBeGreaterThanOrEqual(N / 2)
    await storm.checkBooks(N)
    expect(storm.uses.filter(({ keyId, statusCode }) => keyId === '1-well' && statusCode === 200).length).toBe(whole)
  },
)

test.each(['cut-stream', 'garbage', 'close', 'huge', 'drip', 'hang', 'fail-503'])(
  'a vendor whose way is %s and no other: everybody is told',
  async (trick) => {
    const storm = await startStorm({ keys: [trick], limits: limitsFor(trick) })
    const answers = await Promise.all(Array.from({ length: N }, (_, i) => storm.call(i % 2 === 0)))
    const kinds = [...new Set(answers.map(({ status, kind }) => `${status} ${kind}`))]
    const known = ['200 cut', '502 VENDOR_FAILED', '503 NO_CANDIDATE', '504 VENDOR_FAILED']
    expect(kinds.filter((kind) => !known.includes(kind))).toEqual([])
    await storm.checkBooks(N)
    // Only what came of a stream is paid for.
    const paid = storm.uses.filter(({ cost }) => cost > 0)
    expect(paid.length).toBe(answers.filter(({ kind }) => kind === 'cut').length)
  },
)

test('50 MB in one answer pass with the usual limits, and leave nothing behind', async () => {
  const storm = await startStorm({ keys: ['huge'] })
  const answers = [await storm.call(false), await storm.call(true)]
  const large = answers.map(({ status, kind, bytes }) => [status, kind, bytes > 50 * 1024 * 1024])
  expect(large).toEqual([
    [200, 'whole', true],
    [200, 'whole', true],
  ])
  await storm.checkBooks(2)
})

test('5,000 callers at once: every one is answered, and both sides counted the same', {
  timeout: 120_000,
}, async () => {
  // Each takes a connection here, one at the gateway and at times one at the vendor.
  const { soft } = (process.report.getReport() as unknown as Report).userLimits.open_files
  const callers = Math.min(5000, soft === 'unlimited' ? 5000 : Math.floor((Number(soft) - 1000) / 3.5))
  // On a busy machine a connection of so many may take its time.
  const storm = await startStorm({ keys: ['slow-300'], limits: { connectMs: 60_000 } })
  const answers = await Promise.all(Array.from({ length: callers }, () => storm.call(false)))
  const kinds = Map.groupBy(answers, ({ status, kind }) => `${status} ${kind}`)
  expect([...kinds].map(([kind, { length }]) => `${length} × ${kind}`)).toEqual([`${callers} × 200 whole`])
  await storm.checkBooks(callers)
  const sum = (of: (use: UseRecord) => number) => storm.uses.reduce((total, use) => total + of(use), 0)
  const { requests, inputTokens, outputTokens } = storm.counts()
  expect([callers, sum((use) => use.inputTokens), sum((use) => use.outputTokens)]).toEqual([
    ...[requests, inputTokens, outputTokens],
  ])
  expect(sum((use) => use.cost)).toBe(inputTokens * PRICE.input + outputTokens * PRICE.output)
})
interface Report {
  readonly userLimits: { readonly open_files: { readonly soft: number | 'unlimited' } }
}

test('more callers than a key takes at once: the rest is told when to come again', async () => {
  const storm = await startStorm({ keys: ['slow-1500'], change: { concurrency: 10 } })
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => storm.call(i % 2 === 0)))
  const by = Map.groupBy(answers, ({ status }) => status)
  expect([by.get(200)!.length, by.get(429)!.length, storm.counts().requests]).toEqual([10, 90, 10])
  await storm.checkBooks(100)
})

test('callers that hang up together take their calls along', async () => {
  const storm = await startStorm({ keys: ['hang', 'well'] })
  const controller = new AbortController()
  const calls = Array.from({ length: 200 }, (_, i) => storm.call(i % 2 === 0, controller.signal))
  await vi.waitFor(() => expect(storm.counts().requests).toBe(200))
  expect(await storm.running()).toBe(200)
  controller.abort()
  await Promise.all(calls)
  await storm.checkBooks(200)
  // What was sent is estimated: the vendor may have read it.
  expect(storm.uses.filter((use) => use.statusCode !== 499 || use.inputTokens === 0 || use.outputTokens > 0)).toEqual(
    [],
  )
  // It says nothing about the key, and nobody else was asked for those who have gone.
  expect(storm.counts().requests).toBe(200)
  const { choices } = await storm.platform.routeState({ feature: 'chat' }, context)
  expect(choices.map(({ state }) => state.kind)).toEqual(['ready', 'ready'])
})

test('a clock that jumps a day forwards and back loses nothing and blocks nobody', async () => {
  const day = 24 * 3_600_000
  let offset = 0
  const clock = () => Date.now() + offset
  const storm = await startStorm({ keys: ['fail-429', 'well'], clock, change: { rpm: 1000, tpm: 1_000_000 } })
  const states = async () =>
    (await storm.platform.routeState({ feature: 'chat' }, context)).choices.map((one) => one.state)
  for (const jump of [0, day, -day, -day, day, 0]) {
    offset += jump
    const before = clock()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => storm.call(i % 2 === 0)))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    // What the vendor asked for is two seconds of pause: not a day more, not a day less.
    const [resting, well] = await states()
    expect(well).toEqual({ kind: 'ready' })
    if (resting!.kind === 'cooling') expect(resting!.until - before).toBeLessThan(5000)
  }
  await storm.checkBooks(120)
  expect(storm.uses.filter(({ durationMs }) => durationMs > 10_000)).toEqual([])
})

test('what is used of memory does not grow from batch to batch', { timeout: 120_000 }, async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const storm = await startStorm({ keys: ['garbage', 'cut-stream', 'well'], limits: usual })
  const heaps: number[] = []
  for (let batch = 0; batch < 8; batch++) {
    for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 50 }, (_, at) => storm.call(at % 2 === 0)))
    await vi.waitFor(async () => expect(await storm.running()).toBe(0))
    expect(storm.journal.take().length).toBe(500)
    collect()
    heaps.push(process.memoryUsage().heapUsed)
  }
  // The first batches fill caches and windows.
  const early = Math.max(...heaps.slice(2, 5))
  expect(Math.min(...heaps.slice(5)) - early).toBeLessThan(1024 * 1024)
})
