import type { Key, KeyState, Vendor } from '../../app/shared/contracts/keys.ts'
import type {
  Candidate,
  Choice,
  Decision,
  DecisionOutcome,
  Feature,
  FeatureRevision,
  FeatureRules,
  ReplaySummary,
  RouteState,
} from '../../app/shared/contracts/routing.ts'
import { before, pictureTime } from './scripted-platform.ts'

// A console with keys in every state, the features that every console has, and one of the operator's own.

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const endpoints: Record<Vendor, string> = {
  openai: 'https://api.openai.com',
  aliyun: 'https://dashscope.aliyuncs.com',
  'openai-compatible': 'http://127.0.0.1:11434/v1',
  sandbox: 'http://127.0.0.1:8009',
}

/** A key as routing sees it: what it was used for is all the same. */
export const routeKey = (
  name: string,
  vendor: Vendor,
  service: string,
  tier: string,
  state: KeyState,
  more: Partial<Key> = {},
): Key => ({
  id: `key-${name}`,
  vendor,
  service,
  name,
  tier,
  maskedSecret: 'sk-t****test',
  baseUrl: null,
  weight: 100,
  rpm: null,
  tpm: null,
  concurrency: null,
  currency: vendor === 'aliyun' ? 'CNY' : 'USD',
  monthlyBudget: null,
  expiresAt: null,
  modelMapping: {},
  state,
  graceUntil: null,
  lastTest: null,
  balance: null,
  models: null,
  retiring: [],
  lastError: null,
  use: {
    requestsToday: 0,
    errorsToday: 0,
    tokensToday: 0,
    costToday: 0,
    costThisMonth: 0,
    unpricedToday: 0,
    unpricedThisMonth: 0,
  },
  createdAt: before(30 * day),
  updatedAt: before(day),
  ...more,
})

const ready: KeyState = { kind: 'ready' }
const bench = (reason: 'bad-key' | 'quota' | 'budget', until: number | null): KeyState => ({
  kind: 'benched',
  reason,
  at: before(hour),
  until,
})
export const routeKeys = (): Key[] => [
  routeKey('openai-main', 'openai', 'gpt-4', 'primary', ready, { models: ['gpt-4.1', 'gpt-4.1-mini', 'o4-mini'] }),
  routeKey('openai-team', 'openai', 'gpt-4', 'primary', { kind: 'cooling', until: pictureTime + 42_000 }),
  routeKey('openai-old', 'openai', 'gpt-4', 'backup', bench('bad-key', null)),
  routeKey('qwen 生产', 'aliyun', 'qwen', 'backup', ready),
  routeKey('qwen 备用', 'aliyun', 'qwen', 'backup', {
    kind: 'disabled',
    reason: 'handed over to finance',
    at: before(day),
  }),
  routeKey('dalle-main', 'openai', 'dalle', 'primary', { kind: 'broken', until: pictureTime + 4 * minute }),
  routeKey('wanx-prod', 'aliyun', 'wanx', 'backup', bench('quota', pictureTime + 13 * day)),
  routeKey('embed-1', 'openai', 'embeddings', 'primary', { kind: 'expired', at: before(2 * day) }),
  routeKey('sandbox', 'sandbox', 'sandbox', 'last', ready),
]

export const candidate = (
  vendor: Vendor,
  service: string,
  model: string,
  tier: string | null = null,
  weight = 100,
): Candidate => ({ vendor, service, model, tier, weight })

const sandbox = (model: string) => candidate('sandbox', 'sandbox', model, 'last', 1)
export const feature = (name: string, candidates: Candidate[], more: Partial<Feature> = {}): Feature => ({
  name,
  description: '',
  strategy: 'weighted',
  candidates,
  revision: 1,
  seeded: true,
  updatedAt: before(9 * day),
  updatedBy: 'console',
  ...more,
})

const generation = [
  candidate('openai', 'gpt-4', 'gpt-4.1', null, 70),
  candidate('openai', 'gpt-4', 'gpt-4.1-mini', null, 30),
  candidate('aliyun', 'qwen', 'qwen-max'),
  candidate('openai-compatible', 'ollama', 'llama3.3:70b'),
  sandbox('sandbox-chat'),
]
export const sampleFeatures = (): Feature[] => [
  feature('chat', generation, { strategy: 'least_latency', revision: 9 }),
  feature('embedding', [candidate('openai', 'embeddings', 'text-embedding-3-large')]),
  feature('image_to_image', [candidate('openai', 'dalle', 'gpt-image-1'), sandbox('sandbox-image')]),
  feature('rerank', [candidate('aliyun', 'rerank', 'gte-rerank-v2')]),
  feature('speech_to_text', [candidate('aliyun', 'paraformer', 'paraformer-v2')]),
  feature('summarise_tickets', [candidate('openai', 'gpt-4', 'gpt-4.1-mini')], {
    seeded: false,
    strategy: 'lowest_cost',
    revision: 14,
    updatedAt: before(3 * hour),
    updatedBy: 'browser',
  }),
  feature('text_generation', generation, {
    description: 'Free text for every product',
    revision: 12,
    updatedAt: before(35 * minute),
    updatedBy: 'desktop',
  }),
  feature('text_to_image', [
    candidate('openai', 'dalle', 'gpt-image-1'),
    candidate('aliyun', 'wanx', 'wan2.5-t2i-preview'),
    sandbox('sandbox-image'),
  ]),
  feature('text_to_speech', []),
]

/** A choice of a candidate by the key of that name. */
export function choiceOf({ vendor, service, model, tier }: Candidate, key: Key): Choice {
  return {
    ...{ vendor, service, model, keyId: key.id, keyName: key.name },
    tier: tier ?? key.tier,
    endpoint: key.baseUrl ?? endpoints[vendor],
  }
}
const tiers = ['primary', 'backup']
const rank = (tier: string) => (tiers.includes(tier) ? tiers.indexOf(tier) : 2)

/** Every choice of the rules, tier by tier; how they stand is told by the key. */
export function choicesOf(rules: FeatureRules, keys: readonly Key[]): { choice: Choice; key: Key }[] {
  return rules.candidates
    .flatMap((one) =>
      keys
        .filter(({ vendor, service }) => vendor === one.vendor && service === one.service)
        .map((key) => ({ choice: choiceOf(one, key), key })),
    )
    .sort((a, b) => rank(a.choice.tier) - rank(b.choice.tier))
}

const reasons = {
  disabled: 'disabled',
  expired: 'expired',
  benched: 'quota',
  cooling: 'cooling',
  broken: 'breaker-open',
} as const
const rejectionOf = ({ state }: Key) =>
  state.kind === 'ready' ? null : state.kind === 'benched' ? state.reason : reasons[state.kind]
const withoutKey = ({ candidates }: FeatureRules, keys: readonly Key[]) =>
  candidates.filter((one) => !keys.some(({ vendor, service }) => vendor === one.vendor && service === one.service))

/** How the choices of a feature stand: some busy, some slow, one just recovering. */
export function routeState(name: string, rules: FeatureRules, keys: readonly Key[]): RouteState {
  const figures = [
    { running: 3, latencyMs: 812, recentErrors: 0, recentCalls: 20 },
    { running: 0, latencyMs: 640, recentErrors: 6, recentCalls: 20 },
    { running: 1, latencyMs: 1480, recentErrors: 2, recentCalls: 20 },
    { running: 0, latencyMs: null, recentErrors: 0, recentCalls: 0 },
  ]
  return {
    feature: name,
    at: pictureTime,
    choices: choicesOf(rules, keys).map(({ choice, key }, index) => ({
      ...choice,
      state: key.state,
      ...figures[index % figures.length]!,
      rejection: rejectionOf(key) ?? (choice.model === 'gpt-4.1-mini' ? 'rpm' : null),
    })),
    without: withoutKey(rules, keys),
  }
}

const idOf = (number: number) => `01KM${String(100_000 - number).padStart(6, '0')}`
/** What the router would decide: the first that is ready, the others behind it, the rest turned down. */
export function decide(
  name: string,
  rules: FeatureRules,
  keys: readonly Key[],
  more: Partial<Decision> = {},
): Decision {
  const all = choicesOf(rules, keys)
  const usable = all.filter(
    ({ key, choice }) => !rejectionOf(key) && [null, undefined, choice.model].includes(more.model),
  )
  const [selected = null, ...fallbacks] = usable.map(({ choice }) => choice)
  return {
    id: idOf(0),
    at: pictureTime,
    feature: name,
    revision: 12,
    strategy: rules.strategy,
    selected,
    fallbacks,
    rejected: [
      ...all.flatMap(({ choice: { endpoint: _, ...choice }, key }) => {
        const reason = rejectionOf(key) ?? (usable.some((one) => one.key === key) ? null : ('model-mismatch' as const))
        const until = 'until' in key.state ? key.state.until : null
        return reason === null ? [] : [{ ...choice, reason, until }]
      }),
      ...withoutKey(rules, keys).map(({ vendor, service, model, tier }) => ({
        ...{ vendor, service, model, keyId: null, keyName: null, tier: tier ?? 'primary' },
        reason: 'no-key' as const,
        until: null,
      })),
    ],
    leastBad: false,
    durationUs: 0.8,
    model: null,
    tokens: 1000,
    caller: null,
    ...more,
  }
}

/** The log of a feature, newest first: mostly fine, every seventh by its second key, one by nobody. */
export function sampleDecisions(
  { name, ...rules }: Feature,
  count: number,
): { decision: Decision; outcome: DecisionOutcome | null }[] {
  const keys = routeKeys()
  return Array.from({ length: count }, (_, index) => {
    const decision = decide(name, rules, keys, {
      id: idOf(index),
      at: before(20_000 + index * 95_000),
      caller: index % 3 === 0 ? 'support bot' : null,
      tokens: 400 + index * 13,
      leastBad: index === 4,
    })
    const { id, selected, fallbacks } = decision
    if (index === 2 || !selected) {
      return { decision: { ...decision, selected: null, fallbacks: [] }, outcome: null }
    }
    const attempt = (
      { keyId, keyName, vendor, model }: Choice,
      failure: DecisionOutcome['attempts'][number]['failure'],
      statusCode: number | null,
      durationMs: number,
    ) => ({ keyId, keyName, vendor, model, failure, statusCode, durationMs })
    const second = fallbacks[0] ?? selected
    const attempts =
      index % 7 === 1
        ? [attempt(selected, 'rate-limit', 429, 84), attempt(second, null, 200, 1320)]
        : index === 5
          ? [attempt(selected, 'timeout', null, 30_000), attempt(second, 'vendor', 503, 410)]
          : [attempt(selected, null, 200, 700 + index * 3)]
    const last = attempts.at(-1)!
    return {
      decision,
      outcome: {
        decisionId: id,
        statusCode: last.failure === null ? 200 : 502,
        durationMs: attempts.reduce((sum, { durationMs }) => sum + durationMs, 0),
        attempts,
      },
    }
  })
}

/** Four revisions of a feature, the newest first. */
export function sampleHistory({ name: _, seeded: __, updatedAt, updatedBy, ...now }: Feature): FeatureRevision[] {
  const [first, second, ...rest] = now.candidates
  const earlier = (revision: number, days: number, by: string, part: Partial<FeatureRules>): FeatureRevision => ({
    ...{ description: now.description, strategy: now.strategy, candidates: now.candidates },
    ...{ revision, at: before(days * day), by, removed: false },
    ...part,
  })
  return [
    { ...now, at: updatedAt, by: updatedBy, removed: false },
    earlier(now.revision - 3, 2, 'platform alice', {
      candidates: [{ ...first!, weight: 50 }, { ...second!, weight: 50 }, ...rest],
    }),
    earlier(now.revision - 5, 6, 'cli', { strategy: 'round_robin', candidates: [first!, ...rest] }),
    earlier(1, 30, 'console', { description: '', strategy: 'weighted', candidates: rest }),
  ]
}

export function sampleReplay(rules: FeatureRules): ReplaySummary {
  const [first, ...others] = choicesOf(rules, routeKeys()).map(({ choice }) => choice)
  return {
    decisions: 2480,
    same: 2107,
    changedCount: 373,
    changed: Array.from({ length: 100 }, (_, index) => ({
      decisionId: idOf(index),
      at: before(40_000 + index * 7 * minute),
      before: index === 3 ? null : first!,
      after: others[index % others.length] ?? null,
    })),
    keys: [
      { keyName: 'openai-main', before: 1960, after: 1587 },
      { keyName: 'openai-team', before: 301, after: 301 },
      { keyName: 'qwen 生产', before: 219, after: 592 },
    ],
  }
}

/** As many candidates as a feature may have, over ten keys. */
export function thousandCandidates(): { feature: Feature; keys: Key[] } {
  const keys = Array.from({ length: 10 }, (_, index) =>
    routeKey(`key-${index}`, 'openai-compatible', `pool-${index}`, index < 6 ? 'primary' : 'backup', ready),
  )
  const candidates = Array.from({ length: 1000 }, (_, index) =>
    candidate(
      'openai-compatible',
      `pool-${index % 10}`,
      `model-${String(index).padStart(3, '0')}`,
      null,
      1 + (index % 9),
    ),
  )
  return { feature: feature('many', candidates, { seeded: false }), keys }
}
