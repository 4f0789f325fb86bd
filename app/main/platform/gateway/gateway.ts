import type { Registry } from 'prom-client'
import type { KeyTest } from '../../../shared/contracts/keys.ts'
import type { Decision } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Json } from '../../features/plugins/packages/package-types.ts'
import { createEngine } from '../../features/routing/engine/engine.ts'
import type { Engine, Ticket } from '../../features/routing/engine/engine-api.ts'
import type { EngineKey, Question } from '../../features/routing/engine/engine-types.ts'
import { vendorModelOf } from '../../features/routing/engine/model-mapping.ts'
import { replay } from '../../features/routing/engine/replay.ts'
import { fromJson } from '../../lib/json.ts'
import type { PeerHandlers } from '../../lib/peer.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { askBalance } from '../vendors/balance.ts'
import { retiringModels } from '../vendors/openai-dialect.ts'
import { costOf } from '../vendors/prices.ts'
import { vendors } from '../vendors/vendors.ts'
import { accessOf, failureOf } from './attempt.ts'
import { createUpstream } from './connections.ts'
import type { GatewayWorkerAsks, Job, UsableKey, UseRecord } from './gateway-messages.ts'
import { createGatewayMetrics } from './gateway-metrics.ts'
import { createGatewayRecords, type GatewayMain } from './gateway-records.ts'
import { createJobs, type JobEnd, type Pauses, usualPauses } from './jobs.ts'
import type { Journal } from './journal.ts'
import { createPluginUse } from './plugin-use.ts'
import { relativeCosts } from './relative-costs.ts'
import { createSecretOrder, secretsOf } from './secret-order.ts'
import { decisionOf, newId, type Served, serve, type Wanted } from './serve.ts'
import { standingsOf } from './standings.ts'
import { createTokens, type GatewayToken, opens, opensModel } from './tokens.ts'
import { exchange, type Limits, usualLimits } from './upstream.ts'

/** A list of models is no large answer, and nobody waits long for a test. */
const testLimits = { totalMs: 20_000, bytes: 8 * 1024 * 1024 }

type Handlers = PeerHandlers<Omit<GatewayWorkerAsks, 'instances'>>

export interface GatewayTuning {
  readonly limits?: Limits
  readonly pauses?: Pauses
  readonly clock?: () => number
  readonly loadSandbox?: typeof loadSandbox
  /** In place of files. */
  readonly journal?: Journal
}
const loadSandbox = (): Promise<Pick<typeof import('../sandbox/sandbox.ts'), 'createSandbox'>> =>
  import('../sandbox/sandbox.ts')

/** The gateway of the local platform: who may call, who is asked, what it cost. */
export function createGateway(
  options: GatewayTuning & {
    readonly main: GatewayMain
    readonly journal: Journal
    /** Where `/metrics` reads. */
    readonly registry: Registry
  },
) {
  const { main, limits = usualLimits, clock = Date.now } = options
  const engine: Engine = createEngine()
  const keys = new Map<string, UsableKey>()
  let features: ReadonlySet<string> = new Set()
  const tokens = createTokens({ clock })
  const upstream = createUpstream(limits)
  const { journal } = options
  const records = createGatewayRecords({ main, journal, health: () => engine.health(), minuteOf: tokens.minuteOf })
  const metrics = createGatewayMetrics(options.registry, keyStates)
  const order = createSecretOrder(clock)
  const jobs = createJobs({
    ...{ main, keys, vendors, upstream, limits, clock, newId, account, order },
    pauses: options.pauses ?? usualPauses,
    locked: () => locked,
    secretRefused: (keyId, status, { message }) =>
      records.failed(keyId, clock(), 'VENDOR_FAILED', `${status}: ${message}`),
  })
  let locked = false
  const isLocked = () => locked
  /** Without its keys it is not known who would be asked. */
  function needKeys(): void {
    if (locked) throw new AppError('KEY_VAULT_LOCKED')
  }
  const parts = {
    ...{ engine, vendors, keys, tokens, records, metrics, jobs, upstream, limits, clock, order },
    locked: isLocked,
  }
  let sandbox: Promise<{ readonly server: Sandbox; readonly url: string }> | null = null
  /** Where it listens, once it does. */
  let sandboxAt: string | null = null
  /** Keys of the sandbox that wait for it. */
  const waiting = new Map<string, UsableKey>()

  /** The vendor that needs no network answers as soon as there is a key for it. */
  async function sandboxUrl(): Promise<string> {
    sandbox ??= (options.loadSandbox ?? loadSandbox)().then(async ({ createSandbox }) => {
      const server = createSandbox()
      return { server, url: (await server.listen()).url }
    })
    const listening = sandbox
    try {
      sandboxAt = (await listening).url
      return sandboxAt
    } catch (error) {
      // The next that needs it tries again.
      if (sandbox === listening) sandbox = null
      throw error
    }
  }
  async function withAddress<K extends Pick<UsableKey, 'vendor' | 'baseUrl'>>(key: K): Promise<K> {
    return key.vendor === 'sandbox' && key.baseUrl === null ? { ...key, baseUrl: await sandboxUrl() } : key
  }
  /** As the engine knows it, that is without its secrets. */
  function engineKey({ baseUrl, secret: _secret, former: _former, ...rest }: UsableKey): EngineKey {
    return { ...rest, endpoint: baseUrl ?? vendors[rest.vendor].baseUrl ?? '' }
  }

  async function account({ job, ticket, use, failure }: JobEnd): Promise<void> {
    const key = keys.get(job.keyId)
    const cost = key && use ? costOf(key.vendor, job.vendorModel ?? vendorModelOf(key, job.model), use) : null
    const durationMs = Math.max(0, clock() - job.at)
    const spent = { tokens: use ? use.inputTokens + use.outputTokens : 0, cost: cost?.amount ?? 0, durationMs }
    const held = ticket ?? heldFor(job)
    if (held && failure) {
      const { kind, retryAfterMs } = failure
      engine.end(held, { kind: 'failed', failure: kind, retryAfterMs, ...spent }, clock())
    } else if (held) engine.end(held, { kind: 'succeeded', ...spent }, clock())
    const statusCode = failure ? (job.fault ? 400 : 502) : 200
    const { inputTokens = 0, outputTokens = 0, images = 0 } = use ?? {}
    const used: UseRecord = {
      // Its own id: the same job that ends again in another worker is the same use.
      ...{ id: job.id, at: job.at, feature: job.feature, model: job.model, keyId: job.keyId, tokenId: job.tokenId },
      ...{ vendor: key?.vendor ?? null, statusCode, failed: failure !== null, inputTokens, outputTokens, images },
      ...{ cost: cost?.amount ?? 0, currency: cost?.currency ?? key?.currency ?? 'USD', durationMs },
      ...(cost?.known === false && { unpriced: true }),
      firstTokenMs: null,
    }
    records.used(used, [{ keyId: job.keyId, failed: failure !== null && failure.kind !== 'caller' }])
    metrics.answered(job.feature, key?.vendor ?? 'none', statusCode, durationMs, inputTokens, outputTokens)
    await records.kept()
  }
  /** A job that an earlier worker began has no ticket: it is counted at its end. */
  function heldFor({ model, vendorModel, keyId }: Job): Ticket | null {
    const key = keys.get(keyId)
    if (!key) return null
    const { vendor, service, tier, endpoint } = engineKey(key)
    // Its route may have changed; what is known of key and model goes by their names.
    const choice = { vendor, service, model, keyId, keyName: key.name, tier, endpoint }
    const mapped = vendorModel !== undefined && vendorModel !== model
    return engine.begin(mapped ? { ...choice, vendorModel } : choice, clock(), 0)
  }

  function keyStates(): ReadonlyMap<string, number> {
    const now = clock()
    const known = new Map<string, string>()
    for (const feature of features) {
      for (const { keyId, state } of engine.state(feature, now).choices) known.set(keyId, state.kind)
    }
    const states = new Map<string, number>()
    for (const { id, enabled, expiresAt } of keys.values()) {
      const own = !enabled ? 'disabled' : expiresAt !== null && expiresAt <= now ? 'expired' : 'ready'
      const state = known.get(id) ?? own
      states.set(state, (states.get(state) ?? 0) + 1)
    }
    return states
  }

  function decide(
    question: Omit<Question, 'random'>,
    draft: Parameters<Engine['askDraft']>[1] | null,
    caller: string | null,
  ): Decision {
    const at = clock()
    const begun = performance.now()
    const asked = { ...question, random: Math.random() }
    const verdict = draft ? engine.askDraft(asked, draft, at) : engine.ask(asked, at)
    const durationUs = (performance.now() - begun) * 1000
    return decisionOf(verdict, { at, model: question.model, tokens: question.tokens, caller, durationUs })
  }

  async function testKey(given: Pick<UsableKey, 'vendor' | 'service' | 'baseUrl' | 'secret'>): Promise<KeyTest> {
    const vendor = vendors[given.vendor]
    const at = clock()
    const begun = performance.now()
    const access = accessOf(vendor, await withAddress(given))
    const request = vendor.listModels(access)
    const { collected } = await exchange(upstream, request, testLimits)
    const latencyMs = performance.now() - begun
    const failed = (statusCode: number | null, reason: string, status: string | number): KeyTest => ({
      ...{ at, ok: false, latencyMs, statusCode, models: null },
      failure: { code: 'VENDOR_FAILED', details: { vendor: vendor.name, status, reason } },
    })
    if (collected.kind === 'failed') return failed(collected.status, collected.reason, collected.failure)
    const { status, body } = collected
    if (status < 200 || status > 299)
      return failed(status, failureOf(vendor, collected, secretsOf({ ...given, former: null })).message, status)
    const listed = (fromJson(body.toString('utf8')) ?? null) as Json
    const models = vendor.modelIds(listed)
    const retiring = retiringModels(listed)
    if (!models) return failed(status, 'it is no list of models', status)
    const balance = await askBalance(
      vendor.name,
      access,
      async (question) => {
        const answer = (await exchange(upstream, question, testLimits)).collected
        if (answer.kind === 'failed' || answer.status < 200 || answer.status > 299) return undefined
        return fromJson(answer.body.toString('utf8')) as Json | undefined
      },
      at,
    )
    const told = {
      ...{ at, ok: true, latencyMs, statusCode: status, models: [...models], failure: null },
      ...(retiring.length > 0 && { retiring: [...retiring] }),
    }
    return balance ? { ...told, balance } : told
  }

  /** At once for all keys but those of a sandbox that does not listen yet: theirs are put in when it does. */
  async function changeKeys({ reset, locked: shut, ...change }: GatewayWorkerAsks['keys']['input']): Promise<void> {
    if (reset) {
      locked = shut === true
      keys.clear()
      waiting.clear()
    }
    order.forget(change.removed)
    for (const id of change.removed) {
      keys.delete(id)
      waiting.delete(id)
    }
    for (const key of change.upserted) put(key)
    tellKeys()
    records.changed()
    if (waiting.size === 0) return
    try {
      await sandboxUrl()
    } catch (error) {
      const fields = { reason: error instanceof Error ? error.message : String(error) }
      main.tell('log', { level: 'warn', message: 'the sandbox does not listen', fields })
      return
    }
    const late = [...waiting.values()]
    if (late.length === 0) return
    for (const key of late) put(key)
    tellKeys()
  }
  function put(key: UsableKey): void {
    waiting.delete(key.id)
    if (key.vendor !== 'sandbox' || key.baseUrl !== null) keys.set(key.id, key)
    else if (sandboxAt !== null) keys.set(key.id, { ...key, baseUrl: sandboxAt })
    else {
      keys.delete(key.id)
      waiting.set(key.id, key)
    }
  }
  function tellKeys(): void {
    engine.setKeys([...keys.values()].map(engineKey))
    price()
  }
  /** What each model costs beside the others, for features that ask for the cheapest. */
  function price(): void {
    const now = clock()
    const choices = [...features].flatMap((feature) => engine.state(feature, now).choices)
    engine.setPrices(relativeCosts(choices))
    tellLeftOut()
  }
  const narrowed = new Set<string>()
  /** Once for each feature that has more candidates with keys than are looked at. */
  function tellLeftOut(): void {
    for (const feature of features) {
      const leftOut = engine.leftOut(feature)
      if (leftOut === 0) narrowed.delete(feature)
      else if (!narrowed.has(feature)) {
        narrowed.add(feature)
        main.tell('log', { level: 'warn', message: 'route too wide', fields: { feature, leftOut } })
      }
    }
  }

  const handlers: Handlers = {
    keys: changeKeys,
    features(given) {
      features = new Set(given.map(({ name }) => name))
      engine.setFeatures(given)
      price()
    },
    tokens: (given) => tokens.set(given),
    health: (given) => engine.restore(given),
    jobs: (given) => jobs.restore(given),
    route({ feature, model, tokens: wanted, draft }) {
      needKeys()
      return decide({ feature, model, tokens: wanted, models: null }, draft, null)
    },
    routeState: ({ feature }) => engine.state(feature, clock()),
    routeStandings: () => standingsOf([...features], engine, clock()),
    replayRoute({ feature, draft, decisions }) {
      needKeys()
      return replay(decisions, feature, draft, engine.snapshotFor(feature))
    },
    resetHealth({ keyIds }) {
      engine.reset(keyIds)
      order.forget(keyIds)
      records.changed()
    },
    testKey,
  }

  return {
    handlers,
    tokens,
    jobs,
    serve: (wanted: Wanted): Promise<Served> => serve(wanted, parts),
    /** Calls of models that a plugin has a key of its own for. */
    ofPlugin: createPluginUse({ tokens, records, metrics, clock, newId }),
    /** Whether there may be keys that cannot be opened now. */
    isLocked,
    hasFeature: (name: string): boolean => features.has(name),
    /** What would be done; kept, since its id is told. */
    route(question: Omit<Question, 'random' | 'models'>, token: GatewayToken | null): Decision {
      const decision = decide({ ...question, models: token?.scopes.models ?? null }, null, token?.name ?? null)
      records.decided(decision, null)
      return decision
    },
    /** What a caller can name: models that a usable key serves, and features. */
    models(token: GatewayToken | null): readonly { readonly id: string; readonly ownedBy: string }[] {
      const found = new Map<string, string>()
      const now = clock()
      for (const feature of features) {
        if (token && !opens(token.scopes.features, feature)) continue
        const usable = engine.state(feature, now).choices.filter(({ state }) => resting.has(state.kind))
        for (const { model, vendor } of usable) {
          if (token && !opensModel(token, model)) continue
          found.set(feature, 'pilothouse')
          if (!found.has(model)) found.set(model, vendor)
        }
      }
      return [...found].map(([id, ownedBy]) => ({ id, ownedBy }))
    },
    /** After the last request was answered: tells main what is left to tell. */
    async stop(): Promise<void> {
      jobs.stop()
      upstream.stop()
      await records.settle()
      journal.close()
      if (sandbox) await sandbox.then(({ server }) => server.close()).catch(() => {})
    },
  }
}
export type Gateway = ReturnType<typeof createGateway>

/** Usable, if not at this moment. */
const resting = new Set(['ready', 'cooling', 'broken'])
