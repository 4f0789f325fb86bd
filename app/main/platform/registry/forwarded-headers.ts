import type { IncomingMessage } from 'node:http'
import { viaAfter } from '../via.ts'

/** Of one connection alone (RFC 9110 §7.6.1), and what the local platform has answered itself. */
const hopByHop = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade'],
])
/** Browsers send the console's own session to every port of its host. */
const SESSION = /^pilothouse_session_/

interface Heading {
  readonly requestId: string
  /** False where it is the gateway token that the caller was let in with. */
  readonly keepAuthorization: boolean
  readonly host: string
  /** Whether the connection is to become another protocol's. */
  readonly upgrade: boolean
}

/** Names and values in turn, as they came, so that what comes twice stays twice. */
function* pairs(raw: readonly string[]): Generator<readonly [name: string, value: string]> {
  for (let i = 0; i + 1 < raw.length; i += 2) yield [raw[i]!, raw[i + 1]!]
}

function dropped(connection: string | undefined): (name: string) => boolean {
  const named = new Set((connection ?? '').split(',').map((one) => one.trim().toLowerCase()))
  // A caller may not have the length or the host taken away.
  for (const kept of ['content-length', 'host', '']) named.delete(kept)
  return (name) => hopByHop.has(name) || named.has(name)
}

/** The headers for the service, as names and values in turn. */
export function requestHeaders(request: IncomingMessage, heading: Heading): string[] {
  const { headers, rawHeaders, socket } = request
  const drop = dropped(headers.connection)
  const own = new Set(['host', 'expect', 'x-forwarded-proto', 'x-forwarded-host', 'x-request-id', 'via', 'cookie'])
  own.add('x-forwarded-for')
  if (!heading.keepAuthorization) own.add('authorization')
  const chunked = headers['transfer-encoding'] !== undefined
  if (chunked) own.add('content-length')
  const sent: string[] = ['Host', heading.host]
  for (const [name, value] of pairs(rawHeaders)) {
    const lower = name.toLowerCase()
    if (!own.has(lower) && !drop(lower)) sent.push(name, value)
  }
  const add = (name: string, ...values: (string | undefined)[]) => {
    const value = values.filter(Boolean).join(', ')
    if (value !== '') sent.push(name, value)
  }
  add('Cookie', withoutSession(headers.cookie))
  add('X-Forwarded-For', [headers['x-forwarded-for']].flat().join(', '), socket.remoteAddress)
  add('X-Forwarded-Proto', 'http')
  add('X-Forwarded-Host', headers.host)
  add('X-Request-Id', heading.requestId)
  add('Via', viaAfter(headers.via))
  if (chunked) add('Transfer-Encoding', 'chunked')
  if (heading.upgrade) {
    add('Connection', 'Upgrade')
    add('Upgrade', headers.upgrade)
  }
  return sent
}

/** The headers for the caller, as names and values in turn. */
export function responseHeaders(response: IncomingMessage, requestId: string, upgrade = false): string[] {
  const drop = dropped(response.headers.connection)
  const sent: string[] = []
  for (const [name, value] of pairs(response.rawHeaders)) {
    const lower = name.toLowerCase()
    if (lower === 'x-request-id' || drop(lower)) continue
    // A service cannot end the console's session.
    if (lower === 'set-cookie' && SESSION.test(value.trimStart())) continue
    sent.push(name, value)
  }
  sent.push('X-Request-Id', requestId)
  if (upgrade) sent.push('Connection', 'Upgrade', 'Upgrade', response.headers.upgrade ?? 'websocket')
  return sent
}

function withoutSession(cookie: string | undefined): string | undefined {
  return cookie
    ?.split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !SESSION.test(one))
    .join('; ')
}
