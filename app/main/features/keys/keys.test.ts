import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { KeyDetails } from '../../../shared/contracts/keys.ts'
import { createLog } from '../../lib/log-file.ts'
import { monthOf } from '../../lib/month.ts'
import type { UseRecord } from '../../platform/gateway/gateway-messages.ts'
import { codeOf, context, facts, healthy, me, openKeys } from './test-world.ts'

const noUse = {
  requestsToday: 0,
  errorsToday: 0,
  tokensToday: 0,
  costToday: 0,
  costThisMonth: 0,
  unpricedToday: 0,
  unpricedThisMonth: 0,
}
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Noon of a day in the middle of a month. */
const noon = Date.UTC(2026, 4, 15, 12)
/** So many days after it, as a notice says it. */
const dayOf = (days: number) => new Date(noon + days * DAY).toLocaleDateString('sv')

test('a fresh console has the sandbox key, masked for pages and in clear for the worker alone', async () => {
  const world = await openKeys()
  await codeOf(() => world.handlers.reveal({ id: 'sandbox' }, me))
  expect(world.list()).toEqual([
    {
      ...{ id: 'sandbox', vendor: 'sandbox', service: 'sandbox', name: 'Sandbox', tier: 'sandbox' },
      ...{ maskedSecret: '****', baseUrl: null, weight: 1, rpm: null, tpm: null, concurrency: null },
      ...{ currency: 'USD', monthlyBudget: null, expiresAt: null, state: { kind: 'ready' }, graceUntil: null },
      ...{ lastTest: null, balance: null, models: null, lastError: null, use: noUse, modelMapping: {} },
      retiring: [],
      ...{ createdAt: expect.any(Number), updatedAt: expect.any(Number) },
    },
  ])
  expect([...world.table.values()]).toEqual([
    {
      ...{ id: 'sandbox', vendor: 'sandbox', service: 'sandbox', name: 'Sandbox', tier: 'sandbox', weight: 1 },
      ...{ baseUrl: null, rpm: null, tpm: null, concurrency: null, monthlyBudget: null, currency: 'USD' },
      ...{ enabled: true, expiresAt: null, modelMapping: {}, secret: 'sandbox', former: null },
    },
  ])
  await world.handlers.remove({ ids: ['sandbox'] }, me)
  await world.close()
  const next = await openKeys({ folder: world.folder })
  await codeOf(() => next.handlers.reveal({ id: 'sandbox' }, me))
  expect([next.list(), [...next.table]]).toEqual([[], []])
})

test('a key goes through its life; each step is one audit line, and no secret is on the disk in clear', async () => {
  const [first, second] = ['sk-test-first-0123456789', 'sk-test-second-0123456789']
  const folder = tempFolder()
  const log = createLog(folder)
  const now = { at: noon }
  const world = await openKeys({ folder, clock: () => now.at, log })
  const id = await world.add({ secret: first, name: 'Main', monthlyBudget: 5_000_000 })
  const duplicate = await world.add({ secret: first, vendor: 'aliyun', name: 'Other' }).catch((error) => error)
  const refused = [
    await codeOf(() => world.add({ secret: 'sk-test-x', name: 'Main' })),
    await codeOf(() => world.add({ secret: 'sk-test-x', name: 'No address', vendor: 'openai-compatible' })),
    await codeOf(() => world.add({ secret: 'sk-test-x', name: 'Open', baseUrl: 'https://me:sk-test-first@a.test/v1' })),
    await codeOf(() => world.handlers.change({ id: 'none', facts: {} }, me)),
    await codeOf(() => world.handlers.disable({ ids: [id, 'none'], reason: '' }, me)),
  ]
  await world.handlers.change({ id, facts: { tier: 'backup', baseUrl: 'https://proxy.test/v1/' }, secret: first }, me)
  await world.handlers.disable({ ids: [id], reason: 'too dear' }, me)
  const disabled = world.key(id).state
  await world.handlers.enable({ ids: [id] }, me)
  await world.handlers.rotate({ id, secret: second, graceHours: 2 }, me)
  const revealed = await world.handlers.reveal({ id }, me)
  const rotated = world.table.get(id)
  const { maskedSecret, graceUntil, tier, baseUrl, currency, state } = world.key(id)
  const written = world.audited().map(({ action, target, before, after }) => [action, target, before, after])
  await world.close()
  log.stop()
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
    .join()

  expect({
    duplicate: [duplicate.code, duplicate.details],
    refused,
    disabled,
    key: { maskedSecret, graceUntil, tier, baseUrl, currency, state },
    revealed,
    rotated: [rotated?.secret, rotated?.former, rotated?.baseUrl],
    written,
    leaked: [first, second, 'sk-t'].filter((secret) => bytes.includes(secret)),
    log: bytes.includes('"rotate"'),
  }).toEqual({
    duplicate: ['KEY_DUPLICATE_SECRET', { name: 'Main' }],
    refused: ['KEY_NAME_TAKEN', 'KEY_NEEDS_ADDRESS', 'ARGUMENT_INVALID', 'KEY_NOT_FOUND', 'KEY_NOT_FOUND'],
    disabled: { kind: 'disabled', reason: 'too dear', at: noon },
    key: {
      ...{ maskedSecret: 'sk-t****6789', graceUntil: noon + 2 * HOUR, tier: 'backup' },
      ...{ baseUrl: 'https://proxy.test/v1', currency: 'USD', state: { kind: 'ready' } },
    },
    revealed: { secret: second, until: noon + 30_000 },
    rotated: [second, { secret: first, until: noon + 2 * HOUR }, 'https://proxy.test/v1'],
    written: [
      ['key.add', 'key Main', null, JSON.stringify({ ...facts, monthlyBudget: 5_000_000 })],
      [
        ...['key.change', 'key Main', '{"tier":"primary","baseUrl":null}'],
        '{"tier":"backup","baseUrl":"https://proxy.test/v1"}',
      ],
      ['key.disable', 'key Main', null, '{"reason":"too dear"}'],
      ['key.enable', 'key Main', '{"reason":"too dear"}', null],
      ['key.rotate', 'key Main', null, '{"graceHours":2}'],
      ['key.reveal', 'key Main', null, null],
    ],
    leaked: [],
    log: true,
  })
})

test('what the vendor does to a key is shown until the clock ends it, and outlives a restart', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: noon })
  try {
    const world = await openKeys()
    const id = await world.add({ expiresAt: noon + 20 * DAY })
    const broken = { openUntil: noon + 90_000, opened: 1, recoveredAt: null }
    world.keys.applyHealth([
      healthy(id, { coolingUntil: noon + 60_000, breaker: broken }),
      healthy('candidate openai/gpt-4/gpt-4.1', { failures: 3 }),
      healthy('gone', { failures: 1 }),
    ])
    await turn()
    const seen = [world.key(id).state]
    await world.close()

    const next = await openKeys({ folder: world.folder })
    await turn()
    seen.push(next.key(id).state)
    for (const wait of [60_000, 30_000]) {
      await vi.advanceTimersByTimeAsync(wait)
      await turn()
      seen.push(next.key(id).state)
    }
    next.keys.applyHealth([healthy(id, { bench: { reason: 'bad-key', at: noon + 90_000, until: null } })])
    await turn()
    seen.push(next.key(id).state)
    await next.handlers.test({ id }, me)
    seen.push(next.key(id).state)
    await vi.advanceTimersByTimeAsync(20 * DAY)
    await turn()
    seen.push(next.key(id).state)

    expect({
      seen,
      resets: next.resets,
      given: next.state.health.map((one) => one.id).sort(),
      notices: next.notices,
    }).toEqual({
      seen: [
        { kind: 'cooling', until: noon + 60_000 },
        { kind: 'cooling', until: noon + 60_000 },
        { kind: 'broken', until: noon + 90_000 },
        { kind: 'ready' },
        { kind: 'benched', reason: 'bad-key', at: noon + 90_000, until: null },
        { kind: 'ready' },
        { kind: 'expired', at: noon + 20 * DAY },
      ],
      resets: [id],
      given: ['candidate openai/gpt-4/gpt-4.1', id].sort(),
      notices: [
        ...[`KEY_EXPIRES Main openai 14 ${dayOf(20)}`, `KEY_EXPIRES Main openai 3 ${dayOf(20)}`],
        `KEY_EXPIRED Main openai ${dayOf(20)}`,
      ],
    })
  } finally {
    vi.useRealTimers()
  }
})

test('a former secret is forgotten when its grace ends; a reminder is given once over restarts', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: noon })
  try {
    const world = await openKeys()
    const id = await world.add({ expiresAt: noon + 2 * DAY })
    await world.handlers.rotate({ id, secret: 'sk-test-second', graceHours: 1 }, me)
    const during = world.table.get(id)?.former
    await vi.advanceTimersByTimeAsync(HOUR)
    await turn()
    const after = world.table.get(id)?.former
    const kept = world.db.get('SELECT former_secret AS secret, former_until AS until FROM keys WHERE id = ?', id)
    const noticed = [...world.notices]
    await world.close()
    const next = await openKeys({ folder: world.folder })
    await vi.advanceTimersByTimeAsync(HOUR)
    await next.handlers.change({ id, facts: { expiresAt: Date.now() + 5 * DAY } }, me)
    await vi.advanceTimersByTimeAsync(2000)
    expect({ during: during?.secret, after, kept, noticed, again: next.notices }).toEqual({
      ...{ during: 'sk-test-0123456789', after: null, kept: { secret: null, until: null } },
      noticed: [`KEY_EXPIRES Main openai 3 ${dayOf(2)}`],
      again: [expect.stringMatching(/^KEY_EXPIRES Main openai 14 \d{4}-\d\d-\d\d$/)],
    })
  } finally {
    vi.useRealTimers()
  }
})

test('use is added to what was stored, by hour, day and month', async () => {
  const now = { at: noon }
  const stored = (hour: number) => ({
    ...{ keyId: 'sandbox', hour, requests: 2, errors: 1, inputTokens: 10, outputTokens: 5, cost: 100, unpriced: 1 },
  })
  const asked: number[] = []
  const world = await openKeys({
    clock: () => now.at,
    loadUse(since) {
      asked.push(since)
      return [stored(noon - 13 * HOUR), stored(noon - 2 * HOUR), stored(Date.UTC(2026, 4, 1))]
    },
  })
  const details: KeyDetails[] = []
  const stop = world.handlers.onDetails((one) => details.push(one) > 0, { id: 'sandbox' }, me)
  const record = (change: Partial<UseRecord>): UseRecord => ({
    ...{ id: 'r', at: noon, feature: 'chat', model: 'm', keyId: 'sandbox', vendor: 'sandbox', tokenId: null },
    ...{ statusCode: 200, failed: false, inputTokens: 3, outputTokens: 4, images: 0, cost: 7, currency: 'USD' },
    ...{ durationMs: 1, firstTokenMs: null },
    ...change,
  })
  const call = (failed: boolean, keyId = 'sandbox', at = noon) => ({ keyId, failed, at })
  world.keys.applyUses(
    [record({}), record({ failed: true, cost: 0, unpriced: true }), record({ keyId: null }), record({ keyId: 'gone' })],
    [call(false), call(true), call(false, 'gone')],
  )
  await vi.waitFor(() => expect(world.key('sandbox').use.requestsToday).toBe(4), slow)
  const today = world.key('sandbox').use
  stop()
  now.at = Date.UTC(2026, 5, 1)
  world.keys.applyUses([record({ at: now.at })], [call(false, 'sandbox', now.at)])
  await vi.waitFor(() => expect(world.key('sandbox').use.requestsToday).toBe(1), slow)

  const missed = (unpricedToday: number, unpricedThisMonth: number) => ({ unpricedToday, unpricedThisMonth })

  expect({ asked, today, next: world.key('sandbox').use, hours: details.at(-1)?.hours }).toEqual({
    asked: [Date.UTC(2026, 4, 1)],
    today: { requestsToday: 4, errorsToday: 2, tokensToday: 29, costToday: 107, costThisMonth: 307, ...missed(2, 4) },
    next: { requestsToday: 1, errorsToday: 0, tokensToday: 7, costToday: 7, costThisMonth: 7, ...missed(0, 0) },
    hours: [
      { at: noon - 13 * HOUR, requests: 2, errors: 1, tokens: 15, cost: 100, unpriced: 1 },
      { at: noon - 2 * HOUR, requests: 2, errors: 1, tokens: 15, cost: 100, unpriced: 1 },
      { at: noon, requests: 2, errors: 1, tokens: 14, cost: 7, unpriced: 1 },
    ],
  })
})

test('tests are kept, fifty of them, with what changed in the list of models; a try-out leaves nothing', async () => {
  const world = await openKeys()
  const id = await world.add({ modelMapping: { painter: 'GPT-Image-1', writer: 'gpt-5' } })
  const asked = { vendor: 'openai', service: 'gpt-4', baseUrl: null } as const
  await world.handlers.tryOut({ ...asked, secret: 'sk-test-tried' }, me)
  const before = world.key(id).lastTest
  const passed = world.state.answer
  await world.handlers.test({ id }, me)
  world.state.answer = { ...passed, models: ['GPT-4.1', 'gpt-5'] }
  await world.handlers.test({ id }, me)
  world.state.answer = { ...passed, models: ['gpt-5', 'gpt-4.1'], retiring: [{ model: 'gpt-5', on: '2026-12-11' }] }
  await world.handlers.test({ id }, me)
  const failure = { code: 'VENDOR_FAILED', details: { vendor: 'openai', status: 401, reason: 'no' } }
  world.state.answer = { ...passed, at: 9, ok: false, statusCode: 401, models: null, failure }
  for (let i = 0; i < 48; i++) await world.handlers.test({ id }, me)
  world.keys.applyFailures([
    { keyId: id, at: 5, code: 'VENDOR_FAILED', message: 'older' },
    { keyId: id, at: 6, code: 'rate-limit', message: 'slow down, Bearer sk-test-0123456789abcdef' },
  ])
  const details: KeyDetails[] = []
  world.handlers.onDetails((one) => details.push(one) > 0, { id }, me)()
  await vi.waitFor(() => expect(world.key(id).lastError).not.toBeNull(), slow)
  const { tests, models } = details[0]!

  expect({
    before,
    asked: world.asked.slice(0, 2),
    lastTest: world.key(id).lastTest,
    models: [world.key(id).models, models, world.key(id).retiring],
    tests: [tests.length, tests[0], tests[48], tests[49]],
    lastError: world.key(id).lastError,
  }).toEqual({
    before: null,
    asked: [
      { ...asked, secret: 'sk-test-tried' },
      { ...asked, secret: 'sk-test-0123456789' },
    ],
    lastTest: { at: 9, ok: false, latencyMs: 12, statusCode: 401, failure },
    models: [
      ['gpt-5', 'gpt-4.1'],
      { added: ['gpt-5'], gone: ['painter → gpt-image-1'] },
      [{ model: 'gpt-5', on: '2026-12-11' }],
    ],
    tests: [
      50,
      { at: 9, ok: false, latencyMs: 12, statusCode: 401, models: null, failure },
      { ...passed, models: ['gpt-5', 'gpt-4.1'] },
      { ...passed, models: null },
    ],
    lastError: {
      ...{ at: 6, code: 'VENDOR_FAILED' },
      details: expect.objectContaining({ status: 'no answer', reason: 'slow down, Bearer ***' }),
    },
  })
})

test('the local platform asks by id or name; a worker that begins anew gets health and keys whole', async () => {
  const world = await openKeys()
  const userId = 'ada'
  const added = await world.asks.keyAdd({ facts, apiKey: 'sk-test-0123456789', userId }, context)
  await world.asks.keyAdd({ facts: { ...facts, vendor: 'aliyun' }, apiKey: 'sk-test-aliyun', userId }, context)
  const ambiguous = await codeOf(() => world.asks.keyReset({ id: 'Main', userId }, context))
  const changed = await world.asks.keyChange({ id: added.id, facts: { name: 'First' }, userId }, context)
  const off = await world.asks.keyEnable({ id: 'First', enabled: false, reason: 'r', userId }, context)
  world.keys.applyHealth([healthy(added.id, { coolingUntil: Date.now() + HOUR })])
  const reset = await world.asks.keyReset({ id: 'First', userId }, context)
  await world.asks.keyRotate({ id: 'First', apiKey: 'sk-test-new', graceHours: 0, userId }, context)
  const result = await world.asks.keyTest({ id: 'First', userId }, context)
  await world.asks.keyRemove({ id: 'Main', userId }, context)
  world.told.length = 0
  world.table.clear()
  world.restart()
  const last = world.audited().at(-1)
  expect({
    ambiguous,
    names: [changed.name, off.state.kind, reset.state.kind, result.ok],
    list: (await world.asks.keyList(undefined, context)).map(({ name }) => name),
    told: world.told,
    cooling: world.state.health.map(({ id, coolingUntil }) => [id, coolingUntil]),
    table: [...world.table.values()].map(({ name, enabled, secret }) => [name, enabled, secret]),
    last: [last?.actor, last?.action, JSON.parse(last?.after ?? '{}').userId],
  }).toEqual({
    ambiguous: 'BAD_INPUT',
    names: ['First', 'disabled', 'disabled', true],
    list: ['Sandbox', 'First'],
    told: ['health', 'keys'],
    cooling: [[added.id, null]],
    table: [
      ['Sandbox', true, 'sandbox'],
      ['First', false, 'sk-test-new'],
    ],
    last: ['platform', 'key.remove', 'ada'],
  })
})

test('a report that is kept with others in one transaction counts only with them, and nobody misses a change', async () => {
  const world = await openKeys()
  const id = await world.add()
  const cooling = healthy(id, { coolingUntil: Date.now() + HOUR })
  const report = () => {
    world.keys.applyHealth([cooling])
    world.keys.applyFailures([{ keyId: id, at: 1, code: 'VENDOR_FAILED', message: 'm' }])
  }
  const full = () =>
    world.db.transaction(() => {
      report()
      throw new Error('the disk is full')
    })
  expect(full).toThrow('the disk is full')
  await turn()
  const undone = [world.key(id).state.kind, world.keys.storedHealth()]
  world.db.transaction(report)
  // Somebody else who looks in between takes nothing from the followers.
  const [, listed] = await world.asks.keyList(undefined, context)
  await turn()
  expect([undone, listed?.state.kind, world.key(id).state.kind, world.keys.storedHealth()]).toEqual([
    ['ready', []],
    'cooling',
    'cooling',
    // What was spent follows from the use that is kept.
    [{ ...cooling, monthStart: monthOf(Date.now()).start, spent: 0 }],
  ])
})

/** Figures are told once a second. */
const slow = { timeout: 5000 }

/** Until what was published with this turn of the event loop is told. */
const turn = () => new Promise((resolve) => setImmediate(resolve))
