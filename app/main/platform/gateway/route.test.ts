import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { context } from '../test-world.ts'
import { candidateOf, keyOf, startGateway } from './test-gateway.ts'

test('what would happen to a request: nothing is called, everything is told', async () => {
  const there = keyOf('one', 'http://127.0.0.1:9/v1')
  const world = await startGateway([
    there,
    keyOf('two', there.baseUrl, { tier: 'backup' }),
    keyOf('off', there.baseUrl, { enabled: false }),
  ])
  const choice = (name: string, tier: string) => ({
    ...{ vendor: 'openai-compatible', service: 'lab', model: 'm', key_id: name, key_name: name, tier },
    endpoint: there.baseUrl,
  })
  const { status, json: told } = await world.send('POST', '/api/v1/route/chat', { messages: [] })
  expect([status, told]).toEqual([
    200,
    {
      ...{ decision_id: expect.any(String), feature: 'chat', strategy: 'weighted', least_bad: false },
      ...{ selected: choice('one', 'primary'), fallbacks: [choice('two', 'backup')] },
      rejected: [
        {
          ...{ vendor: 'openai-compatible', service: 'lab', model: 'm', tier: 'primary', reason: 'disabled' },
          ...{ key_id: 'off', key_name: 'off', until: null },
        },
      ],
      ...{ explanation: expect.any(String), duration_us: expect.any(Number) },
    },
  ])
  expect((await world.send('POST', '/api/v1/route/chat', '[1]')).status).toBe(200)
  expect((await world.send('POST', '/api/v1/route/nothing', {})).json.code).toBe('FEATURE_NOT_FOUND')

  await world.platform.keys({ reset: true, upserted: [], removed: [] }, context)
  const none = await world.send('POST', '/api/v1/route/chat', {})
  expect([none.status, none.json.code, none.json.rejected]).toMatchObject([
    ...[503, 'NO_CANDIDATE'],
    [{ reason: 'no-key', key_id: null }],
  ])
  const { uses, decisions } = await world.records()
  expect([uses, decisions.map(({ decision, outcome }) => [decision.id === told.decision_id, outcome])]).toEqual([
    [],
    [
      [true, null],
      [false, null],
      [false, null],
    ],
  ])
})

test('a token that opens a part is told of its own models alone, and of no address', async () => {
  const url = 'http://127.0.0.1:9/v1'
  const other = (model: string) => ({
    ...{ vendor: 'openai-compatible' as const, service: 'other', model, tier: null, weight: 1 },
  })
  const world = await startGateway([keyOf('one', url), keyOf('hidden', url, { service: 'other', tier: 'backup' })], {
    features: { chat: [{ ...other('m'), service: 'lab' }, other('n')] },
  })
  const token = (text: string, models: string[] | null) => ({
    ...{ id: text, name: text, hash: createHash('sha256').update(text).digest('hex'), rpm: null, tpm: null },
    ...{ expiresAt: null, scopes: { features: null, models, plugins: null } },
  })
  await world.platform.tokens([token('ph_part', ['M']), token('ph_whole', null)], context)
  const ask = (text: string, body: object) =>
    world.send('POST', '/api/v1/route/chat', body, { authorization: `Bearer ${text}` })
  const part = await ask('ph_part', {})
  const mismatch = await ask('ph_part', { model: 'n' })
  const whole = await ask('ph_whole', {})
  await world.platform.keys({ reset: false, upserted: [keyOf('one', url, { enabled: false })], removed: [] }, context)
  const none = await ask('ph_part', {})
  const brief = ({ status, json }: typeof part) => [status, json.selected?.key_name ?? null, json.rejected.length]
  expect({
    part: [...brief(part), part.json.selected.endpoint],
    mismatch: brief(mismatch),
    whole: [...brief(whole), whole.json.selected.endpoint],
    none: [...brief(none), none.json.rejected[0].key_name],
    hidden: [part, mismatch, none].map(({ json }) => JSON.stringify(json)).filter((text) => text.includes('hidden')),
  }).toEqual({
    part: [200, 'one', 0, undefined],
    mismatch: [403, null, 1],
    whole: [200, 'one', 0, url],
    none: [503, null, 1, 'one'],
    hidden: [],
  })
})

test('main asks the same, also with rules that are not kept', async () => {
  const world = await startGateway([keyOf('one', 'http://127.0.0.1:9/v1')])
  const question = { feature: 'chat', model: null, tokens: 10, draft: null }
  const kept = await world.platform.route(question, context)
  const rules = { description: '', strategy: 'weighted' as const, candidates: [world.candidate('other')] }
  const draft = await world.platform.route({ ...question, draft: rules }, context)
  expect([kept.selected?.model, draft.selected?.model]).toEqual(['m', 'other'])
  const state = await world.platform.routeState({ feature: 'chat' }, context)
  expect(state.choices.map(({ keyId, state: at }) => [keyId, at.kind])).toEqual([['one', 'ready']])
  const { uses, decisions } = await world.records()
  expect([uses, decisions]).toEqual([[], []])

  await world.platform.keys({ reset: true, locked: true, upserted: [], removed: [] }, context)
  const replayed = { feature: 'chat', draft: rules, decisions: [] }
  for (const ask of [
    () => world.platform.route(question, context),
    () => world.platform.replayRoute(replayed, context),
  ])
    expect(ask).toThrow(new AppError('KEY_VAULT_LOCKED'))
})

test('main asks how every feature stands: also by keys that no rule names, not by what was turned off on purpose', async () => {
  const url = 'http://127.0.0.1:9/v1'
  const known = (name: string, change: object = {}) =>
    keyOf(name, url, { vendor: 'openai', service: 'gpt-4', ...change })
  const world = await startGateway([keyOf('one', url), known('brought'), known('off', { enabled: false })], {
    features: { chat: [candidateOf('m', { weight: 0 })], other: [candidateOf('m')], nobody: [] },
  })
  const standings = async () => (await world.platform.routeStandings(undefined, context)).features
  expect(await standings()).toEqual([
    { name: 'chat', choices: 1, ready: 1, brought: [{ vendor: 'openai', service: 'gpt-4', model: 'gpt-6-luna' }] },
    { name: 'other', choices: 1, ready: 1, brought: [] },
    { name: 'nobody', choices: 0, ready: 0, brought: [] },
  ])
  await world.platform.keys({ reset: false, upserted: [keyOf('one', url, { expiresAt: 1 })], removed: [] }, context)
  expect((await standings())[1]).toEqual({ name: 'other', choices: 1, ready: 0, brought: [] })
})

test('kept decisions are decided anew by rules that are sent', async () => {
  const choice = {
    ...{ vendor: 'openai-compatible', service: 'lab', model: 'm', keyId: 'one', keyName: 'one', tier: 'primary' },
    endpoint: 'http://127.0.0.1:9/v1',
  }
  const world = await startGateway([], {
    answers: {
      featureReplay: () => ({
        ...{ decisions: 2, same: 1, changedCount: 1, keys: [{ keyName: 'one', before: 2, after: 1 }] },
        changed: [{ decisionId: 'd', at: 0, before: choice, after: null }],
      }),
    },
  })
  const draft = { candidates: [{ vendor: 'sandbox', service: 'sandbox', model: 'sandbox-chat' }] }
  const { status, json } = await world.send('POST', '/api/v1/route/chat/replay', draft)
  expect([status, json]).toMatchObject([
    200,
    {
      ...{ feature: 'chat', decisions: 2, same: 1, changed_count: 1 },
      changed: [{ decision_id: 'd', before: { key_id: 'one' }, after: null }],
      keys: [{ key_name: 'one', before: 2, after: 1 }],
    },
  ])
  expect(world.of('featureReplay')).toMatchObject([{ name: 'chat', draft: { strategy: 'weighted' } }])
  expect((await world.send('POST', '/api/v1/route/chat/replay', { candidates: 1 })).status).toBe(400)
})
