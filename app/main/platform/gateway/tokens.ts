import { createHash } from 'node:crypto'
import { AppError } from '../../../shared/errors.ts'
import type { LastMinute } from '../../features/routing/engine/engine-types.ts'
import { createMinuteWindow, type MinuteWindow } from '../../features/routing/engine/minute-window.ts'
import type { UsableToken } from './gateway-messages.ts'

/** How a gateway token begins; anything else that is sent as a bearer is none of ours. */
const PREFIX = 'ph_'
/** Hashes of tokens that were looked up; callers repeat theirs. */
const REMEMBERED = 1000
/** How often tokens of running streams are looked at. */
const LOOK_MS = 300

/** Who calls; null stands for a caller of open local mode. */
export interface GatewayToken extends UsableToken {
  readonly requests: MinuteWindow
  readonly tokens: MinuteWindow
}
export type Admission =
  | { readonly refusal: null; readonly token: GatewayToken | null }
  | { readonly refusal: AppError; readonly token: null }

const admitted: Admission = { refusal: null, token: null }

/** Of the wall clock at the start, and never back. */
const steadyNow = () => performance.timeOrigin + performance.now()

/** The gateway tokens that main told, and who may come in with them. `ticks` never goes back. */
export function createTokens(options: { readonly clock: () => number; readonly ticks?: () => number }) {
  const { clock, ticks = steadyNow } = options
  let byHash = new Map<string, GatewayToken>()
  let byId = new Map<string, GatewayToken>()
  /** Token → its entry, so that a caller's token is hashed once. */
  const known = new Map<string, GatewayToken>()

  function find(text: string): GatewayToken | null {
    const found = known.get(text)
    if (found) return found
    const token = byHash.get(createHash('sha256').update(text).digest('hex')) ?? null
    if (!token) return null
    if (known.size >= REMEMBERED) known.clear()
    known.set(text, token)
    return token
  }

  const watched = new Set<{ readonly id: string; readonly lapsed: () => void }>()
  let looking: NodeJS.Timeout | null = null
  function look(): void {
    for (const one of watched) {
      const token = byId.get(one.id)
      if ((token && !hasEnded(token)) || !watched.delete(one)) continue
      one.lapsed()
    }
    if (watched.size > 0 || !looking) return
    clearInterval(looking)
    looking = null
  }
  const hasEnded = ({ expiresAt }: UsableToken) => expiresAt !== null && expiresAt <= clock()

  function windowsOf({ minute }: UsableToken): Pick<GatewayToken, 'requests' | 'tokens'> {
    const windows = { requests: createMinuteWindow(minute?.requests), tokens: createMinuteWindow(minute?.tokens) }
    // The clock may have gone back between.
    for (const window of [windows.requests, windows.tokens]) window.bound(ticks())
    return windows
  }

  return {
    /** All tokens that are in force; what they used in the last minute stays. */
    set(tokens: readonly UsableToken[]): void {
      byHash = new Map(
        tokens.map((token) => {
          const { requests, tokens: used } = byId.get(token.id) ?? windowsOf(token)
          return [token.hash, { ...token, requests, tokens: used }]
        }),
      )
      byId = new Map([...byHash.values()].map((token) => [token.id, token]))
      known.clear()
      look()
    },
    /** To be kept; null for one without a limit, and for one that has gone. */
    minuteOf(id: string): LastMinute | null {
      const token = byId.get(id)
      if (!token || (token.rpm === null && token.tpm === null)) return null
      return { requests: token.requests.counts(), tokens: token.tokens.counts() }
    },
    /**
     * Whether a request may come in: TOKEN_NEEDED without a token where one is needed, TOKEN_UNKNOWN, TOKEN_LIMIT. A token
     * is checked whether it is needed or not. Counts the request.
     */
    admit(authorization: string | undefined, openLocalMode: boolean): Admission {
      const text = bearerOf(authorization)
      if (text === null) return openLocalMode ? admitted : refused(new AppError('TOKEN_NEEDED'))
      // Clients of OpenAI's API cannot be without a key: in open local mode any word will do.
      if (openLocalMode && !text.startsWith(PREFIX)) return admitted
      const token = find(text)
      if (!token || hasEnded(token)) return refused(new AppError('TOKEN_UNKNOWN'))
      if (token.rpm !== null) {
        const now = ticks()
        const wait = waitFor(token.requests, token.rpm, 1, now)
        if (wait > 0) return refused(limitError(token, `${token.rpm} requests a minute`, wait))
        token.requests.add(1, now)
      }
      return { refusal: null, token }
    },
    /** Tells `lapsed` once, when the token has been revoked or its time is over; answers with how to stop that. */
    watch({ id }: GatewayToken, lapsed: () => void): () => void {
      const one = { id, lapsed }
      watched.add(one)
      looking ??= setInterval(look, LOOK_MS).unref()
      look()
      return () => watched.delete(one)
    },
    /** Counts the tokens that a request may take; fails with TOKEN_LIMIT. What it took in truth is told with `took`. */
    reserve(token: GatewayToken, tokens: number): { took(used: number): void } {
      if (token.tpm === null) return untold
      const now = ticks()
      const wait = waitFor(token.tokens, token.tpm, tokens, now)
      if (wait > 0) throw limitError(token, `${token.tpm} tokens a minute`, wait)
      token.tokens.add(tokens, now)
      return { took: (used) => token.tokens.correct(used - tokens, now) }
    },
  }
}
export type Tokens = ReturnType<typeof createTokens>

/** Milliseconds until so much more fits; 0 where it fits now. What is larger than the limit itself fits an empty window. */
function waitFor(window: MinuteWindow, limit: number, amount: number, now: number): number {
  const used = window.total(now)
  const over = used === 0 ? 0 : Math.min(used, used + amount - limit)
  return over <= 0 ? 0 : window.roomAt(over, now)! - now
}

const untold = { took: () => {} }
const refused = (refusal: AppError): Admission => ({ refusal, token: null })
const limitError = ({ name }: GatewayToken, limit: string, wait: number) =>
  new AppError('TOKEN_LIMIT', { name, limit, retry_after: Math.max(1, Math.ceil(wait / 1000)) })

function bearerOf(header: string | undefined): string | null {
  if (header === undefined || header.length > 4096) return null
  const found = /^bearer +(\S+)\s*$/i.exec(header)
  return found ? found[1]! : null
}

/** Whether a scope lets a name through; null stands for all. */
export const opens = (scope: readonly string[] | null, name: string): boolean => scope === null || scope.includes(name)

/** The same of a model; vendors' own lists differ in case, so it counts for nothing. */
export function opensModel({ scopes: { models } }: UsableToken, name: string): boolean {
  const lower = name.toLowerCase()
  return models === null || models.some((model) => model.toLowerCase() === lower)
}

/** Fails with TOKEN_SCOPE where the token does not open the feature. */
export function checkFeature(token: GatewayToken | null, feature: string): void {
  if (token && !opens(token.scopes.features, feature)) throw scopeError(token, feature)
}
export const opensPlugin = (token: GatewayToken | null, pluginId: string): boolean =>
  token === null || opens(token.scopes.plugins, pluginId)
/** Fails with TOKEN_SCOPE where the token does not open the plugin. */
export function checkPlugin(token: GatewayToken | null, pluginId: string, name: string): void {
  if (token && !opensPlugin(token, pluginId)) throw scopeError(token, name)
}
/** TOKEN_SCOPE for a token that opens a part only: what changes keys, rules and plugins is for whole ones. */
export function wholeError(token: GatewayToken, what: string): AppError | null {
  const { features, models, plugins } = token.scopes
  return features === null && models === null && plugins === null ? null : scopeError(token, what)
}
export const scopeError = ({ name }: UsableToken, what: string) =>
  new AppError('TOKEN_SCOPE', { name, what: what.slice(0, 200) })
