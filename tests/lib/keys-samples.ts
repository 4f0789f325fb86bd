import type { Token, UsageRow } from '../../app/shared/contracts/gateway.ts'
import type { ImportedKey, Key, KeyDetails, KeyTest } from '../../app/shared/contracts/keys.ts'
import { before, pictureTime } from './scripted-platform.ts'

// A console with keys of every vendor in every state, callers with tokens, and what both used.

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const million = 1_000_000

const priced = { unpricedToday: 0, unpricedThisMonth: 0 }
const unused = { requestsToday: 0, errorsToday: 0, tokensToday: 0, costToday: 0, costThisMonth: 0, ...priced }
const use = (requestsToday: number, errorsToday: number, tokensToday: number, today: number, month: number) => ({
  use: {
    requestsToday,
    errorsToday,
    tokensToday,
    costToday: today * million,
    costThisMonth: month * million,
    ...priced,
  },
})

export const keyTest = (more: Partial<KeyTest> = {}): KeyTest => ({
  at: before(12 * minute),
  ok: true,
  latencyMs: 182,
  statusCode: 200,
  models: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini', 'o4-mini', 'gpt-image-1', 'text-embedding-3-large'],
  failure: null,
  ...more,
})
export const refusedTest = (more: Partial<KeyTest> = {}): KeyTest =>
  keyTest({
    ok: false,
    latencyMs: 96,
    statusCode: 401,
    models: null,
    failure: {
      code: 'VENDOR_FAILED',
      details: { vendor: 'openai', status: 401, reason: 'Incorrect API key provided' },
    },
    ...more,
  })

export const key = (id: string, more: Partial<Key> = {}): Key => ({
  id,
  vendor: 'openai',
  service: 'gpt-4',
  name: id,
  tier: 'primary',
  maskedSecret: 'sk-t****0001',
  baseUrl: null,
  weight: 1,
  rpm: null,
  tpm: null,
  concurrency: null,
  currency: 'USD',
  monthlyBudget: null,
  expiresAt: null,
  modelMapping: {},
  state: { kind: 'ready' },
  graceUntil: null,
  lastTest: null,
  balance: null,
  models: null,
  retiring: [],
  lastError: null,
  use: unused,
  createdAt: before(40 * day),
  updatedAt: before(3 * day),
  ...more,
})

const { models: _, ...lastTest } = keyTest()
const { models: __, ...lastRefusal } = refusedTest({ at: before(9 * minute) })

/** Eleven keys of four vendors. */
export const sampleKeys = (): Key[] => [
  key('openai-main', {
    rpm: 600,
    tpm: 200_000,
    concurrency: 32,
    monthlyBudget: 200 * million,
    ...use(18_204, 41, 9_120_455, 12.41, 131.2),
    expiresAt: pictureTime + 11 * day,
    lastTest,
    models: keyTest().models,
    retiring: [{ model: 'gpt-5', on: '2026-12-11' }],
    modelMapping: { 'gpt-4': 'gpt-4o', fast: 'gpt-4o-mini' },
    graceUntil: pictureTime + 21 * hour,
  }),
  key('openai-second', {
    maskedSecret: 'sk-t****0002',
    weight: 3,
    state: { kind: 'cooling', until: pictureTime + 42_000 },
    monthlyBudget: 50 * million,
    ...use(4_310, 377, 1_204_000, 3.2, 43.9),
    lastError: {
      code: 'VENDOR_FAILED',
      details: { vendor: 'openai', status: 429, reason: 'Rate limit reached for requests' },
      at: before(18_000),
    },
  }),
  key('openai-old', {
    maskedSecret: 'sk-t****0003',
    tier: 'backup',
    state: { kind: 'benched', reason: 'bad-key', at: before(9 * minute), until: null },
    ...use(12, 12, 0, 0, 4.2),
    lastTest: lastRefusal,
    lastError: {
      code: 'VENDOR_FAILED',
      details: { vendor: 'openai', status: 401, reason: 'Incorrect API key provided' },
      at: before(9 * minute),
    },
  }),
  key('openai-pictures', {
    maskedSecret: 'sk-t****0004',
    service: 'dalle',
    monthlyBudget: 20 * million,
    state: { kind: 'benched', reason: 'budget', at: before(2 * hour), until: Date.UTC(2026, 3, 1) },
    ...use(96, 0, 0, 3.84, 20.02),
  }),
  key('百炼-主用', {
    vendor: 'aliyun',
    service: 'qwen',
    maskedSecret: 'sk-t****0005',
    currency: 'CNY',
    ...use(7_430, 12, 3_900_100, 18.2, 402.66),
    lastTest: { ...lastTest, latencyMs: 64 },
    models: ['qwen3-max', 'qwen-plus', 'qwen-turbo', 'text-embedding-v4'],
  }),
  key('百炼-万相', {
    vendor: 'aliyun',
    service: 'wanx',
    maskedSecret: 'sk-t****0006',
    currency: 'CNY',
    state: { kind: 'benched', reason: 'quota', at: before(5 * hour), until: Date.UTC(2026, 3, 1) },
    ...use(220, 31, 0, 8.8, 61.4),
    lastError: {
      code: 'VENDOR_FAILED',
      details: { vendor: 'aliyun', status: 400, reason: 'Access denied, account is in arrears (Arrearage)' },
      at: before(5 * hour),
    },
  }),
  key('百炼-备用', {
    vendor: 'aliyun',
    service: 'qwen',
    tier: 'backup',
    maskedSecret: 'sk-t****0007',
    currency: 'CNY',
    state: { kind: 'expired', at: before(2 * day) },
    expiresAt: before(2 * day),
  }),
  key('workstation', {
    vendor: 'openai-compatible',
    service: 'ollama',
    maskedSecret: 'olla****',
    baseUrl: 'http://192.168.4.20:11434/v1',
    tier: 'local',
    state: { kind: 'broken', until: pictureTime + 3 * minute + 5_000 },
    use: { ...use(61, 9, 88_000, 0, 0).use, unpricedToday: 52, unpricedThisMonth: 1_204 },
    lastError: {
      code: 'VENDOR_FAILED',
      details: { vendor: 'openai-compatible', status: 503, reason: 'model is loading' },
      at: before(25_000),
    },
  }),
  key('lab', {
    vendor: 'openai-compatible',
    service: 'vllm',
    maskedSecret: 'none****',
    baseUrl: 'http://10.2.0.9:8000/v1',
    tier: 'local',
    state: { kind: 'disabled', reason: 'moving to the new rack', at: before(3 * day) },
  }),
  key('Sandbox', {
    vendor: 'sandbox',
    service: 'sandbox',
    tier: 'sandbox',
    maskedSecret: 'sand****',
    ...use(44, 0, 3_100, 0, 0),
  }),
]

/** A key of a vendor that tells what is left, which ends in four days. */
export const endingKey = (more: Partial<Key> = {}): Key =>
  key('deepseek', {
    vendor: 'openai-compatible',
    service: 'deepseek',
    maskedSecret: 'sk-t****0010',
    baseUrl: 'https://api.deepseek.test/v1',
    currency: 'CNY',
    ...use(5_120, 3, 2_210_000, 9.6, 88.4),
    balance: {
      ...{ amount: 42.5 * million, currency: 'CNY', at: before(3 * hour) },
      runsOutAt: pictureTime + 4 * day + 6 * hour,
    },
    ...more,
  })

export const manyKeys = (count: number): Key[] =>
  Array.from({ length: count }, (_, index) =>
    key(`key-${String(index).padStart(4, '0')}`, {
      vendor: index % 2 === 0 ? 'openai' : 'aliyun',
      service: index % 2 === 0 ? 'gpt-4' : 'qwen',
      ...use((index * 7919) % 10_000, index % 13, index * 31, index / 100, index / 10),
    }),
  )

export const keyDetails = (id: string, more: Partial<KeyDetails> = {}): KeyDetails => ({
  id,
  tests: [
    keyTest(),
    keyTest({ at: before(day), latencyMs: 240 }),
    refusedTest({ at: before(2 * day), latencyMs: 30_000, statusCode: null }),
  ],
  models: { added: ['gpt-4.1', 'o4-mini'], gone: ['gpt-3.5-turbo'] },
  hours: Array.from({ length: 20 }, (_, index) => ({
    at: Math.floor(before((19 - index) * hour) / hour) * hour,
    requests: 300 + ((index * 617) % 900),
    errors: index === 13 ? 210 : index % 4,
    tokens: 100_000 + ((index * 91_733) % 400_000),
    cost: 210_000 + ((index * 77_123) % 900_000),
    unpriced: 0,
  })).filter((_, index) => index < 4 || index > 6),
  ...more,
})

export const importedKey = (more: Partial<ImportedKey> = {}): ImportedKey => ({
  name: 'OPENAI_API_KEY',
  vendor: 'openai',
  service: 'gpt-4',
  tier: 'primary',
  maskedSecret: 'sk-t****9001',
  outcome: 'added',
  reason: null,
  ...more,
})

export const token = (id: string, more: Partial<Token> = {}): Token => ({
  id,
  name: id,
  prefix: 'ph_Zk3u',
  scopes: { features: null, models: null, plugins: null },
  rpm: null,
  tpm: null,
  expiresAt: null,
  createdAt: before(20 * day),
  lastUsedAt: before(minute),
  revokedAt: null,
  ...more,
})
export const sampleTokens = (): Token[] => [
  token('ai-hub', { prefix: 'ph_Zk3u', rpm: 600, tpm: 200_000, lastUsedAt: before(30_000) }),
  token('nightly-report', {
    prefix: 'ph_9sQa',
    scopes: { features: ['chat', 'embedding'], models: ['qwen-plus'], plugins: [] },
    rpm: 30,
    expiresAt: pictureTime + 12 * day,
    createdAt: before(3 * day),
    lastUsedAt: before(9 * hour),
  }),
  token('demo', { prefix: 'ph_t7Wc', expiresAt: before(day), lastUsedAt: null, createdAt: before(30 * day) }),
  token('old laptop', { prefix: 'ph_B2xe', revokedAt: before(4 * day), createdAt: before(90 * day) }),
]

export const row = (group: string, more: Partial<UsageRow> = {}): UsageRow => ({
  group,
  label: group,
  requests: 1200,
  errors: 3,
  inputTokens: 600_000,
  outputTokens: 200_000,
  images: 0,
  cost: [{ currency: 'USD', amount: 2.4 * million }],
  unpriced: 0,
  averageMs: 820,
  firstTokenMs: 240,
  ...more,
})
/** What a range of time used, by anything: as many hours or days as were asked for, with a gap. */
export function usageRows(by: string, from: number, to: number): UsageRow[] {
  if (by === 'hour' || by === 'day') {
    const step = by === 'hour' ? hour : day
    return Array.from({ length: Math.round((to - from) / step) }, (_, index) =>
      row(new Date(from + index * step).toISOString(), {
        requests: 300 + ((index * 617) % 900),
        errors: index === 11 ? 210 : index % 4,
      }),
    ).filter((_, index) => index < 5 || index > 7)
  }
  if (by === 'model') {
    return [
      row('gpt-4o-mini', { requests: 15_210, inputTokens: 6_900_000, outputTokens: 2_100_455 }),
      row('gpt-4o', {
        requests: 7_304,
        errors: 418,
        cost: [{ currency: 'USD', amount: 13.21 * million }],
        averageMs: 2140,
      }),
      row('qwen-plus', {
        requests: 7_430,
        errors: 12,
        cost: [{ currency: 'CNY', amount: 18.2 * million }],
        averageMs: 610,
      }),
      row('wan2.2-t2i-flash', {
        ...{ requests: 220, errors: 31, inputTokens: 0, outputTokens: 0, images: 197, firstTokenMs: null },
        ...{ cost: [{ currency: 'CNY', amount: 8.8 * million }], averageMs: 21_400 },
      }),
      row('qwen3:8b', { requests: 310, errors: 1, cost: [], unpriced: 309, averageMs: 1460 }),
      row('sandbox-chat', { requests: 44, errors: 0, inputTokens: 2_000, outputTokens: 1_100, cost: [], averageMs: 4 }),
    ]
  }
  if (by === 'caller') return [row('t1', { label: 'ai-hub', requests: 9000 }), row('', { label: '', requests: 2104 })]
  return [row('a', { label: by === 'key' ? 'openai-main' : 'chat', requests: 900 }), row('b', { label: '=SUM(A1)' })]
}
