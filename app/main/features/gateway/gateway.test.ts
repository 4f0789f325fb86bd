// biome-ignore-all lint/style/noRestrictedImports: tests build what stands around the feature.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fakeHost } from '../../../../tests/lib/fake-host.ts'
import type { Token, TokenFacts, UsageQuestion, UsageRow } from '../../../shared/contracts/gateway.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import { silentLog } from '../../lib/log.ts'
import type { GatewayAsks, Job, UseRecord } from '../../platform/gateway/gateway-messages.ts'
import { createJournal, journalFiles } from '../../platform/gateway/journal.ts'
import { type JournalEntry, lineOf } from '../../platform/gateway/journal-line.ts'
import type { LastMinute } from '../routing/engine/engine-types.ts'
import { createRouting } from '../routing/routing.ts'
import { decisionOf, openStoreWorld } from '../routing/test-world.ts'
import { createGatewayStore, type GatewayOptions, type GatewayStore } from './gateway.ts'
import { createJournalReader } from './journal.ts'
import { createUsage, useOfKeys } from './usage.ts'

const me: Caller = { actor: 'browser' }
type Batch = GatewayAsks['gatewayRecords']['input']
const batchOf = (change: Partial<Batch>): Batch => ({
  ...{ uses: [], decisions: [], health: [], failures: [], tokensUsed: [] },
  ...change,
})
const facts = (change: Partial<TokenFacts> = {}): TokenFacts => ({
  ...{ name: 'Robot', scopes: { features: ['chat'], models: null, plugins: [] } },
  ...{ rpm: 60, tpm: null, expiresAt: null },
  ...change,
})

/** What a page that looks is told first. */
function usageOf(store: GatewayStore, question: UsageQuestion): UsageRow[] {
  let told: UsageRow[] = []
  const first = (update: { rows: UsageRow[] }) => {
    told = update.rows
    return true
  }
  const leave = store.handlers.onUsage(first, question, me)
  leave()
  return told
}

function openWorld() {
  const world = openStoreWorld()
  const heard: unknown[] = []
  const routing = createRouting(world)
  const open = (change: Partial<GatewayOptions> = {}) =>
    createGatewayStore({
      ...world,
      host: fakeHost(),
      keepDecisions: routing.keepDecisions,
      applyHealth: (health) => heard.push({ health }),
      applyFailures: (failures) => heard.push({ failures }),
      applyUses: (uses, calls) =>
        heard.push({ uses: uses.map(({ id }) => id), calls: calls.map(({ keyId, failed }) => `${keyId} ${failed}`) }),
      keyName: (id) => (id === 'k1' ? 'First' : null),
      ...change,
    })
  /** As the worker writes it down; a worker begins a file of its own. */
  function write(...lines: readonly string[]): void {
    const journal = createJournal({ folder: world.journalFolder, lost: (reason) => heard.push(reason) })
    for (const line of lines) journal.append(line)
    journal.close()
  }
  const hours = () =>
    world.db.get('SELECT sum(requests) AS requests, sum(errors) AS errors, sum(cost) AS cost FROM usage_hours')
  return { ...world, ...{ routing, heard, open, write, hours } }
}

let count = 0
const use = (change: Partial<UseRecord> = {}): UseRecord => ({
  ...{
    id: `u${++count}`,
    at: Date.UTC(2026, 2, 31, 22, 40),
    feature: 'chat',
    model: 'm',
    keyId: 'k1',
    vendor: 'openai',
  },
  ...{ tokenId: null, statusCode: 200, failed: false, inputTokens: 10, outputTokens: 20, images: 0 },
  ...{ cost: 300_000, currency: 'USD', durationMs: 100, firstTokenMs: null },
  ...change,
})

test.each([
  ...['{', '7', '{"requests":[]}', '{"requests":"a","tokens":[]}', '{"requests":[[1]],"tokens":[]}'],
  ...['{"requests":[[1,"2"]],"tokens":[]}', '{"requests":[[1,-2]],"tokens":[]}'],
])('a last minute that is stored as %s is left out and logged, and the token stays', async (stored) => {
  const world = openWorld()
  const store = world.open()
  const { id } = await store.handlers.createToken(facts(), me)
  store.stop()
  world.db.run('UPDATE gateway_tokens SET minute = ?', stored)
  const warned: unknown[] = []
  world.open({ log: { ...silentLog, warn: (...said) => void warned.push(said) } })
  expect(world.told('tokens').at(-1)).toMatchObject([{ id, minute: null }])
  expect(warned).toEqual([['gateway', 'last minute of a token cannot be read', { id }]])
})

test('a token is answered once, kept as its hash, told to the worker until it is revoked', async () => {
  const world = openWorld()
  const store = world.open()
  let list = new Map<string, Token>()
  store.handlers.onTokens(
    (update) => {
      if (update.kind === 'snapshot') list = new Map(update.tokens.map((token) => [token.id, token]))
      else for (const token of update.upserted) list.set(token.id, token)
      return true
    },
    undefined,
    me,
  )
  const { id, token } = await store.handlers.createToken(facts(), me)
  const other = await store.handlers.createToken(facts({ name: 'Other' }), me)
  await store.handlers.changeToken({ id, facts: { rpm: null, expiresAt: 5 } }, me)
  // A busy one was used in every second.
  const minute: LastMinute = { requests: Array.from({ length: 61 }, (_, n) => [1_000 + n, 2]), tokens: [] }
  const used = [
    { id, at: world.now.ms + 61_000, minute: null },
    { id, at: world.now.ms + 59_000, minute },
    { id: 'unknown', at: 1, minute },
  ]
  await store.recordGateway(batchOf({ tokensUsed: used }))
  await store.handlers.revokeTokens({ ids: [other.id, other.id] }, me)
  const refused = await Promise.allSettled([
    (async () => store.handlers.changeToken({ id: other.id, facts: { rpm: 1 } }, me))(),
    (async () => store.handlers.revokeTokens({ ids: [id, 'none'] }, me))(),
  ])

  const hash = createHash('sha256').update(token).digest('hex')
  const kept = { name: 'Robot', scopes: facts().scopes, rpm: null, tpm: null, expiresAt: 5 }
  expect(token).toMatch(/^ph_[A-Za-z0-9_-]{43}$/)
  expect(list.get(id)).toEqual({
    ...{ id, prefix: token.slice(0, 9), ...kept },
    ...{ createdAt: world.now.ms, lastUsedAt: world.now.ms + 60_000, revokedAt: null },
  })
  expect(list.get(other.id)!.revokedAt).toBe(world.now.ms)
  expect(world.told('tokens').map((told) => told.length)).toEqual([0, 1, 2, 2, 1])
  expect(world.told('tokens').at(-1)).toEqual([{ id, hash, ...kept, minute }])
  expect(refused.map((one) => (one.status === 'rejected' ? (one.reason as AppError).code : 'done'))).toEqual([
    'TOKEN_NOT_FOUND',
    'TOKEN_NOT_FOUND',
  ])
  expect(world.lines().map((line) => line.slice(0, 48))).toEqual([
    'browser token.create token Robot {"name":"Robot"',
    'browser token.create token Other {"name":"Other"',
    'browser token.change token Robot {"name":"Robot"',
    'browser token.revoke token Other {"name":"Other"',
  ])

  // The next console has the same, and nothing on the disk has the token.
  store.stop()
  world.open()
  expect(world.told('tokens').at(-1)).toEqual([{ id, hash, ...kept, minute }])
  world.db.pragma('wal_checkpoint(TRUNCATE)')
  expect(readFileSync(world.db.file, 'latin1')).not.toContain(token.slice(10))
})

/** Of a request that a first key could not answer. */
const line = (one: UseRecord) =>
  lineOf(
    one,
    [
      { keyId: 'k0', failed: true },
      { keyId: 'k1', failed: false },
    ],
    decisionOf(one.id),
    null,
  )

test('what was written down counts once, whatever main was doing, and what cannot be kept comes again', async () => {
  const world = openWorld()
  const health = [{ id: 'k1' }] as unknown as Batch['health']
  const failures = [{ keyId: 'k1', at: 1, code: 'VENDOR_FAILED', message: 'no' }]
  const batch = batchOf({ health, failures })
  let disk = 'full'
  const store = world.open({
    keepDecisions(decisions) {
      world.routing.keepDecisions(decisions)
      if (disk === 'full') throw new Error('the disk is full')
    },
  })
  // A long job that ended in two workers has no decision beside it.
  const job = lineOf(use({ id: 'job' }), [{ keyId: 'k2', failed: false }], null, null)
  world.write(line(use({ id: 'a' })), job, job, line(use({ id: 'b', failed: true, statusCode: 500, cost: 0 })))
  await expect(store.recordGateway(batch)).rejects.toThrow('the disk is full')
  const before = [world.hours(), world.heard]
  expect(before).toEqual([{ requests: null, errors: null, cost: null }, []])

  disk = 'roomy'
  await store.recordGateway(batch)
  await store.recordGateway(batchOf({}))
  const { decisions } = await world.routing.handlers.decisions({ feature: null, before: null, limit: 9 }, me)
  expect([world.hours(), decisions.map(({ decision }) => decision.id), world.heard]).toEqual([
    { requests: 3, errors: 1, cost: 600_000 },
    ['b', 'a'],
    [
      { uses: ['a', 'job', 'b'], calls: ['k0 true', 'k1 false', 'k2 false', 'k0 true', 'k1 false'] },
      ...[{ health }, { failures }],
    ],
  ])
  const ofKeys = useOfKeys(world.db, 0).map(({ keyId, requests, errors, cost }) => [keyId, requests, errors, cost])
  expect(ofKeys).toEqual([
    ['k0', 2, 2, 0],
    ['k1', 2, 0, 600_000],
    ['k2', 1, 0, 0],
  ])
})

test('what an earlier run wrote down is kept before anything else, each line once, and a torn one is nothing', async () => {
  const world = openWorld()
  world.write(line(use({ id: 'a' })), line(use({ id: 'b' })))
  world.write(line(use({ id: 'c' })), line(use({ id: 'd' })).slice(0, 40))
  world.write(line(use({ id: 'e' })), 'no line of ours\n', line(use({ id: 'f' })))
  world.open().stop()
  expect([world.hours(), journalFiles(world.journalFolder).length]).toEqual([
    { requests: 5, errors: 0, cost: 1_500_000 },
    1,
  ])
  world.write(line(use({ id: 'g' })))
  const store = world.open()
  world.write(line(use({ id: 'h' })))
  await store.recordGateway(batchOf({}))
  expect([world.hours(), journalFiles(world.journalFolder).length]).toEqual([
    { requests: 7, errors: 0, cost: 2_100_000 },
    1,
  ])
})

test('a line is read whole however the slices fall', () => {
  const world = openWorld()
  const kept: string[] = []
  world.write(...Array.from({ length: 40 }, (_, i) => line(use({ id: `${i}`, model: '水'.repeat(i) }))))
  const keep = (entries: readonly JournalEntry[]) => void kept.push(...entries.map(({ use: one }) => one!.id))
  const reader = createJournalReader({ db: world.db, folder: world.journalFolder, keep, sliceBytes: 1000 })
  while (reader.step());
  expect([kept, reader.unreadable()]).toEqual([Array.from({ length: 40 }, (_, i) => `${i}`), 0])
})

test('what was used is told by hour, day, model, key, feature and caller, money by its currency', async () => {
  const world = openWorld()
  const store = world.open()
  const { id } = await store.handlers.createToken(facts(), me)
  const next = Date.UTC(2026, 3, 1, 0, 5)
  const nobody = { keyId: null, vendor: null, failed: true, cost: Number.NaN }
  const all = [
    use({ durationMs: 50, firstTokenMs: 8 }),
    use({ firstTokenMs: 12 }),
    use({ keyId: 'k2', vendor: 'aliyun', currency: 'CNY', cost: 7, model: 'qwen', tokenId: id }),
    use({ at: next, feature: 'text_to_image', model: 'i', images: 2, ...nobody }),
  ]
  world.write(
    ...all.map((one) => lineOf(one, one.keyId ? [{ keyId: one.keyId, failed: false }] : [], decisionOf(one.id), null)),
  )
  await store.recordGateway(batchOf({}))
  const ask = (by: UsageQuestion['by'], from = 0, to = next + 1) => usageOf(store, { by, from, to })
  const brief = (...asked: Parameters<typeof ask>) =>
    ask(...asked).map(({ label, requests, errors, cost }) => [label, requests, errors, ...cost.map((c) => c.amount)])
  const [first] = ask('hour')
  const { hour, ...sums } = useOfKeys(world.db, Date.UTC(2026, 2, 31, 22))[0]!
  expect([hour, sums]).toEqual([
    Date.UTC(2026, 2, 31, 22),
    { keyId: 'k1', requests: 2, errors: 0, inputTokens: 20, outputTokens: 40, cost: 600_000, unpriced: 0 },
  ])
  expect(first).toEqual({
    ...{ group: '2026-03-31T22:00:00.000Z', label: '2026-03-31T22:00:00.000Z', requests: 3, errors: 0 },
    ...{ inputTokens: 30, outputTokens: 60, images: 0, unpriced: 0, averageMs: 250 / 3, firstTokenMs: 10 },
    cost: [
      { currency: 'CNY', amount: 7 },
      { currency: 'USD', amount: 600_000 },
    ],
  })
  expect({
    day: brief('day'),
    model: brief('model'),
    key: brief('key'),
    feature: brief('feature'),
    caller: brief('caller'),
    // An hour that the time touches is told whole.
    later: brief('model', next + 600_000, next + 900_000),
    before: brief('model', 0, Date.UTC(2026, 2, 31, 22)),
  }).toEqual({
    day: [
      ['2026-03-31', 3, 0, 7, 600_000],
      ['2026-04-01', 1, 1],
    ],
    model: [
      ['m', 2, 0, 600_000],
      ['i', 1, 1],
      ['qwen', 1, 0, 7],
    ],
    key: [
      ['First', 2, 0, 600_000],
      ['', 1, 1],
      ['k2', 1, 0, 7],
    ],
    feature: [
      ['chat', 3, 0, 7, 600_000],
      ['text_to_image', 1, 1],
    ],
    caller: [
      ['', 3, 1, 600_000],
      ['Robot', 1, 0, 7],
    ],
    later: [['i', 1, 1]],
    before: [],
  })
})

test('calls of models without a known price are counted beside what the others cost', async () => {
  const world = openWorld()
  const store = world.open()
  const own = { model: 'own', cost: 0, unpriced: true } as const
  for (const one of [use(), use(own), use(own)]) world.write(lineOf(one, [], decisionOf(one.id), null))
  await store.recordGateway(batchOf({}))
  // Added to the same hour.
  const late = use(own)
  world.write(lineOf(late, [], decisionOf(late.id), null))
  await store.recordGateway(batchOf({}))
  const rows = (by: UsageQuestion['by']) =>
    usageOf(store, { by, from: 0, to: Date.UTC(2026, 4, 1) }).map(({ label, cost, unpriced }) => [
      label,
      cost,
      unpriced,
    ])
  expect([rows('model'), rows('key'), useOfKeys(world.db, 0).map(({ cost, unpriced }) => [cost, unpriced])]).toEqual([
    [
      ['own', [], 3],
      ['m', [{ currency: 'USD', amount: 300_000 }], 0],
    ],
    [['First', [{ currency: 'USD', amount: 300_000 }], 3]],
    [[300_000, 3]],
  ])
})

test('callers that name ever other models do not choose how much is kept; 13 months are', () => {
  const world = openWorld()
  const usage = createUsage(world.db, 3)
  usage.count(['a', 'b', 'c', 'd', 'e', 'a'].map((model) => ({ use: use({ model }), calls: [], decision: null })))
  const models = () =>
    world.db
      .all<{ told: string }>(
        "SELECT model || ' ' || sum(requests) AS told FROM usage_hours GROUP BY model ORDER BY model",
      )
      .map(({ told }) => told)
  const before = models()
  world.now.ms = Date.UTC(2027, 3, 30)
  world.open()
  const kept = models()
  world.now.ms = Date.UTC(2027, 4, 2)
  world.open()
  expect([before, kept, models()]).toEqual([['(other) 2', 'a 2', 'b 1', 'c 1'], ['(other) 2', 'a 2', 'b 1', 'c 1'], []])
})

test('jobs outlive the console, ended ones for a week', async () => {
  const world = openWorld()
  const job = (id: string, state: Job['state'], updatedAt = world.now.ms): Job => ({
    ...{ id, at: 1, feature: 'text_to_image', model: 'm', keyId: 'k1', tokenId: null, request: '{}' },
    ...{ state, vendorTaskId: null, result: null, error: null, updatedAt },
  })
  const store = world.open()
  await store.asks.saveJob(job('a', 'submitting'), null as never)
  await store.asks.saveJob(job('a', 'running'), null as never)
  await store.asks.saveJob(job('b', 'submitting'), null as never)
  await store.asks.saveJob(job('c', 'succeeded'), null as never)
  await store.asks.saveJob(job('d', 'unknown', world.now.ms - 8 * 24 * 3_600_000), null as never)
  world.restart()
  world.now.ms += 7 * 24 * 3_600_000
  world.open()
  const told = world.told('jobs').map((jobs) => jobs.map(({ id, state }) => `${id} ${state}`))
  expect([told.at(-2), told.at(-1), world.db.all('SELECT id FROM gateway_jobs').length]).toEqual([
    ['a running', 'b submitting'],
    ['a running', 'b submitting'],
    2,
  ])
})

test('what a worker wrote last is counted before the next one begins, though it told nobody', () => {
  const world = openWorld()
  const store = world.open()
  world.write(lineOf(use(), [{ keyId: 'k1', failed: false }], null, null))
  store.catchUp()
  expect(world.heard).toEqual([{ uses: [expect.any(String)], calls: ['k1 false'] }])
  store.stop()
})
