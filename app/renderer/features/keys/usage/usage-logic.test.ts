import { expect, test } from 'vitest'
import { row as sampleRow } from '../../../../../tests/lib/keys-samples.ts'
import type { UsageRow } from '../../../../shared/contracts/gateway.ts'
import { textIn } from '../../../i18n/text.ts'
import { readTokenDraft, tokenDraftOf } from '../tokens/token-draft.ts'
import { scopeSentence, stateOf } from '../tokens/token-rules.ts'
import { filled, spanOf, totalOf } from './usage-view.ts'

const hour = 3_600_000
const small = { requests: 10, errors: 0, inputTokens: 0, outputTokens: 0, cost: [], averageMs: 1.4, firstTokenMs: null }
const row = (group: string, more: Partial<UsageRow> = {}) => sampleRow(group, { ...small, ...more })
const now = Date.UTC(2026, 2, 18, 9, 24)

test('a range ends with the hour or day that runs, and its gaps are zero', () => {
  const span = spanOf('24h', now)
  const rows = filled([row('2026-03-18T08:00:00.000Z', { errors: 2 })], span, 'hour')
  const days = filled([row('2026-03-18')], spanOf('7d', now), 'day')
  expect({
    span: [new Date(span.from).toISOString(), new Date(span.to).toISOString()],
    hours: [rows.length, rows.at(-2), rows.at(-1)],
    days: days.map(({ requests }) => requests),
  }).toEqual({
    span: ['2026-03-17T10:00:00.000Z', '2026-03-18T10:00:00.000Z'],
    hours: [24, { at: span.to - 2 * hour, requests: 10, errors: 2 }, { at: span.to - hour, requests: 0, errors: 0 }],
    days: [0, 0, 0, 0, 0, 0, 10],
  })
})

test('sums keep currencies apart', () => {
  const cost = (currency: 'USD' | 'CNY', amount: number) => ({ currency, amount })
  const rows = [
    row('a', { cost: [cost('USD', 1), cost('CNY', 5)] }),
    row('b', { cost: [cost('CNY', 6)], unpriced: 14 }),
  ]
  expect(totalOf(rows)).toEqual({
    ...{ requests: 20, errors: 0, tokens: 0, images: 0, unpriced: 14 },
    cost: [cost('USD', 1), cost('CNY', 11)],
  })
})

const token = {
  ...{ id: 't', name: 'reports', prefix: 'ph_a', rpm: 30, tpm: null, expiresAt: null, createdAt: 0 },
  ...{ lastUsedAt: null, revokedAt: null, scopes: { features: null, models: ['a', 'b'], plugins: [] } },
}

test('a token goes into its form and comes out the same, and an empty list of names is not "all"', () => {
  const draft = tokenDraftOf(token)
  const emptied = {
    ...draft,
    name: '',
    rpm: '0',
    scopes: { ...draft.scopes, models: { kind: 'some' as const, names: [] } },
  }
  expect([readTokenDraft(draft).facts, readTokenDraft(emptied)]).toEqual([
    { name: 'reports', scopes: token.scopes, rpm: 30, tpm: null, expiresAt: null },
    { facts: null, wrong: { name: 'keys.nameMissing', rpm: 'keys.wrongLimit', models: 'keys.scopeWrong' } },
  ])
})

test('a token says what it opens and how it is', () => {
  const english = (scopes: typeof token.scopes) => scopeSentence(scopes, (key, values) => textIn('en', key, values))
  expect([
    english(token.scopes),
    stateOf({ revokedAt: null, expiresAt: 5 }, 5),
    stateOf({ revokedAt: 1, expiresAt: 5 }, 0),
  ]).toEqual(['Models: a, b · Plugins: none', 'expired', 'revoked'])
})
