import type { Currency, Vendor as VendorName } from '../../../shared/contracts/keys.ts'
import type { Json } from '../../features/plugins/packages/package-types.ts'
import type { Access, VendorRequest } from './vendor.ts'

/** What is left on a key's account, in millionths of the currency. */
export interface Balance {
  readonly amount: number
  readonly currency: Currency
}
/** What a vendor answered to a GET; undefined for anything but JSON with a status from 200 to 299. */
export type AskVendor = (request: VendorRequest) => Promise<Json | undefined>

type Way = (ask: (path: string) => Promise<Json | undefined>, now: number) => Promise<Balance | null>

/**
 * How a balance is asked for, by vendor: the first way that is answered counts. OpenAI's and DashScope's are not told to
 * whoever has a key alone; their lists are empty.
 */
const ways: Readonly<Record<VendorName, readonly Way[]>> = {
  openai: [],
  aliyun: [],
  'openai-compatible': [accountBalance, billedBalance],
  sandbox: [ownBalance],
}

/** Null where the vendor has none to tell, or did not. Nothing that it answers makes this fail. */
export async function askBalance(
  vendor: VendorName,
  { baseUrl, secret }: Access,
  ask: AskVendor,
  now: number,
): Promise<Balance | null> {
  const headers = { authorization: `Bearer ${secret}`, accept: 'application/json' }
  // Both stand beside the dialect's own paths, whichever way the key's address is written.
  const root = baseUrl.replace(/\/v1$/, '')
  for (const way of ways[vendor]) {
    const found = await way((path) => ask({ method: 'GET', url: `${root}${path}`, headers, body: null }), now)
    if (found) return found
  }
  return null
}

/** As DeepSeek tells it. */
async function accountBalance(ask: (path: string) => Promise<Json | undefined>): Promise<Balance | null> {
  const infos = fieldOf(await ask('/user/balance'), 'balance_infos')
  for (const info of Array.isArray(infos) ? infos.slice(0, 10) : []) {
    const found = balance(fieldOf(info, 'total_balance'), fieldOf(info, 'currency'))
    if (found) return found
  }
  return null
}
/** A token without a limit says so with this. */
const UNLIMITED = 100_000_000
const DAY_MS = 24 * 3_600_000
/** As OpenAI told it once, and as one-api and its kin still do: a limit, and what was used of it in cents. */
async function billedBalance(ask: (path: string) => Promise<Json | undefined>, now: number): Promise<Balance | null> {
  const limit = numberOf(fieldOf(await ask('/v1/dashboard/billing/subscription'), 'hard_limit_usd'))
  if (limit === null || limit >= UNLIMITED) return null
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const span = `start_date=${day(now - 99 * DAY_MS)}&end_date=${day(now + DAY_MS)}`
  const used = numberOf(fieldOf(await ask(`/v1/dashboard/billing/usage?${span}`), 'total_usage'))
  return used === null ? null : balance(limit - used / 100, 'USD')
}
/** The sandbox's own. */
async function ownBalance(ask: (path: string) => Promise<Json | undefined>): Promise<Balance | null> {
  const answer = await ask('/v1/balance')
  return balance(fieldOf(answer, 'balance'), fieldOf(answer, 'currency'))
}

function balance(units: unknown, currency: unknown): Balance | null {
  const amount = numberOf(units)
  if (amount === null || (currency !== 'USD' && currency !== 'CNY')) return null
  return { amount: Math.round(amount * 1_000_000), currency }
}
const fieldOf = (value: Json | undefined, name: string): Json | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as { readonly [key: string]: Json })[name]
    : undefined
/** Numbers come as text as well. */
function numberOf(value: unknown): number | null {
  const text = typeof value === 'string' && value.trim() !== '' && value.length < 40
  const number = typeof value === 'number' ? value : text ? Number(value) : Number.NaN
  return Number.isFinite(number) && Math.abs(number) < 1_000_000_000 ? number : null
}
