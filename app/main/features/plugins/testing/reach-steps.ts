import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls'
import { AppError } from '../../../../shared/errors.ts'

/**
 * Runs one step until it ends, its time is up or the whole is cancelled. The step is given a signal that ends it in all
 * three cases, so that no socket outlives it; a step that ignores it is left behind.
 */
export async function within<T>(ms: number, signal: AbortSignal, step: (ended: AbortSignal) => Promise<T>): Promise<T> {
  if (signal.aborted) throw new AppError('CANCELLED')
  const ended = new AbortController()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const cancel = () => reject(new AppError('CANCELLED'))
  signal.addEventListener('abort', cancel)
  const timer = setTimeout(() => reject(new StepFailed(`timeout ${ms / 1000} s`)), ms)
  try {
    return await Promise.race([step(ended.signal), stopped])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
    ended.abort()
  }
}

/** A step that ended badly, with the fact that says why. */
export class StepFailed extends Error {}

/** The shortest thing that says what went wrong: a code where there is one. */
export function factOf(error: unknown): string {
  if (error instanceof StepFailed) return error.message
  const { code, message } = error as { code?: unknown; message?: unknown }
  return typeof code === 'string' && code !== '' ? code : String(message ?? error).slice(0, 200)
}

export interface Target {
  readonly host: string
  readonly address: string
  readonly port: number
  readonly secure: boolean
  /** Certificates that are believed instead of those Node brings. */
  readonly trusted?: readonly string[] | undefined
}

/** A connection to one address; it is closed when the signal ends it before it is there. */
export function openSocket({ address, port }: Target, ended: AbortSignal): Promise<Socket> {
  return settled(connect({ host: address, port }), 'connect', ended)
}

/** The TLS handshake over a connection. A certificate that is refused is an answer too: it is looked at, not thrown. */
export function openTls(socket: Socket, { host, trusted }: Target, ended: AbortSignal): Promise<TLSSocket> {
  const named = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
  const secure = connectTls({
    ...{ socket, host, ...named, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] },
    ...(trusted === undefined ? {} : { ca: [...trusted] }),
  })
  return settled(secure, 'secureConnect', ended)
}

function settled<S extends Socket>(socket: S, event: string, ended: AbortSignal): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<S>()
  const end = () => socket.destroy()
  ended.addEventListener('abort', end)
  // Kept on: an error of a socket that nobody listens to ends the process.
  socket.on('error', reject)
  socket.once('close', () => reject(new StepFailed('ECONNRESET')))
  socket.once(event, () => {
    ended.removeEventListener('abort', end)
    resolve(socket)
  })
  return promise
}

/** Protocol and certificate, and why it is refused; several reasons where there are several. */
export function certificateFacts(socket: TLSSocket, now: number): { readonly ok: boolean; readonly detail: string } {
  const certificate = socket.getPeerCertificate()
  const reasons = new Set<string>()
  if (!socket.authorized) reasons.add(String(socket.authorizationError ?? 'UNTRUSTED'))
  const until = Date.parse(certificate.valid_to ?? '')
  // The first thing that is wrong hides the others: a certificate nobody vouches for may have expired as well.
  if (until < now) reasons.add('CERT_HAS_EXPIRED')
  if (Date.parse(certificate.valid_from ?? '') > now) reasons.add('CERT_NOT_YET_VALID')
  const facts = [
    ...reasons,
    socket.getProtocol() ?? '',
    nameOf(certificate.subject),
    `issuer ${nameOf(certificate.issuer)}`,
    Number.isNaN(until) ? '' : `valid until ${new Date(until).toISOString().slice(0, 10)}`,
  ]
  return { ok: reasons.size === 0, detail: facts.filter((fact) => fact !== '').join(', ') }
}

function nameOf(name: PeerCertificate['subject'] | undefined): string {
  const parts = Object.entries(name ?? {}).filter(([key]) => key === 'CN' || key === 'O')
  return parts.map(([key, value]) => `${key}=${[value].flat().join(' ')}`.slice(0, 100)).join(' ') || '-'
}

/** Sends one request over a connection of its own and answers the status; the body is not read. */
export async function askOnce(socket: Socket, method: string, url: URL, ended: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const sent = request({
    ...{ method, path: `${url.pathname}${url.search}`, host: url.hostname, setHost: false, signal: ended },
    headers: { Host: url.host, 'User-Agent': 'Pilothouse', Accept: '*/*', Connection: 'close' },
    createConnection: () => socket,
  })
  sent.once('response', (answer) => {
    resolve(answer.statusCode ?? 0)
    answer.destroy()
  })
  sent.on('error', reject)
  sent.end()
  try {
    return await promise
  } finally {
    socket.destroy()
  }
}
