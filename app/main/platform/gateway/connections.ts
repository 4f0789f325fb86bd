import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectSecure } from 'node:tls'
import { AppError } from '../../../shared/errors.ts'
import { guardedLookup, guardUrl } from '../../features/plugins/calling/guard.ts'
import type { FailureKind } from '../../features/routing/engine/engine-types.ts'
import type { VendorRequest } from '../vendors/vendor.ts'
import { type AnswerParts, createAnswerReader, NoHttp } from './answer-reader.ts'
import type { Exchange, ExchangeListener, Limits, Upstream } from './upstream.ts'

// HTTP/1.1 over kept-alive connections, for what a gateway asks: one request whose body is there, one answer. Every call of
// a model passes here, and a general client costs more than all the rest of it (docs/decisions/0016).

/** Beyond it, requests to one vendor wait for each other. */
const CONNECTIONS = 2048
/** Addresses are the operator's own, so this machine and its network are welcome; metadata services never are. */
const policy = { allowLoopback: true, allowPrivate: true } as const
const MOST_PLACES = 1000
const IDLE_MS = 30_000
const LONGEST_IDLE_MS = 60_000
/** What was read last of any connection; it is copied before the next is read. */
const piece = Buffer.allocUnsafeSlow(64 * 1024)

interface Place {
  readonly hostname: string
  readonly port: number
  readonly secure: boolean
  /** For the header. */
  readonly host: string
}
interface Asked {
  head: string
  readonly body: VendorRequest['body']
  readonly listener: ExchangeListener
  readonly firstByteMs: number
  connection: Connection | null
  answering: boolean
  over: boolean
}
interface Connection {
  readonly pool: Pool
  readonly socket: Socket
  readonly reader: ReturnType<typeof createAnswerReader>
  readonly parts: AnswerParts
  asked: Asked | null
  /** When its vendor has been silent for too long, or it was idle for too long; of `performance.now()`. */
  deadline: number
  /** How long it is kept without a request. */
  idleMs: number
  error: Error | null
}
/** The connections to one origin. */
interface Pool {
  readonly place: Place
  readonly idle: Connection[]
  readonly waiting: Set<Asked>
  /** Those that are being made count too. */
  open: number
  connecting: number
}

export function createUpstream(limits: Limits): Upstream {
  const pools = new Map<string, Pool>()
  const connections = new Set<Connection>()
  let sweeping: NodeJS.Timeout | null = null
  let stopped = false

  function poolOf(url: string): { readonly pool: Pool; readonly path: string } {
    // The origin is what is before the first slash after the scheme; parsing each time would cost more than the rest.
    const slash = url.indexOf('/', url.indexOf('://') + 3)
    const start = slash < 0 ? url : url.slice(0, slash)
    let pool = pools.get(start)
    if (!pool) {
      const parsed = new URL(url)
      guardUrl(parsed, policy)
      const secure = parsed.protocol === 'https:'
      const hostname = parsed.hostname.replace(/^\[|\]$/g, '')
      const place = { hostname, port: Number(parsed.port) || (secure ? 443 : 80), secure, host: parsed.host }
      pool = { place, idle: [], waiting: new Set(), open: 0, connecting: 0 }
      if (pools.size >= MOST_PLACES) forgetPlaces()
      pools.set(start, pool)
    }
    return { pool, path: slash < 0 ? '/' : url.slice(slash) }
  }
  function forgetPlaces(): void {
    for (const [start, { open }] of pools) if (open === 0) pools.delete(start)
  }

  function take(pool: Pool): Connection | null {
    for (let one = pool.idle.pop(); one; one = pool.idle.pop()) {
      if (!one.socket.destroyed && one.deadline > performance.now()) return one
      one.socket.destroy()
    }
    return null
  }
  function ask(pool: Pool, asked: Asked): void {
    const connection = take(pool)
    if (connection) send(connection, asked)
    else {
      pool.waiting.add(asked)
      if (pool.open < CONNECTIONS) connect(pool, asked)
    }
  }
  function send(connection: Connection, asked: Asked): void {
    connection.asked = asked
    asked.connection = connection
    connection.deadline = performance.now() + asked.firstByteMs
    connection.reader.expect(connection.parts)
    const { head, body } = asked
    if (typeof body === 'string') {
      const length = Buffer.byteLength(body)
      // One write, and the cheapest: a head has no other letters.
      const encoding = length === body.length ? 'latin1' : 'utf8'
      connection.socket.write(`${head}content-length: ${length}\r\n\r\n${body}`, encoding)
    } else if (body) {
      connection.socket.write(`${head}content-length: ${body.length}\r\n\r\n`, 'latin1')
      connection.socket.write(body)
    } else connection.socket.write(`${head}\r\n`, 'latin1')
  }
  /** It can carry another request. */
  function release(connection: Connection): void {
    const [next] = connection.pool.waiting
    if (next) {
      connection.pool.waiting.delete(next)
      send(connection, next)
    } else {
      connection.deadline = performance.now() + connection.idleMs
      connection.pool.idle.push(connection)
    }
  }

  /** For one that waits, or for whoever waits longest when it stands. */
  function connect(pool: Pool, asked: Asked): void {
    const { hostname, port, secure } = pool.place
    pool.open++
    pool.connecting++
    let connection: Connection
    // One buffer for all: a new one for each piece costs more than the copy of what came.
    const onread = {
      buffer: piece,
      callback(length: number) {
        heard(connection, Buffer.from(piece.subarray(0, length)))
        return true
      },
    }
    const to = { host: hostname, port, lookup: guardedLookup(policy), noDelay: true, keepAlive: true, onread }
    const socket = secure
      ? connectSecure({ ...to, servername: isIP(hostname) ? '' : hostname, ALPNProtocols: ['http/1.1'] })
      : connectPlain(to)
    connection = connectionOf(pool, socket)
    const timer = setTimeout(() => socket.destroy(new Error('it could not be connected in time')), limits.connectMs)
    let ready = false
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      ready = true
      pool.connecting--
      if (!pool.waiting.delete(asked)) return release(connection)
      send(connection, asked)
    })
    socket.once('close', () => {
      clearTimeout(timer)
      pool.open--
      connections.delete(connection)
      if (!ready) pool.connecting--
      if (!ready && pool.waiting.delete(asked)) fail(asked, 'connection', reasonOf(connection))
      // What waits without a connection of its own gets the place.
      const [next] = pool.waiting
      if (next && pool.waiting.size > pool.connecting && !stopped) connect(pool, next)
    })
  }
  function connectionOf(pool: Pool, socket: Socket): Connection {
    const reader = createAnswerReader()
    const connection: Connection = {
      ...{ pool, socket, reader, asked: null, deadline: Number.POSITIVE_INFINITY, idleMs: IDLE_MS, error: null },
      parts: {
        head(status, headers) {
          const asked = connection.asked!
          asked.answering = true
          const hint = headers['keep-alive']
          if (hint !== undefined) connection.idleMs = idleOf(String(hint))
          asked.listener.head(status, headers)
        },
        data: (chunk) => connection.asked!.listener.data(chunk),
        end(reusable) {
          const asked = connection.asked!
          connection.asked = null
          asked.connection = null
          asked.over = true
          if (reusable && !stopped) release(connection)
          else socket.destroy()
          asked.listener.end()
        },
      },
    }
    connections.add(connection)
    sweeping ??= setInterval(sweep, Math.min(1000, Math.ceil(Math.min(limits.idleMs, limits.firstByteMs) / 4))).unref()
    socket.on('end', () => {
      if (!reader.close()) socket.destroy()
    })
    socket.on('error', (error) => {
      connection.error = error
    })
    socket.once('close', () => {
      const { asked } = connection
      if (asked) giveUp(connection, asked.answering ? 'cut' : 'connection', reasonOf(connection))
    })
    return connection
  }
  function heard(connection: Connection, chunk: Buffer): void {
    connection.deadline = performance.now() + limits.idleMs
    try {
      connection.reader.push(chunk)
    } catch (error) {
      if (error instanceof NoHttp) giveUp(connection, 'garbage', 'its answer is no HTTP')
      else giveUp(connection, 'cut', error instanceof Error ? error.message.slice(0, 200) : 'it failed')
    }
  }
  /** Of one request the rest is not waited for, so the connection is of no use any more. */
  function giveUp(connection: Connection, kind: FailureKind, reason: string): void {
    const { asked } = connection
    connection.asked = null
    connection.reader.drop()
    connection.socket.destroy()
    if (asked) fail(asked, kind, reason)
  }
  function fail(asked: Asked, kind: FailureKind, reason: string): void {
    if (asked.over) return
    asked.over = true
    asked.listener.fail(kind, reason)
  }
  /** Looks at all of them now and then: a timer for each request would cost more than it. */
  function sweep(): void {
    const now = performance.now()
    for (const connection of connections) {
      if (connection.deadline > now) continue
      if (!connection.asked) connection.socket.destroy()
      else if (connection.asked.answering) giveUp(connection, 'timeout', 'it stopped in the middle of its answer')
      else giveUp(connection, 'timeout', 'it did not answer in time')
    }
    if (connections.size > 0 || !sweeping) return
    clearInterval(sweeping)
    sweeping = null
  }

  return {
    open(request: VendorRequest, listener: ExchangeListener, firstByteMs = limits.firstByteMs): Exchange {
      const asked: Asked = {
        ...{ head: '', body: request.body, listener, firstByteMs, connection: null, answering: false, over: false },
      }
      let pool: Pool | null = null
      try {
        if (stopped) throw new Error('the local platform is stopping')
        const found = poolOf(request.url)
        pool = found.pool
        asked.head = headOf(request, found.path, pool.place.host)
        ask(pool, asked)
      } catch (error) {
        const reason = error instanceof Error ? error.message.slice(0, 200) : 'it failed'
        // Not before the caller holds what is returned here.
        queueMicrotask(() => fail(asked, stopped ? 'caller' : 'connection', reason))
      }
      const waits = pool
      return {
        sent: () => asked.connection !== null || asked.answering,
        abort(kind, reason) {
          if (asked.over) return
          waits?.waiting.delete(asked)
          if (asked.connection) giveUp(asked.connection, kind, reason)
          else fail(asked, kind, reason)
        },
        pause() {
          if (asked.over || !asked.connection) return
          asked.connection.socket.pause()
          asked.connection.deadline = Number.POSITIVE_INFINITY
        },
        resume() {
          if (asked.over || !asked.connection) return
          asked.connection.deadline = performance.now() + limits.idleMs
          asked.connection.socket.resume()
        },
      }
    },
    stop() {
      stopped = true
      if (sweeping) clearInterval(sweeping)
      for (const { waiting } of pools.values()) {
        for (const asked of waiting) fail(asked, 'caller', 'the local platform is stopping')
        waiting.clear()
      }
      for (const connection of connections) giveUp(connection, 'caller', 'the local platform is stopping')
    },
  }
}

/** All but the length of the body and the empty line. Throws for what cannot be written as HTTP. */
function headOf({ method, headers }: VendorRequest, path: string, host: string): string {
  if (!isPlain(path) || path.includes(' ')) throw new Error('its address cannot be written as HTTP')
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\naccept-encoding: identity\r\n`
  for (const name in headers) {
    const value = headers[name]!
    if (!isPlain(value)) throw new Error(`its ${name} cannot be written as HTTP`)
    head += `${name}: ${value}\r\n`
  }
  return head
}
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ECONNRESET: 'it broke the connection off',
  ENOTFOUND: 'its name leads nowhere',
  EAI_AGAIN: 'its name cannot be looked up now',
  ENETUNREACH: 'there is no way to its network',
  EHOSTUNREACH: 'there is no way to its host',
  ETIMEDOUT: 'it could not be connected in time',
}
function reasonOf({ error }: Connection): string {
  if (error instanceof AppError) return error.message
  // One for each address that was tried.
  const [first = error] = error instanceof AggregateError ? (error.errors as Error[]) : []
  const { code = '', message = 'it closed the connection' } = (first ?? {}) as Partial<NodeJS.ErrnoException>
  const known = reasons[code]
  return known ? `${known} (${code})` : (code || message).slice(0, 200)
}

/** A vendor says how long it keeps a connection; a request that is on its way when that ends would be lost. */
function idleOf(hint: string): number {
  const seconds = /timeout=(\d{1,6})/i.exec(hint)?.[1]
  return seconds === undefined ? IDLE_MS : Math.min(LONGEST_IDLE_MS, Math.max(0, Number(seconds) * 1000 - 1000))
}
