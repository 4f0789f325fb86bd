import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { PortAnswer, PortWish } from './messages.ts'

const TELL_MS = 1000
/** Of one port. Those beyond are closed unheard, so it is more than all programs of a machine will have. */
const MOST_CONNECTIONS = 10_000

interface Open {
  readonly wish: PortWish
  readonly server: Server
  /** Connections that speak another protocol by now: the server does not know them any more. */
  readonly tunnels: Set<Duplex>
  readonly watch: PortWatch
}
/** Who may take connections before a server of HTTP does; what it does not want goes there by `handOver`. */
export interface PlainConnections {
  take(socket: Socket, watch: PortWatch, handOver: () => void): void
  /** Ends those of a port that are idle; the others end with what is answered now. */
  closeIdle(watch: PortWatch): void
  close(): void
}
/** What a port wants to hear of requests that its own server does not see. */
export interface PortWatch {
  readonly begin: () => void
  readonly over: () => void
  /** Whether connections end with what is answered now. */
  readonly closing: () => boolean
}
interface Upgrade {
  readonly socket: Duplex
  readonly head: Buffer
}
const upgrades = new WeakMap<IncomingMessage, Upgrade>()

/** The bare connection of a request that asks for a WebSocket; null for any other. */
export const upgradeOf = (request: IncomingMessage): Upgrade | null => upgrades.get(request) ?? null

/** Only these can become one; whatever else asks for another protocol (h2c) is answered in the one it came with. */
const wantsWebSocket = ({ method, url = '', headers }: IncomingMessage) =>
  method === 'GET' && url.startsWith('/api/') && headers.upgrade?.toLowerCase() === 'websocket'

/** The ports of the local platform on 127.0.0.1, one server each in front of the same handler. */
export function createPorts(options: {
  readonly handle: RequestListener
  /** Sees every connection first, where it is there. */
  readonly plain?: PlainConnections
  /** Of every request as it begins. */
  readonly begun?: () => void
  /** Requests so far by port, at most once a second, when they changed. */
  readonly tell: (counts: readonly { readonly port: number; readonly requests: number }[]) => void
}) {
  const open = new Map<number, Open>()
  /** Also of ports that are closed again: a figure never goes back. */
  const requests = new Map<number, number>()
  let changed = new Set<number>()
  let timer: NodeJS.Timeout | null = null
  let answering = 0
  let closing = false
  let quiet: (() => void) | null = null
  let order: Promise<unknown> = Promise.resolve()

  function count(port: number): void {
    requests.set(port, (requests.get(port) ?? 0) + 1)
    changed.add(port)
    timer ??= setTimeout(() => {
      timer = null
      const counts = [...changed].map((one) => ({ port: one, requests: requests.get(one) ?? 0 }))
      changed = new Set()
      options.tell(counts)
    }, TELL_MS).unref()
  }
  function begin(port: number): void {
    options.begun?.()
    count(port)
    answering++
  }
  function over(): void {
    answering--
    if (answering === 0) quiet?.()
  }
  function listener(port: number): RequestListener {
    return (request, response) => {
      begin(port)
      response.once('close', over)
      if (closing) response.setHeader('connection', 'close')
      options.handle(request, response)
    }
  }
  /** The same handler answers them; it takes the connection over, or sends a refusal and closes it. */
  function takeUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { wish, tunnels }: Pick<Open, 'wish' | 'tunnels'>,
  ) {
    begin(wish.port)
    tunnels.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      tunnels.delete(socket)
      over()
    })
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket as Socket)
    // Also where the other end stays.
    response.once('finish', () => socket.end(() => socket.destroy()))
    upgrades.set(request, { socket, head })
    options.handle(request, response)
  }
  function takeFirst(server: Server, watch: PortWatch, plain: PlainConnections): void {
    const [http] = server.listeners('connection') as [(socket: Socket) => void]
    server.off('connection', http)
    server.on('connection', (socket) => plain.take(socket, watch, () => http.call(server, socket)))
  }
  function listen(wish: PortWish): Promise<PortAnswer> {
    return new Promise((resolve) => {
      const tunnels = new Set<Duplex>()
      const { port } = wish
      const watch = { begin: () => begin(port), over, closing: () => closing || !server.listening }
      const server = createServer(
        {
          shouldUpgradeCallback: wantsWebSocket,
          // The handler refuses it, in words and with its id.
          requireHostHeader: false,
          ...{ maxHeaderSize: 32 * 1024, headersTimeout: 15_000, requestTimeout: 600_000, keepAliveTimeout: 30_000 },
          // How late the first two may be noticed; with Node's half a minute, silent connections would hold their places.
          connectionsCheckingInterval: 5_000,
        },
        listener(wish.port),
      )
      server.maxConnections = MOST_CONNECTIONS
      if (options.plain) takeFirst(server, watch, options.plain)
      server.on('clientError', refuseBroken)
      server.on('upgrade', (request, socket, head) => takeUpgrade(request, socket, head, { wish, tunnels }))
      server.once('error', (error: NodeJS.ErrnoException) =>
        resolve({ ...wish, error: error.code === 'EADDRINUSE' ? 'taken' : 'refused' }),
      )
      server.listen(wish.port, '127.0.0.1', () => {
        server.removeAllListeners('error')
        // What an accepted connection meets is its own; the port goes on.
        server.on('error', () => {})
        open.set(wish.port, { wish, server, tunnels, watch })
        resolve({ ...wish, error: null })
      })
    })
  }
  /** Takes no more; idle connections end at once, the others with what they were asked. */
  function close({ wish, server, tunnels, watch }: Open): Promise<void> {
    open.delete(wish.port)
    // They have no end of their own to wait for.
    for (const socket of tunnels) socket.destroy()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    options.plain?.closeIdle(watch)
    return closed
  }
  async function change(wishes: readonly PortWish[]): Promise<readonly PortAnswer[]> {
    const wanted = new Set(wishes.map(({ port }) => port))
    for (const entry of [...open.values()]) if (!wanted.has(entry.wish.port)) void close(entry)
    return await Promise.all(
      wishes.map((wish): PortAnswer | Promise<PortAnswer> => {
        const known = open.get(wish.port)
        if (!known) return listen(wish)
        open.set(wish.port, { ...known, wish })
        return { ...wish, error: null }
      }),
    )
  }

  return {
    /** One change after the other. */
    set(wishes: readonly PortWish[]): Promise<readonly PortAnswer[]> {
      const changing = order.then(() => change(wishes))
      order = changing
      return changing
    },
    partOf: (port: number | undefined) => (port === undefined ? undefined : open.get(port)?.wish.part),
    /** The port of a part, else any; null while there is none. */
    portOf(part: PortWish['part']): number | null {
      const entries = [...open.values()]
      return (entries.find(({ wish }) => wish.part === part) ?? entries[0])?.wish.port ?? null
    },
    requests: (): ReadonlyMap<number, number> => requests,
    get closing(): boolean {
      return closing
    },
    /** No new connections; what is under way is waited for, at most so long. */
    async close(milliseconds: number): Promise<void> {
      closing = true
      await order
      if (timer) clearTimeout(timer)
      const entries = [...open.values()]
      const closed = entries.map(close)
      if (answering > 0) {
        await new Promise<void>((resolve) => {
          const limit = setTimeout(resolve, milliseconds)
          quiet = () => {
            clearTimeout(limit)
            resolve()
          }
        })
      }
      for (const { server } of entries) server.closeAllConnections()
      options.plain?.close()
      await Promise.all(closed)
    },
  }
}
export type Ports = ReturnType<typeof createPorts>

/** What the parser of HTTP refuses, before there is a request; anything else is no HTTP. */
const refusals: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** What is no HTTP gets an answer that programs can read, where there is still somebody to hear it. */
function refuseBroken(failure: NodeJS.ErrnoException, socket: Socket & { readonly _httpMessage?: unknown }): void {
  if (!socket.writable || socket._httpMessage) {
    socket.destroy()
    return
  }
  const id = randomBytes(8).toString('hex')
  const error = 'The request cannot be read.'
  const body = JSON.stringify({ success: false, error, code: 'BAD_INPUT', request_id: id })
  const headers = ['connection: close', 'content-type: application/json', `content-length: ${body.length}`]
  const status = refusals[failure.code ?? ''] ?? '400 Bad Request'
  socket.end([`HTTP/1.1 ${status}`, `x-request-id: ${id}`, ...headers, '', body].join('\r\n'))
}
