import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../../../../shared/errors.ts'
import type { CallablePlugin, KeepTokens, LoadedPlugin, OAuthTokens } from './call-types.ts'
import { rowOf } from './load-plugin.ts'
import { configured } from './plugin-facts.ts'
import { createSender, type Sender } from './send.ts'
import { type ClientStyle, type Grant, requestTokens } from './token-request.ts'

/** A token's answer is small; one that is not is none. */
const TOKEN_BYTES = 1024 * 1024
/** A renewal that failed while the token is still good is not tried again for so long. */
const QUIET_MS = 30_000

export interface SignInStart {
  readonly url: string
  readonly state: string
  readonly verifier: string
}
interface State extends ClientStyle {
  readonly credentials: string
  tokens: OAuthTokens | null
  pending: Promise<OAuthTokens> | null
  quietUntil: number
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
  const byRow = new WeakMap<CallablePlugin, State>()
  /** The newest of each plugin. */
  const byId = new Map<string, State>()

  function stateOf(plugin: LoadedPlugin): State {
    const row = rowOf(plugin)
    let state = byRow.get(row)
    if (!state) {
      state = joined(plugin) ?? begun(plugin)
      byRow.set(row, state)
    }
    return state
  }
  /**
   * What is known of the plugin already, if this row tells nothing newer: rows are told before the tokens that replace
   * theirs, and a refresh token is often good for one use. A row that was signed out begins anew.
   */
  function joined(plugin: LoadedPlugin): State | null {
    const state = byId.get(plugin.id)
    if (!state || state.credentials !== credentialsOf(plugin)) return null
    const { tokens } = plugin
    if (tokens === null) return isClient(plugin) ? state : null
    return state.tokens !== null && tokens.obtainedAt <= state.tokens.obtainedAt ? state : null
  }
  function begun(plugin: LoadedPlugin): State {
    const { id, tokens } = plugin
    const credentials = credentialsOf(plugin)
    const state: State = { credentials, tokens, pending: null, quietUntil: 0, inHeader: false }
    if (tokens !== null || isClient(plugin)) byId.set(id, state)
    return state
  }

  function renew(plugin: LoadedPlugin, auth: OAuth, state: State): Promise<OAuthTokens> {
    state.pending ??= fetchTokens(plugin, auth, state)
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
  async function fetchTokens(plugin: LoadedPlugin, { flow }: OAuth, state: State): Promise<OAuthTokens> {
    const { name } = plugin
    if (flow === 'clientCredentials') {
      const scope = configured(plugin, 'scope')
      return await request(plugin, { grant_type: 'client_credentials', ...(scope && { scope }) }, state)
    }
    const refreshToken = state.tokens?.refreshToken
    if (!refreshToken) throw new AppError('OAUTH_SIGN_IN_NEEDED', { name })
    try {
      return await request(plugin, { grant_type: 'refresh_token', refresh_token: refreshToken }, state)
    } catch (error) {
      // Taken back, or used up: only the operator can give another.
      const used = error instanceof AppError && /\binvalid_grant$/.test(String(error.details['reason']))
      throw used ? new AppError('OAUTH_SIGN_IN_NEEDED', { name }, { cause: error }) : error
    }
  }

  const request = (plugin: LoadedPlugin, grant: Grant, state: State) =>
    requestTokens(sender, plugin, grant, state, clock)

  // Where the server did not say how long it is good, a token is used until it is refused.
  const stale = ({ obtainedAt, expiresAt }: OAuthTokens) =>
    expiresAt !== null && clock() >= obtainedAt + (expiresAt - obtainedAt) / 2
  const ended = ({ expiresAt }: OAuthTokens) => expiresAt !== null && clock() >= expiresAt

  return {
    /** Null for a plugin that signs in otherwise. Fails with OAUTH_SIGN_IN_NEEDED or OAUTH_REFUSED, or as sending does. */
    async accessToken(plugin: LoadedPlugin, refused: string | null = null): Promise<string | null> {
      const { auth } = plugin.definition
      if (auth.kind !== 'oauth') return null
      const state = stateOf(plugin)
      const { tokens } = state
      const usable = tokens !== null && tokens.accessToken !== refused && !ended(tokens)
      if (usable && (!stale(tokens) || clock() < state.quietUntil)) return tokens.accessToken
      const renewable = auth.flow === 'clientCredentials' || (tokens?.refreshToken ?? null) !== null
      if (!renewable) {
        if (usable) return tokens.accessToken
        throw new AppError('OAUTH_SIGN_IN_NEEDED', { name: plugin.name })
      }
      try {
        return (await renew(plugin, auth, state)).accessToken
      } catch (error) {
        // What is still good is used until it is not.
        if (!usable || !(error instanceof AppError)) throw error
        state.quietUntil = clock() + QUIET_MS
        return tokens.accessToken
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
      const state = stateOf(plugin)
      const tokens = await request(plugin, grant, state)
      state.tokens = tokens
      byId.set(plugin.id, state)
      options.keepTokens(plugin.id, tokens)
      return tokens
    },
    stop: sender.stop,
  }
}
export type OAuthClient = ReturnType<typeof createOAuth>

const isClient = ({ definition: { auth } }: LoadedPlugin): boolean =>
  auth.kind === 'oauth' && auth.flow === 'clientCredentials'
const credentialsOf = (plugin: LoadedPlugin): string =>
  JSON.stringify(['client_id', 'client_secret', 'authorization_url', 'scope'].map((name) => configured(plugin, name)))
