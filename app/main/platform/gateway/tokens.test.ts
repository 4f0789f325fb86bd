import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { countTokens } from '../vendors/count-tokens.ts'
import type { UsableToken } from './gateway-messages.ts'
import { type Admission, checkFeature, createTokens, wholeError } from './tokens.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const token = (change: Partial<UsableToken> = {}): UsableToken => ({
  ...{ id: 't1', name: 'shop', hash: hashOf('ph_one'), rpm: null, tpm: null, expiresAt: null },
  ...{ scopes: { features: null, models: null, plugins: null } },
  ...change,
})
const brief = ({ refusal, token: found }: Admission) =>
  refusal ? [refusal.code, refusal.details].filter((one) => JSON.stringify(one) !== '{}') : (found?.name ?? 'anybody')

test('who comes in with what', () => {
  let now = 1000
  const tokens = createTokens({ clock: () => now })
  tokens.set([token(), token({ id: 't2', name: 'old', hash: hashOf('ph_old'), expiresAt: 2000 })])
  const told = () =>
    [
      undefined,
      'Bearer ph_one',
      'bearer  ph_one ',
      'Bearer ph_two',
      'Bearer ph_old',
      'Bearer sk-any',
      'Basic eA==',
    ].map((header) => [brief(tokens.admit(header, true)), brief(tokens.admit(header, false))])
  expect(told()).toEqual([
    ['anybody', ['TOKEN_NEEDED']],
    ['shop', 'shop'],
    ['shop', 'shop'],
    [['TOKEN_UNKNOWN'], ['TOKEN_UNKNOWN']],
    ['old', 'old'],
    ['anybody', ['TOKEN_UNKNOWN']],
    ['anybody', ['TOKEN_NEEDED']],
  ])
  now = 2000
  expect(brief(tokens.admit('Bearer ph_old', true))).toEqual(['TOKEN_UNKNOWN'])
  tokens.set([])
  expect(brief(tokens.admit('Bearer ph_one', true))).toEqual(['TOKEN_UNKNOWN'])
})

test('limits of a minute, for requests and for tokens', () => {
  let ticks = 0
  const tokens = createTokens({ clock: () => 0, ticks: () => ticks })
  tokens.set([token({ rpm: 2, tpm: 100 })])
  const come = () => brief(tokens.admit('Bearer ph_one', true))
  expect([come(), come()]).toEqual(['shop', 'shop'])
  ticks = 15_500
  const full = ['TOKEN_LIMIT', { name: 'shop', limit: '2 requests a minute', retry_after: 46 }]
  expect(come()).toEqual(full)
  // What was used is not forgotten with a change of the table.
  tokens.set([token({ rpm: 2, tpm: 100 })])
  expect(come()).toEqual(full)
  ticks = 61_000
  const sliding = [come()]
  ticks = 100_000
  sliding.push(come())
  // No minute begins anew: the one at 61 s is still in the last one, and leaves it alone.
  ticks = 121_500
  sliding.push(come())
  ticks = 122_000
  sliding.push(come(), come())
  expect(sliding.map((one) => (one === 'shop' ? 'in' : 'out'))).toEqual(['in', 'in', 'out', 'in', 'out'])
  ticks = 190_000
  const { token: found } = tokens.admit('Bearer ph_one', true)

  const held = tokens.reserve(found!, 80)
  expect(() => tokens.reserve(found!, 40)).toThrow(/100 tokens a minute/)
  held.took(50)
  tokens.reserve(found!, 40)
  expect(() => tokens.reserve(found!, 40)).toThrow(/100 tokens a minute/)
})

test('what was used in the last minute is known after a restart, though the clock went back between', () => {
  let ticks = 3_600_000
  const start = (minute: NonNullable<UsableToken['minute']> | null) => {
    const tokens = createTokens({ clock: () => 0, ticks: () => ticks })
    tokens.set([token({ rpm: 1, tpm: 100, minute })])
    return tokens
  }
  const before = start(null)
  const { token: found } = before.admit('Bearer ph_one', true)
  before.reserve(found!, 80)
  const kept = JSON.parse(JSON.stringify(before.minuteOf('t1')))
  expect(kept).toEqual({ requests: [[3600, 1]], tokens: [[3600, 80]] })
  const waits = (tokens: ReturnType<typeof start>) => {
    const { refusal } = tokens.admit('Bearer ph_one', true)
    return refusal ? refusal.details['retry_after'] : null
  }
  ticks += 20_000
  const seen = [waits(start(kept))]
  ticks += 41_000
  seen.push(waits(start(kept)))
  ticks = 1_000_000
  seen.push(waits(start(kept)))
  expect(seen).toEqual([41, null, 61])
  expect([before.minuteOf('none'), start(kept).minuteOf('t1')?.tokens]).toEqual([null, [[1000, 80]]])
})

test('what a token opens', () => {
  const tokens = createTokens({ clock: () => 0 })
  tokens.set([token({ scopes: { features: ['chat'], models: null, plugins: null } })])
  const { token: found } = tokens.admit('Bearer ph_one', false)
  checkFeature(found, 'chat')
  checkFeature(null, 'embedding')
  expect(() => checkFeature(found, 'embedding')).toThrow('The token shop does not open embedding.')
  expect(wholeError(found!, 'keys')?.message).toBe('The token shop does not open keys.')
  tokens.set([token()])
  expect(wholeError(tokens.admit('Bearer ph_one', false).token!, 'keys')).toBe(null)
})

test('a number of answers that is none of this world leaves the limit as it is', () => {
  const tokens = createTokens({ clock: () => 0, ticks: () => 0 })
  tokens.set([token({ tpm: 50 })])
  const { token: shop } = tokens.admit('Bearer ph_one', false)
  const ask = (body: object) => tokens.reserve(shop!, countTokens({ ...body, prompt: 'ping' }))
  ask({ n: 1e308, max_tokens: 10_000_000 }).took(20)
  expect(() => ask({ max_tokens: 40 })).toThrow(expect.objectContaining({ code: 'TOKEN_LIMIT' }))
  ask({ max_tokens: 10 }).took(1)
})
