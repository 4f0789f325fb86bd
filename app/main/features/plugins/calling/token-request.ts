import { AppError } from '../../../../shared/errors.ts'
import { createBudget } from './budget.ts'
import type { LoadedPlugin, OAuthTokens } from './call-types.ts'
import { maskCall, secretsOf } from './mask-call.ts'
import { configured } from './plugin-facts.ts'
import type { Incoming, Sender } from './send.ts'

const TOKEN_MS = 10_000
const LONGEST_LIFE_S = 10 * 365 * 86_400

export type Grant = Readonly<Record<string, string>>
/** How a server wants the client to be named: among the fields, which is Coze's way, or in a header (RFC 6749, 2.3.1). */
export interface ClientStyle {
  inHeader: boolean
}

/** Asks for tokens once, or twice where the first way of naming the client is refused. Fails with OAUTH_REFUSED, or as sending does. */
export async function requestTokens(
  sender: Sender,
  plugin: LoadedPlugin,
  grant: Grant,
  style: ClientStyle,
  clock: () => number,
): Promise<OAuthTokens> {
  const address = configured(plugin, 'authorization_url')
  const url = URL.parse(address)
  if (!url) throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: 'authorization_url' })
  const budget = createBudget(TOKEN_MS, url.host, undefined)
  try {
    let answer = readAnswer(await sender.send(outgoing(plugin, url, grant, style.inHeader), budget))
    if (!style.inHeader && answer.isClientRefused && configured(plugin, 'client_secret') !== '') {
      const again = readAnswer(await sender.send(outgoing(plugin, url, grant, true), budget))
      style.inHeader = again.accessToken !== null
      if (style.inHeader) answer = again
    }
    const { accessToken, refusal, seconds } = answer
    if (accessToken === null) {
      const reason = maskCall(refusal, secretsOf(plugin, grant['refresh_token'] ?? grant['code'] ?? null))
      throw new AppError('OAUTH_REFUSED', { host: url.host, reason })
    }
    const now = clock()
    return {
      accessToken,
      refreshToken: answer.refreshToken ?? grant['refresh_token'] ?? null,
      obtainedAt: now,
      expiresAt: seconds === null ? null : now + seconds * 1000,
    }
  } finally {
    budget.done()
  }
}

function outgoing(plugin: LoadedPlugin, url: URL, grant: Grant, inHeader: boolean) {
  const [id, secret] = [configured(plugin, 'client_id'), configured(plugin, 'client_secret')]
  const form = /form/.test(configured(plugin, 'authorization_content_type') || 'form')
  const fields = inHeader ? grant : { ...grant, client_id: id, client_secret: secret }
  const basic = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`
  return {
    ...{ method: 'POST', url, body: form ? new URLSearchParams(fields).toString() : JSON.stringify(fields) },
    headers: {
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      accept: 'application/json',
      ...(inHeader ? { authorization: `Basic ${Buffer.from(basic).toString('base64')}` } : {}),
    },
  }
}

function readAnswer({ status, body }: Incoming) {
  const value = parsed(body)
  // Some wrap it: {"data": {"access_token": …}}.
  const tokens = isFields(value['data']) && value['access_token'] === undefined ? value['data'] : value
  const text = (name: string) => {
    const one = tokens[name]
    return status < 300 && typeof one === 'string' && one !== '' ? one : null
  }
  const seconds = Number(tokens['expires_in'])
  const told = tokens['error'] ?? tokens['code'] ?? value['error'] ?? value['code']
  return {
    ...{ accessToken: text('access_token'), refreshToken: text('refresh_token') },
    seconds: seconds > 0 ? Math.min(seconds, LONGEST_LIFE_S) : null,
    refusal: typeof told === 'string' || typeof told === 'number' ? `${status} ${told}`.slice(0, 100) : String(status),
    isClientRefused: status === 401 || told === 'invalid_client',
  }
}

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
