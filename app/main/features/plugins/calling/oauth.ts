import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../../../../shared/errors.ts'
import { createBudget } from './budget.ts'
import { configured } from './build-request.ts'
import type { KeepTokens, LoadedPlugin, OAuthTokens } from './call-types.ts'
import { createSender, type Sender } from './send.ts'

const TOKEN_MS = 10_000
/** A token's answer is small; one that is not is none. */
const TOKEN_BYTES = 1024 * 1024
/** Half of what is left of a token that tells no end. */
const UNKNOWN_LIFE_MS = 3_600_000

export interface SignInStart {
  readonly url: string
  readonly state: string
  readonly verifier: string
}
interface State {
  tokens: OAuthTokens | null
  pending: Promise<OAuthTokens> | null
}
type OAuth = Extract<LoadedPlugin['definition']['auth'], { kind: 'oauth' }>

/** Tokens of plugins that sign in with OAuth 2: asked for once for all callers, renewed at half of their life. */
export function createOAuth(options: {
  readonly policy: Parameters<typeof createSender>[0]['policy']
  readonly resolver?: NonNullable<Parameters<typeof createSender>[0]['resolver']>
  readonly keepTokens: KeepTokens
  readonly clock?: () => number
}) {
  const clock = options.clock ?? Date.now
  const sender: Sender = createSender({ ...options, most: TOKEN_BYTES })
  /** By the row of the table: a row that changed (signed out, other credentials) knows nothing of the one before. */
  const states = new WeakMap<LoadedPlugin, State>()
  function stateOf(plugin: LoadedPlugin): State {
    let state = states.get(plugin)
    if (!state) {
      state = { tokens: plugin.tokens, pending: null }
      states.set(plugin, state)
    }
    return state
  }

  function renew(plugin: LoadedPlugin, auth: OAuth, state: State): Promise<OAuthTokens> {
    state.pending ??= fetchTokens(plugin, auth, state.tokens)
      .then((tokens) => {
        state.tokens = tokens
        options.keepTokens(plugin.id, tokens)
        return tokens
      })
      .finally(() => {
        state.pending = null
      })
    return state.pending
  }
  function fetchTokens(plugin: LoadedPlugin, { flow }: OAuth, present: OAuthTokens | null): Promise<OAuthTokens> {
    const scope = configured(plugin, 'scope')
    if (flow === 'clientCredentials') {
      return request(plugin, { grant_type: 'client_credentials', ...(scope && { scope }) }, null)
    }
    if (!present?.refreshToken) throw new AppError('OAUTH_SIGN_IN_NEEDED', { name: plugin.name })
    return request(plugin, { grant_type: 'refresh_token', refresh_token: present.refreshToken }, present.refreshToken)
  }

  async function request(
    plugin: LoadedPlugin,
    grant: Record<string, string>,
    refreshToken: string | null,
  ): Promise<OAuthTokens> {
    // Coze calls the address of tokens "authorization_url".
    const address = configured(plugin, 'authorization_url')
    if (!URL.canParse(address))
      throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: 'authorization_url' })
    const url = new URL(address)
    const fields = {
      ...grant,
      ...{ client_id: configured(plugin, 'client_id'), client_secret: configured(plugin, 'client_secret') },
    }
    const form = /form/.test(configured(plugin, 'authorization_content_type') || 'form')
    const budget = createBudget(TOKEN_MS, url.host, undefined)
    try {
      const answer = await sender.send(
        {
          ...{ method: 'POST', url, body: form ? new URLSearchParams(fields).toString() : JSON.stringify(fields) },
          headers: {
            'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
            accept: 'application/json',
          },
        },
        budget,
      )
      return readTokens(answer.status, answer.body, url.host, refreshToken)
    } finally {
      budget.done()
    }
  }
  function readTokens(status: number, body: Buffer, host: string, refreshToken: string | null): OAuthTokens {
    const value = parsed(body)
    // Some wrap it: {"data": {"access_token": …}}.
    const tokens = isFields(value['data']) && value['access_token'] === undefined ? value['data'] : value
    const access = tokens['access_token']
    if (status >= 300 || typeof access !== 'string' || access === '') {
      const told = tokens['error'] ?? tokens['code']
      const reason =
        typeof told === 'string' || typeof told === 'number' ? `${status} ${told}`.slice(0, 100) : String(status)
      throw new AppError('OAUTH_REFUSED', { host, reason })
    }
    const now = clock()
    const seconds = Number(tokens['expires_in'])
    const renewed = tokens['refresh_token']
    return {
      accessToken: access,
      refreshToken: typeof renewed === 'string' && renewed !== '' ? renewed : refreshToken,
      obtainedAt: now,
      expiresAt: Number.isFinite(seconds) && seconds > 0 ? now + seconds * 1000 : null,
    }
  }
  const stale = ({ obtainedAt, expiresAt }: OAuthTokens) =>
    clock() >= obtainedAt + ((expiresAt ?? obtainedAt + UNKNOWN_LIFE_MS) - obtainedAt) / 2
  const ended = ({ expiresAt }: OAuthTokens) => expiresAt !== null && clock() >= expiresAt

  return {
    /** Null for a plugin that signs in otherwise. Fails with OAUTH_SIGN_IN_NEEDED or OAUTH_REFUSED, or as sending does. */
    async accessToken(plugin: LoadedPlugin, refused: string | null = null): Promise<string | null> {
      const { auth } = plugin.definition
      if (auth.kind !== 'oauth') return null
      const state = stateOf(plugin)
      const { tokens } = state
      const usable = tokens !== null && tokens.accessToken !== refused && !ended(tokens)
      if (usable && !stale(tokens)) return tokens.accessToken
      const renewable = auth.flow === 'clientCredentials' || (tokens?.refreshToken ?? null) !== null
      if (!renewable) {
        if (usable) return tokens.accessToken
        throw new AppError('OAUTH_SIGN_IN_NEEDED', { name: plugin.name })
      }
      try {
        return (await renew(plugin, auth, state)).accessToken
      } catch (error) {
        // What is still good is used until it is not.
        if (usable && error instanceof AppError) return tokens.accessToken
        throw error
      }
    },
    /** Where the operator lets the plugin act for them. Fails with NOT_SUPPORTED for a plugin without such a flow. */
    beginSignIn(plugin: LoadedPlugin, redirectUri: string): SignInStart {
      const { auth } = plugin.definition
      if (auth.kind !== 'oauth' || auth.flow !== 'authorizationCode') {
        throw new AppError('NOT_SUPPORTED', { reason: `${plugin.name} has no sign-in of this kind` })
      }
      const address = configured(plugin, 'client_url')
      if (!URL.canParse(address) || !/^https?:/.test(address)) {
        throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: 'client_url' })
      }
      const state = randomBytes(24).toString('base64url')
      const verifier = randomBytes(32).toString('base64url')
      const url = new URL(address)
      const scope = configured(plugin, 'scope')
      const query = {
        ...{ response_type: 'code', client_id: configured(plugin, 'client_id'), redirect_uri: redirectUri, state },
        ...(scope && { scope }),
        ...{ code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' },
      }
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
      return { url: url.href, state, verifier }
    },
    /** Exchanges the code that came back; the tokens are kept. */
    async finishSignIn(
      plugin: LoadedPlugin,
      code: string,
      verifier: string,
      redirectUri: string,
    ): Promise<OAuthTokens> {
      const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
      const tokens = await request(plugin, grant, null)
      stateOf(plugin).tokens = tokens
      options.keepTokens(plugin.id, tokens)
      return tokens
    },
    stop: sender.stop,
  }
}
export type OAuthClient = ReturnType<typeof createOAuth>

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
function parsed(body: Buffer): Fields {
  const text = body.toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : {}
  } catch {
    return Object.fromEntries(new URLSearchParams(text))
  }
}
