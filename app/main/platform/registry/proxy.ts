import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'
import type { Instance } from '../../../shared/contracts/registry.ts'
import { AppError } from '../../../shared/errors.ts'
import { reasonInChinese } from '../../../shared/reason-in-chinese.ts'
import { goesRound } from '../via.ts'
import { type Connections, reasonOf } from './connections.ts'
import { requestHeaders, responseHeaders } from './forwarded-headers.ts'
import type { InstanceReports } from './instance-reports.ts'
import type { InstanceTable } from './instance-table.ts'
import { headOf, joinSockets } from './tunnel.ts'

/** How long a service may take until its answer begins, an upload included. */
const ANSWER_MS = 600_000
/** Instances that a refusal names. */
const MOST_NAMED = 10
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

export interface Forwarding {
  readonly service: string
  /** What follows the service's name, with its query, as it came. */
  readonly path: string
  readonly requestId: string
  readonly keepAuthorization: boolean
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The caller's connection where it asks for another protocol on it. */
  readonly upgrade: { readonly socket: Duplex; readonly head: Buffer } | null
  /** Called once, right before the first byte of the answer: from there on it is not this side's to answer. */
  readonly begin: () => void
}

/** What a service answered: a message, or another protocol on the connection. */
type Answer = { readonly message: IncomingMessage; readonly socket: Duplex | null; readonly head: Buffer }

/** Leads callers to healthy instances, bodies as they come in both directions. */
export function createProxy(options: {
  readonly table: InstanceTable
  readonly connections: Connections
  readonly reports: InstanceReports
  readonly answerMs?: number
}) {
  const { table, connections, reports, answerMs = ANSWER_MS } = options

  function next({ service, request }: Forwarding, tried: ReadonlySet<string>): Instance {
    const all = table.of(service)
    if (!all) throw new AppError('SERVICE_NOT_REGISTERED', { name: service.slice(0, 100) })
    if (goesRound(request.headers.via)) throw leadsBack(service, all[0]!.url)
    const found = table.pick(service, tried)
    if (found) return found
    throw unhealthy(service, all)
  }

  /** Asks one instance. Fails with what the connection met. */
  function ask(
    forwarding: Forwarding,
    instance: Instance,
    hasBody: boolean,
  ): { sent: ClientRequest; answer: Promise<Answer> } {
    const { request, path, requestId, keepAuthorization, upgrade } = forwarding
    const { host } = new URL(instance.url)
    const headers = requestHeaders(request, { requestId, keepAuthorization, host, upgrade: upgrade !== null })
    const sent = connections.open(instance.url, path, { method: request.method!, headers })
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const limit = setTimeout(() => {
      sent.destroy(new AppError('UPSTREAM_TIMEOUT', { host, seconds: Math.round(answerMs / 1000) }))
    }, answerMs).unref()
    const none = Buffer.alloc(0)
    sent.once('response', (message) => resolve({ message, socket: null, head: none }))
    sent.once('upgrade', (message, socket, head) => resolve({ message, socket, head }))
    // Stays: an upload that the service does not take to its end fails after the answer began.
    sent.on('error', reject)
    // A caller who leaves takes the request along.
    const left = () => sent.destroy(new AppError('CANCELLED'))
    forwarding.response.once('close', left)
    const settled = () => clearTimeout(limit)
    promise.then(settled, settled)
    if (hasBody) {
      request.pipe(sent)
      // What nobody reads any more must not hold the caller's connection up.
      sent.once('close', () => request.unpipe(sent).resume())
    } else sent.end()
    return { sent, answer: promise }
  }

  function answerWith(forwarding: Forwarding, { message, socket, head }: Answer, instance: Instance): void {
    const { response, requestId, upgrade } = forwarding
    const { statusCode = 502 } = message
    // What cannot be written again would leave the caller without any answer.
    const reason = (message.statusMessage ?? '').replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    const isStatus = statusCode <= 999 && statusCode >= (socket ? 101 : 200)
    // Nobody asked for another protocol.
    if (!isStatus || (socket && !upgrade)) {
      socket?.destroy()
      message.destroy()
      throw new AppError('UPSTREAM_FAILED', { host: new URL(instance.url).host, status: statusCode })
    }
    reports.called(instance.id, statusCode >= 500)
    forwarding.begin()
    if (socket && upgrade) {
      upgrade.socket.write(headOf(statusCode, reason, responseHeaders(message, requestId, true)), 'latin1')
      joinSockets(upgrade, { socket, head })
      return
    }
    try {
      response.writeHead(statusCode, reason, responseHeaders(message, requestId))
      // At once, and byte for byte: `flushHeaders` would write them as UTF-8.
      response.write('', 'latin1')
    } catch {
      // A header of it that cannot be written again; nobody else answers any more.
      message.destroy()
      response.destroy()
      return
    }
    // A service that breaks off breaks the answer off: a caller must not take a part for the whole.
    pipeline(message, response, () => {})
  }

  return {
    /** Ends when the answer began. Fails before its first byte, with what the caller is to be told. */
    async forward(forwarding: Forwarding): Promise<void> {
      const { request, response, upgrade } = forwarding
      const { headers, method = '' } = request
      const hasBody =
        !upgrade && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
      const mayRepeat = repeatable.has(method) && !hasBody
      const tried = new Set<string>()
      for (;;) {
        const instance = next(forwarding, tried)
        try {
          const answer = await ask(forwarding, instance, hasBody).answer
          return answerWith(forwarding, answer, instance)
        } catch (error) {
          if (error instanceof AppError && error.code === 'CANCELLED') throw error
          reports.called(instance.id, true)
          if (error instanceof AppError) throw error
          table.shun(instance.id)
          const { host } = new URL(instance.url)
          const again = mayRepeat && tried.size === 0 && !response.destroyed
          if (!again) throw new AppError('UPSTREAM_UNREACHABLE', { host, reason: reasonOf(error) }, { cause: error })
          tried.add(instance.id)
        }
      }
    },
  }
}
export type Proxy = ReturnType<typeof createProxy>

const leadsBack = (name: string, url: string) =>
  new AppError('NO_HEALTHY_UPSTREAM', {
    ...{ name, reasons: `${url} leads back to this platform`, reasonsZh: `${url} 又指向本平台` },
  })

function unhealthy(name: string, all: readonly Instance[]): AppError {
  const reasons: string[] = []
  const reasonsZh: string[] = []
  for (const { url, state } of all.slice(0, MOST_NAMED)) {
    reasons.push(`${url} (${state.kind === 'down' ? state.reason : 'up'})`)
    reasonsZh.push(`${url}（${state.kind === 'down' ? reasonInChinese(state.reason) : '健康'}）`)
  }
  const more = all.length - MOST_NAMED
  if (more > 0) {
    reasons.push(`and ${more} more`)
    reasonsZh.push(`另有 ${more} 个`)
  }
  return new AppError('NO_HEALTHY_UPSTREAM', { name, reasons: reasons.join('; '), reasonsZh: reasonsZh.join('；') })
}
