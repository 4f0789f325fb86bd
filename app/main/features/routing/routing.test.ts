import { expect, test } from 'vitest'
import type { FeaturesUpdate, RouteState } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import { createRouting } from './routing.ts'
import { decisionOf, openStoreWorld, rulesOf, textOf } from './test-world.ts'

const me: Caller = { actor: 'browser' }

const codeOf = async (work: () => unknown) => {
  try {
    await work()
    return 'done'
  } catch (error) {
    const { code, details } = error as AppError
    return `${code} ${JSON.stringify(details)}`
  }
}
const brief = (update: FeaturesUpdate): string =>
  update.kind === 'snapshot'
    ? `snapshot of ${update.features.length}`
    : [
        ...update.upserted.map(({ name, revision }) => `${name}@${revision}`),
        ...update.removed.map((one) => `-${one}`),
      ].join()

test('a fresh console answers eight features by the sandbox, and the next one does not seed again', async () => {
  const world = openStoreWorld()
  const first = createRouting(world)
  const seeded = await first.asks.featureList(undefined, null as never)
  first.stop()
  const second = createRouting(world)
  expect(await second.asks.featureList(undefined, null as never)).toEqual(seeded)
  const told = world.told('features')[0]!.toSorted((a, b) => a.revision - b.revision)
  expect(told.map(({ name, rules }) => `${name} ${rules.candidates.map(({ model }) => model)}`)).toEqual([
    'text_to_image sandbox-image',
    'image_to_image sandbox-image',
    'text_generation sandbox-chat',
    'chat sandbox-chat',
    'embedding sandbox-embedding',
    'rerank sandbox-rerank',
    'text_to_speech sandbox-speech',
    'speech_to_text sandbox-transcription',
  ])
  expect([seeded[0], world.lines()]).toEqual([
    {
      ...{ name: 'chat', description: 'Answers a conversation', strategy: 'weighted' },
      candidates: [{ vendor: 'sandbox', service: 'sandbox', model: 'sandbox-chat', tier: 'sandbox', weight: 100 }],
      ...{ revision: 4, seeded: true, updatedAt: world.now.ms, updatedBy: 'console' },
    },
    [],
  ])
})

test('rules that come to more choices than are looked at are refused, whichever way they come', async () => {
  const world = openStoreWorld()
  const { handlers, asks } = createRouting(world)
  const wide = { ...rulesOf('a'), candidates: ['a', 'b'].map((model) => rulesOf(model).candidates[0]!) }
  const places = (count: number) => Array.from({ length: count }, () => ({ vendor: 'openai', service: 'dalle' }))
  world.keyPlaces.push(...places(500))
  const { revision } = await handlers.setFeature({ name: 'draw', revision: null, rules: wide }, me)
  world.keyPlaces.push(...places(1))
  const rules = { ...wide, description: 'wider' }
  const tried = [
    await codeOf(() => handlers.setFeature({ name: 'draw', revision, rules }, me)),
    await codeOf(() => asks.featureSet({ name: 'draw', revision, rules, userId: null }, null as never)),
    await codeOf(() => handlers.setFeature({ name: 'draw', revision, rules: rulesOf('a') }, me)),
    await codeOf(() => handlers.rollback({ name: 'draw', revision }, me)),
  ]
  const refused = expect.stringContaining('come to 1002 choices with the keys that there are; at most 1000 are taken')
  expect(tried).toEqual([refused, refused, 'done', refused])
  expect(tried[0]).toContain('BAD_INPUT')
  // A key that brings a candidate by itself counts with the rest.
  world.keyPlaces.splice(0, Number.POSITIVE_INFINITY, { vendor: 'openai', service: 'gpt-4' }, ...places(500))
  expect(await codeOf(() => handlers.setFeature({ name: 'chat', revision: null, rules: wide }, me))).toContain(
    'REVISION',
  )
  const chat = (await asks.featureList(undefined, null as never)).find(({ name }) => name === 'chat')!
  expect(await codeOf(() => handlers.setFeature({ name: 'chat', revision: chat.revision, rules: wide }, me))).toContain(
    'come to 1001 choices',
  )
})

test('who was slower is told so, and history takes a feature back even after it was removed', async () => {
  const world = openStoreWorld()
  const { handlers, asks } = createRouting(world)
  const seen: string[] = []
  handlers.onUpdates((update) => seen.push(brief(update)) > 0, undefined, me)
  const set = (name: string, revision: number | null, model: string) =>
    handlers.setFeature({ name, revision, rules: rulesOf(model) }, me)
  const outcomes = [
    set('poster', null, 'a'),
    await codeOf(() => set('poster', null, 'b')),
    await codeOf(() => set('poster', 8, 'b')),
    set('poster', 9, 'b'),
    set('poster', 10, 'b'),
    await codeOf(() => set('gone', 3, 'a')),
    await codeOf(() => set('keys', null, 'a')),
    await codeOf(() => handlers.removeFeature({ name: 'chat', revision: 4 }, me)),
    await codeOf(() => handlers.removeFeature({ name: 'poster', revision: 9 }, me)),
    await codeOf(() => handlers.removeFeature({ name: 'poster', revision: 10 }, me)),
    await codeOf(() => handlers.rollback({ name: 'poster', revision: 1 }, me)),
    await codeOf(() => handlers.rollback({ name: 'nothing', revision: 9 }, me)),
    handlers.rollback({ name: 'poster', revision: 9 }, me),
  ]
  const again = await asks.featureSet(
    { name: 'poster', revision: null, rules: rulesOf('c'), userId: 'ann' },
    null as never,
  )
  const { revisions } = await handlers.history({ name: 'poster' }, me)
  expect({
    outcomes,
    seen,
    by: again.updatedBy,
    history: revisions.map((one) => [one.revision, one.candidates[0]!.model, one.removed, one.by]),
    worker: world
      .told('features')
      .at(-1)!
      .find(({ name }) => name === 'poster'),
    told: world.told('features').length,
  }).toEqual({
    outcomes: [
      { revision: 9 },
      'REVISION_STALE {"name":"poster","present":9,"given":"none"}',
      'REVISION_STALE {"name":"poster","present":9,"given":8}',
      { revision: 10 },
      { revision: 10 },
      'REVISION_STALE {"name":"gone","present":"none","given":3}',
      'BAD_INPUT {"reason":"keys is a word of the console itself"}',
      'FEATURE_SEEDED {"name":"chat"}',
      'REVISION_STALE {"name":"poster","present":10,"given":9}',
      'done',
      'REVISION_NOT_FOUND {"name":"poster","revision":1}',
      'FEATURE_NOT_FOUND {"name":"nothing"}',
      { revision: 12 },
    ],
    seen: ['snapshot of 8', 'poster@9', 'poster@10', '-poster', 'poster@12', 'poster@13'],
    by: 'platform (ann)',
    history: [
      [13, 'c', false, 'platform (ann)'],
      [12, 'a', false, 'browser'],
      [11, 'b', true, 'browser'],
      [10, 'b', false, 'browser'],
      [9, 'a', false, 'browser'],
    ],
    worker: { name: 'poster', revision: 13, rules: rulesOf('c') },
    told: 6,
  })
  expect(world.lines().map((line) => line.slice(0, 60))).toEqual([
    'browser feature.add feature poster {"revision":9,"strategy":',
    'browser feature.change feature poster {"revision":10,"strate',
    'browser feature.remove feature poster',
    'browser feature.rollback feature poster {"revision":12,"stra',
    'platform feature.change feature poster {"revision":13,"strat',
  ])
})

test('a removed feature is forgotten after ninety days, and the oldest revisions when there are too many', async () => {
  const world = openStoreWorld()
  const { handlers } = createRouting(world)
  const day = 24 * 3_600_000
  const kept = () => world.db.get<{ count: number }>('SELECT count(*) AS count FROM feature_revisions')!.count
  const set = (name: string, revision: number | null, model: string) =>
    handlers.setFeature({ name, revision, rules: rulesOf(model) }, me)
  await set('poster', null, 'a')
  await handlers.removeFeature({ name: 'poster', revision: 9 }, me)
  world.now.ms += 89 * day
  await set('other', null, 'a')
  const before = (await handlers.history({ name: 'poster' }, me)).revisions.length
  world.now.ms += day
  await set('other', 11, 'b')
  const after = await codeOf(() => handlers.history({ name: 'poster' }, me))

  world.db.transaction(() => {
    const sql =
      'INSERT INTO feature_revisions (name, rules, at, by, removed) SELECT name, rules, updated_at, updated_by, 0 FROM features'
    for (let i = 0; i < 1500; i++) world.db.run(sql)
  })
  const many = kept()
  await set('other', 12, 'c')
  expect({
    ...{ before, after, many, left: kept() },
    // What is in force stays, and so do numbers.
    chat: (await handlers.history({ name: 'chat' }, me)).revisions.at(-1)?.revision,
  }).toEqual({
    ...{ before: 2, after: 'FEATURE_NOT_FOUND {"name":"poster"}' },
    ...{ many: 10 + 9 * 1500, left: 10_000 + 8, chat: 4 },
  })
})

test('decisions are kept once, the newest so many, and paged from the newest back', async () => {
  const world = openStoreWorld()
  const open = () => createRouting({ ...world, decisionLimits: { count: 4, bytes: 9_500 } })
  const { handlers, keepDecisions } = open()
  const outcome = { decisionId: 'd2', statusCode: 200, durationMs: 12, attempts: [] }
  const page = async (
    from: ReturnType<typeof open>['handlers'],
    feature: string | null,
    before: string | null,
    limit: number,
  ) =>
    (await from.decisions({ feature, before, limit }, me)).decisions.map(
      ({ decision, outcome: ended }) => `${decision.id} ${ended?.statusCode ?? '?'}`,
    )
  const batch = [1, 2, 3].map((n) => textOf(decisionOf(`d${n}`)))
  keepDecisions(batch)
  keepDecisions(batch)
  keepDecisions([textOf(decisionOf('d2'), outcome)])
  keepDecisions([textOf(decisionOf('d2'), { ...outcome, statusCode: 500 })])
  const first = [
    await page(handlers, null, null, 2),
    await page(handlers, null, 'd2', 2),
    await page(handlers, 'chat', 'gone', 9),
  ]
  keepDecisions([textOf(decisionOf('d4', { feature: 'rerank' })), textOf(decisionOf('d5'))])
  const four = await page(handlers, 'chat', null, 9)
  const reopened = open()
  const big = decisionOf('d6', { model: 'm'.repeat(9_000) })
  reopened.keepDecisions([textOf(big)])
  expect([...first, four, await page(handlers, 'chat', null, 9), await page(handlers, null, null, 9)]).toEqual([
    ['d3 ?', 'd2 200'],
    ['d1 ?'],
    [],
    ['d5 ?', 'd3 ?', 'd2 200'],
    ['d6 ?', 'd5 ?'],
    ['d6 ?', 'd5 ?'],
  ])
})

test('who looks at decisions is told the newest of one feature or of all, once it is written', async () => {
  const world = openStoreWorld()
  const routing = createRouting({ ...world, stateEveryMs: 1 })
  const heard: string[] = []
  const last = Promise.withResolvers<void>()
  const listen = (feature: string | null) =>
    routing.handlers.onNewestDecision(
      ({ id }) => {
        heard.push(`${feature} ${id}`)
        if (id === 'd3') last.resolve()
        return true
      },
      { feature },
      me,
    )
  const leave = [listen('chat'), listen(null)]
  const undone = () =>
    world.db.transaction(() => {
      routing.keepDecisions([textOf(decisionOf('d1'))])
      throw new Error('what came with it could not be kept')
    })
  expect(undone).toThrow('what came with it')
  routing.keepDecisions([textOf(decisionOf('d2')), textOf(decisionOf('d3', { feature: 'rerank' }))])
  await last.promise
  for (const one of leave) one()
  routing.stop()
  expect(heard).toEqual(['chat null', 'null null', 'chat d2', 'null d3'])
})

test('a replay goes over all kept decisions of the feature, fifty at a time, and is the only one', async () => {
  const world = openStoreWorld()
  const { handlers, keepDecisions } = createRouting(world)
  const all = Array.from({ length: 2_300 }, (_, n) =>
    textOf(decisionOf(`d${n}`, n % 23 === 0 ? { feature: 'rerank' } : {})),
  )
  keepDecisions(all)
  const sizes: number[] = []
  world.answers.replayRoute = ({ decisions, draft }) => {
    sizes.push(decisions.length)
    const changed = decisions.slice(0, 10).map(({ id, at }) => ({ decisionId: id, at, before: null, after: null }))
    const keys = [{ keyName: draft.candidates[0]!.model, before: 1, after: sizes.length }]
    return { decisions: decisions.length, same: decisions.length - 10, changed, changedCount: 10, keys }
  }
  const first = handlers.replay({ name: 'chat', draft: rulesOf('m') }, me)
  const second = await codeOf(() => handlers.replay({ name: 'rerank', draft: rulesOf('m') }, me))
  const summary = await first
  expect([second, sizes, { ...summary, changed: [summary.changed[0]!.decisionId, summary.changed.length] }]).toEqual([
    'CALL_TOO_MANY {"most":1}',
    Array(44).fill(50),
    {
      decisions: 2200,
      same: 1760,
      changed: ['d2299', 100],
      changedCount: 440,
      keys: [{ keyName: 'm', before: 44, after: 990 }],
    },
  ])
  expect(await codeOf(() => handlers.replay({ name: 'none', draft: rulesOf('m') }, me))).toBe(
    'FEATURE_NOT_FOUND {"name":"none"}',
  )
})

test('the state of a route is asked for while somebody looks, and told when it has changed', async () => {
  const world = openStoreWorld()
  let asked = 0
  const heard: string[] = []
  let third = () => {}
  const enough = new Promise<void>((resolve) => {
    third = resolve
  })
  world.answers.routeState = ({ feature }): RouteState => {
    asked++
    if (asked === 2) throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'it is starting' })
    const latencyMs = asked < 5 ? 10 : 20
    const choice = {
      vendor: 'openai',
      service: 's',
      model: 'm',
      keyId: 'k',
      keyName: 'K',
      tier: 'primary',
      endpoint: 'e',
    }
    const calls = { running: 0, latencyMs, recentErrors: 0, recentCalls: 0, rejection: null }
    const choices = [{ ...choice, ...calls, vendor: 'openai' as const, state: { kind: 'ready' as const } }]
    return { feature, at: asked, choices, without: [] }
  }
  const { handlers, stop } = createRouting({ ...world, stateEveryMs: 1 })
  const listen = (who: string) =>
    handlers.onState(
      ({ at, choices }) => {
        heard.push(`${who} ${at} ${choices[0]!.latencyMs}`)
        if (heard.length === 3) third()
        return true
      },
      { name: 'chat' },
      me,
    )
  const leave = listen('a')
  await Promise.resolve()
  await Promise.resolve()
  const leaveToo = listen('b')
  await enough
  await Promise.resolve()
  leave()
  leaveToo()
  const now = asked
  stop()
  expect([heard, now >= 5]).toEqual([['a 1 10', 'b 1 10', 'a 5 20', 'b 5 20'], true])
})

test('how all features stand is asked for once for everybody who looks, and told when it has changed', async () => {
  const world = openStoreWorld()
  let asked = 0
  world.answers.routeStandings = () => {
    asked++
    return { at: asked, features: [{ name: 'chat', choices: 2, ready: asked < 4 ? 2 : 1, brought: [] }] }
  }
  const { handlers, stop } = createRouting({ ...world, stateEveryMs: 1 })
  const heard: string[] = []
  const changed = Promise.withResolvers<void>()
  handlers.onStandings(
    ({ at, features }) => {
      heard.push(`${at}: ${features.map(({ name, ready }) => `${name} ${ready}`)}`)
      if (heard.length === 2) changed.resolve()
      return true
    },
    undefined,
    me,
  )
  await changed.promise
  stop()
  expect(heard).toEqual(['1: chat 2', '4: chat 1'])
})
