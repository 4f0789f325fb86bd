import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { JsonObject } from '../../features/plugins/packages/package-types.ts'
import { jsonBody } from '../json-body.ts'
import { isLocalHost } from '../local-names.ts'
import type { PlainConnections, PortWatch } from '../ports.ts'
import { type Asked, failureOf, failureReply, type Reply, spokenLanguage } from '../replies.ts'
import { refusalReply, traceHeaders } from './answers.ts'
import type { Gateway } from './gateway.ts'
import { createHangUp, type HangUp } from './hang-up.ts'
import { modelOf } from './neutral.ts'
import { type PlainRequest, plainRequest } from './plain-request.ts'
import type { Served, Wanted } from './serve.ts'

// Most calls of a model are a small JSON text that is answered with another. They are answered on the bare connection, which
// costs a third of the way through a server of HTTP (docs/decisions/0016). Whatever is not plain goes to that server, with all
// its bytes, and the connection stays there.

const IDLE_MS = 30_000
/** Of one that has never said anything. */
const SILENT_MS = 15_000
/** Until an answer has left: a large one may be read slowly. */
const LEAVING_MS = 600_000
const SWEEP_MS = 5_000
/** What comes while another request is answered waits; more than this is left in the network. */
const MOST_HELD = 64 * 1024

const calls = {
  '/v1/chat/completions': { feature: 'chat', call: 'chat' },
  '/v1/embeddings': { feature: 'embedding', call: 'embeddings' },
} as const

interface Open {
  /** When it has been idle for too long, of `performance.now()`; Infinity while it is answered. */
  deadline: number
  readonly socket: Socket
  readonly watch: PortWatch
}

export function createPlainCalls(parts: {
  readonly gateway: Pick<Gateway, 'serve' | 'hasFeature' | 'tokens'>
  readonly openLocalMode: () => boolean
  readonly requestId: (given: string | undefined) => string
  /** Of a bug; answers its incident. */
  readonly failed: (error: unknown, path: string, requestId: string) => string
}): PlainConnections {
  const { gateway } = parts
  const connections = new Set<Open>()
  let sweeping: NodeJS.Timeout | null = null

  function sweep(): void {
    const now = performance.now()
    for (const { deadline, socket } of connections) if (deadline < now) socket.destroy()
  }

  /** What to serve, once it may come in; null for what the server of HTTP shall answer. */
  function wantedOf({ path, headers, body }: PlainRequest, hangUp: HangUp): Wanted | null {
    const asked = calls[path as keyof typeof calls]
    try {
      const given = jsonBody(body)
      if (!isLocalHost(headers.host ?? '') || !isObject(given) || given['stream'] === true) return null
      const named = modelOf(gateway, asked, given)
      // Last, as it counts the request.
      const { refusal, token } = gateway.tokens.admit(headers.authorization, parts.openLocalMode())
      return refusal ? null : { ...named, call: asked.call, body: given, token, hangUp, stream: null }
    } catch {
      return null
    }
  }
  /** Null for a caller that has gone. */
  function replyOf(served: Served, asked: Asked): Reply | null {
    switch (served.kind) {
      case 'answered':
        return { status: 200, headers: traceHeaders(served.trace), body: served.text ?? JSON.stringify(served.json) }
      case 'refused':
        return refusalReply(asked, served.refusal, served.trace)
      default:
        return null
    }
  }

  return {
    /** Takes a connection; `handOver` gets it back with its bytes unread as soon as it is not plain. */
    take(socket, watch, handOver): void {
      const open: Open = { socket, watch, deadline: performance.now() + SILENT_MS }
      let answering = false
      let held: Buffer | null = null
      const hangUp = createHangUp()

      function onData(chunk: Buffer): void {
        if (answering) {
          held = held ? Buffer.concat([held, chunk]) : chunk
          if (held.length > MOST_HELD) socket.pause()
          return
        }
        const request = watch.closing() ? null : plainRequest(chunk)
        const wanted = request && wantedOf(request, hangUp)
        if (request && wanted) void answer(request, wanted)
        else giveBack(chunk)
      }
      function giveBack(chunk: Buffer): void {
        forget()
        socket.unshift(chunk)
        handOver()
      }
      async function answer({ path, headers }: PlainRequest, wanted: Wanted): Promise<void> {
        watch.begin()
        answering = true
        open.deadline = Number.POSITIVE_INFINITY
        const requestId = parts.requestId(headers['x-request-id'])
        const asked = { path, requestId, language: spokenLanguage(headers['accept-language']) }
        let reply: Reply | null
        try {
          reply = replyOf(await gateway.serve(wanted), asked)
        } catch (error) {
          const { failure, ...status } = failureOf(error, (bug) => parts.failed(bug, path, requestId))
          reply = failureReply(asked, failure, status)
        }
        hangUp.listen(null)
        answering = false
        watch.over()
        if (socket.destroyed) return
        if (!reply) return void socket.destroy()
        const last = watch.closing()
        open.deadline = performance.now() + LEAVING_MS
        write(socket, reply, requestId, last, onLeft)
        if (last) return void socket.end()
        if (!held) return
        const next = held
        held = null
        socket.resume()
        onData(next)
      }
      function onLeft(): void {
        // The next request may be under way.
        if (!answering) open.deadline = performance.now() + IDLE_MS
      }
      function onEnd(): void {
        // Who says no more does not listen any more, as for any server of HTTP.
        if (answering) socket.destroy()
        else socket.end()
      }
      function onClose(): void {
        connections.delete(open)
        hangUp.leave()
      }
      function forget(): void {
        connections.delete(open)
        socket.off('data', onData).off('end', onEnd).off('close', onClose).off('error', destroyed)
      }

      connections.add(open)
      sweeping ??= setInterval(sweep, SWEEP_MS).unref()
      socket.on('data', onData).on('end', onEnd).on('close', onClose).on('error', destroyed)
    },
    closeIdle(watch): void {
      for (const { deadline, socket, watch: its } of connections)
        if (its === watch && deadline !== Number.POSITIVE_INFINITY) socket.destroy()
    },
    close(): void {
      if (sweeping) clearInterval(sweeping)
      for (const { socket } of connections) socket.destroy()
    },
  }
}

/** Its `close` follows, and tells. */
const destroyed = () => {}

let second = 0
let date = ''
/** As HTTP writes it, made once a second. */
function dateNow(): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    date = new Date(now * 1000).toUTCString()
  }
  return date
}

function write(socket: Socket, reply: Reply, requestId: string, last: boolean, left: () => void): void {
  const { status, headers, body } = reply
  const length = Buffer.byteLength(body)
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n`
  if (headers['content-type'] === undefined) head += 'content-type: application/json; charset=utf-8\r\n'
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`
  head += `content-length: ${length}\r\nx-request-id: ${requestId}\r\ndate: ${dateNow()}\r\n`
  head += last ? 'connection: close\r\n\r\n' : `connection: keep-alive\r\nkeep-alive: timeout=${IDLE_MS / 1000}\r\n\r\n`
  // One write, and the cheapest: a head has no other letters.
  socket.write(head + body, length === body.length ? 'latin1' : 'utf8', left)
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
