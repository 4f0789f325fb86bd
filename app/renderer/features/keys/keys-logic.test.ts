import { expect, test } from 'vitest'
import { key as testKey } from '../../../../tests/lib/keys-samples.ts'
import type { Key } from '../../../shared/contracts/keys.ts'
import { textIn } from '../../i18n/text.ts'
import { balanceForecast } from './balance-words.ts'
import { formatOf } from './dialogs/import-format.ts'
import { unserved } from './dialogs/unserved.ts'
import { applicable, type KeyAction } from './key-actions.tsx'
import { countAttention } from './key-condition.ts'
import { changedFacts, dateOf, draftOf, endOfDay, freeName, movesSecret, newDraft, readDraft } from './key-draft.ts'
import { balanceEndsSoon, budgetShare, costBound, costSentence, errorShare, money, shareWord } from './key-figures.ts'
import { matches, parseFilter } from './key-filter.ts'
import { compareConcern, compareExpiry, compareFigure, compareServices } from './key-order.ts'
import { stateSentence } from './key-words.ts'

const use = (requestsToday: number, errorsToday: number, costThisMonth = 0) => ({
  use: {
    requestsToday,
    errorsToday,
    tokensToday: 0,
    costToday: 0,
    costThisMonth,
    unpricedToday: 0,
    unpricedThisMonth: 0,
  },
})
const keys = [
  testKey('main', { ...use(100, 1), expiresAt: 9 }),
  testKey('second', { tier: 'backup', state: { kind: 'cooling', until: 5 }, ...use(10, 5) }),
  testKey('local', { tier: 'own', state: { kind: 'disabled', reason: 'new rack', at: 1 }, expiresAt: 4 }),
  testKey('qwen', {
    ...{ vendor: 'aliyun', service: 'qwen', name: '百炼' },
    state: { kind: 'benched', reason: 'quota', at: 1, until: 2 },
  }),
  testKey('old', { service: 'dalle', state: { kind: 'expired', at: 1 } }),
]
const english = (one: Key) => stateSentence(one, (key, values) => textIn('en', key, values))
const found = (text: string) => keys.filter((one) => matches(one, parseFilter(text), english)).map(({ id }) => id)
const ids = (some: readonly Key[]) => some.map(({ id }) => id)

test('the filter reads words, states, vendors and tiers in both languages', () => {
  expect({
    words: found('百炼'),
    vendor: found('dashscope'),
    shown: found('new rack'),
    state: found('state:cooling'),
    chinese: found('状态：欠费'),
    failing: found('state:failing'),
    two: found('vendor:openai tier:backup tier:own'),
    unknown: found('state:nonsense'),
  }).toEqual({
    words: ['qwen'],
    vendor: ['qwen'],
    shown: ['local'],
    state: ['second'],
    chinese: ['qwen'],
    failing: ['qwen', 'old'],
    two: ['second', 'local'],
    unknown: [],
  })
})

test('keys stand as they are tried, by concern the worst first, and what has no figure last', () => {
  expect({
    tried: ids([...keys].sort(compareServices)),
    concern: ids([...keys].sort(compareConcern)),
    errors: ids([...keys].sort(compareFigure(errorShare))).slice(0, 2),
    expiry: ids([...keys].sort(compareExpiry)).slice(0, 2),
  }).toEqual({
    tried: ['old', 'main', 'second', 'local', 'qwen'],
    concern: ['qwen', 'second', 'main', 'local', 'old'],
    errors: ['second', 'main'],
    expiry: ['local', 'main'],
  })
})

test('an action applies to those that it changes', () => {
  const those = (action: KeyAction) => ids(applicable(action, keys))
  expect({ enable: those('enable'), disable: those('disable'), reset: those('reset') }).toEqual({
    enable: ['local'],
    disable: ['main', 'second', 'qwen', 'old'],
    reset: ['second', 'qwen'],
  })
})

test('a removal says which services nobody serves then; what served nothing is not missed', () => {
  const [main, second, local, qwen, old] = keys as [Key, Key, Key, Key, Key]
  expect([
    unserved([main], keys),
    unserved([main, second], keys),
    unserved([local, old], keys),
    unserved([qwen, main, second, local], keys),
  ]).toEqual([[], ['OpenAI gpt-4'], [], ['Aliyun DashScope qwen', 'OpenAI gpt-4']])
})

test('money is exact where it is small, and a budget of nothing is spent', () => {
  expect([
    money(1_204_500_000, 'USD', 'en'),
    money(4_200, 'CNY', 'zh-CN'),
    money(0, 'USD', 'en'),
    money(200_000_000, 'USD', 'en', true),
    budgetShare({ ...use(0, 0, 30), monthlyBudget: 60 }),
    budgetShare({ ...use(0, 0, 0), monthlyBudget: 0 }),
  ]).toEqual(['$1,204.50', '¥0.0042', '$0.00', '$200', 0.5, 1])
})

test('what calls without a known price cost is not nothing', () => {
  const words = (language: 'en' | 'zh-CN', cost: string, count: number) => {
    const t: Parameters<typeof costSentence>[2] = (key, values) => textIn(language, key, values)
    return [costBound(cost, count, t), costSentence(cost, count, t)]
  }
  expect([words('en', '$1.20', 14), words('en', '', 1), words('en', '$1.20', 0), words('zh-CN', '¥1.20', 14)]).toEqual([
    ['≥ $1.20', '≥ $1.20, 14 calls without a known price'],
    ['unknown', '1 call without a known price'],
    ['$1.20', '$1.20'],
    ['至少 ¥1.20', '至少 ¥1.20，14 次调用无已知价格'],
  ])
})

test('a balance says when it ends, and warns a week before', () => {
  const day = 86_400_000
  const of = (amount: number, runsOutAt: number | null) => {
    const balance = { amount, currency: 'USD', at: 0, runsOutAt } as const
    const words = balanceForecast(balance, day, 'en', (key, values) => textIn('en', key, values))
    return [words, balanceEndsSoon({ balance }, day)]
  }
  expect([
    of(5, null),
    of(5, 8 * day),
    of(5, 9 * day),
    of(5, 8.64e15),
    of(5, day),
    of(0, null),
    balanceEndsSoon({ balance: null }, day),
  ]).toEqual([
    [null, false],
    ['At the use of the last 7 days it ends in 7 days.', true],
    ['At the use of the last 7 days it ends in 8 days.', false],
    ['At the use of the last 7 days it lasts for more than a year.', false],
    ['At the use of the last 7 days it has ended since; a test asks again.', true],
    ['Nothing is left.', true],
    false,
  ])
})

test('a draft becomes facts, or says which fields the contract would refuse', () => {
  const draft = {
    ...newDraft('openai', 'gpt-4'),
    name: ' main ',
    rpm: '1,200',
    monthlyBudget: '0.1',
    modelMapping: [
      { asked: ' gpt-4', model: 'gpt-6-luna ' },
      { asked: '', model: ' ' },
    ],
  }
  const bad = {
    ...draft,
    service: '',
    name: ' ',
    baseUrl: 'ftp://x',
    weight: '1.5',
    rpm: 'many',
    expiresAt: 'soon',
    modelMapping: [
      { asked: 'a', model: 'b' },
      { asked: 'a', model: 'c' },
    ],
  }
  expect([readDraft(draft), readDraft(bad)]).toEqual([
    {
      facts: {
        ...{ vendor: 'openai', service: 'gpt-4', name: 'main', tier: 'primary', baseUrl: null, weight: 1 },
        ...{ rpm: 1200, tpm: null, concurrency: null, monthlyBudget: 100_000, expiresAt: null },
        modelMapping: { 'gpt-4': 'gpt-6-luna' },
      },
      wrong: {},
    },
    {
      facts: null,
      wrong: {
        ...{ service: 'keys.wrongWord', name: 'keys.wrongName', baseUrl: 'keys.wrongUrl' },
        ...{
          weight: 'keys.wrongWeight',
          rpm: 'keys.wrongLimit',
          expiresAt: 'keys.wrongDate',
          modelMapping: 'keys.wrongMapping',
        },
      },
    },
  ])
})

test('an edit sends only what was typed anew, so a time to the minute stays as it is', () => {
  const noon = new Date(2026, 11, 31, 12).getTime()
  const before = draftOf(testKey('main', { expiresAt: noon, rpm: 5 }))
  const after = { ...before, rpm: '' }
  expect([
    changedFacts(before, after, readDraft(after).facts!),
    before.expiresAt,
    dateOf(endOfDay('2026-12-31')),
    endOfDay('2026-12-31')! - noon,
  ]).toEqual([{ rpm: null }, '2026-12-31', '2026-12-31', 12 * 3_600_000 - 1])
})

test('a secret is asked for anew where it would go to another server', () => {
  const own = 'https://vendor.test/v1'
  const others = ['https://vendor.test/v2/', 'http://vendor.test/v1', 'https://vendor.test:8443/v1', null]
  expect(others.map((address) => [movesSecret(own, address), movesSecret(address, own)])).toEqual([
    [false, false],
    [true, true],
    [true, true],
    [true, true],
  ])
  expect(movesSecret(null, null)).toBe(false)
})

test('a new key is called after what it opens, by a name that is free', () => {
  const taken = [testKey('1', { name: 'openai-gpt-4' }), testKey('2', { vendor: 'aliyun', name: 'aliyun-qwen' })]
  expect([
    freeName('openai', 'gpt-4', taken),
    freeName('openai', 'dalle', taken),
    freeName('sandbox', 'sandbox', taken),
  ]).toEqual(['openai-gpt-4-2', 'openai-dalle', 'sandbox'])
})

test('an import knows its format by the name of the file or by its first signs', () => {
  expect([
    formatOf(' [{"type":1}]'),
    formatOf('vendor,key_name,api_key\nopenai,a,b'),
    formatOf('export OPENAI_API_KEY=sk-test-a,b'),
    formatOf('anything', 'channels.JSON'),
    formatOf('{\n  "format": "pilothouse-keys",\n  "version": 1', 'pilothouse-keys-2026-03-18.json'),
  ]).toEqual(['one-api', 'csv', 'env', 'one-api', 'pilothouse'])
})

test('what does not answer or has expired needs attention; what pauses by itself or is off does not', () => {
  const states: Key['state'][] = [
    { kind: 'ready' },
    { kind: 'cooling', until: 1 },
    { kind: 'disabled', reason: '', at: 1 },
    { kind: 'benched', reason: 'quota', at: 1, until: 2 },
    { kind: 'broken', until: 1 },
    { kind: 'expired', at: 1 },
  ]
  const list = states.map((state, index) => testKey(String(index), { state }))
  expect(countAttention(new Map(list.map((one) => [one.id, one])))).toBe(3)
})

test('a few failures among very many calls are told as some', () => {
  expect([0, 0.001, 0.049, 0.05, 12].map((share) => shareWord(share, 'en'))).toEqual([
    ...['0 %', '< 0.1 %', '< 0.1 %', '0.1 %', '12 %'],
  ])
})
