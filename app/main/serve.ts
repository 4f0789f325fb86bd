import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { WebSocketServer } from 'ws'
import { AppError } from '../shared/errors.ts'
import { contentDisposition, createDownloads } from './browser/downloads.ts'
import { createSessions } from './browser/sessions.ts'
import type { Host } from './lib/host.ts'
import type { Log } from './lib/log.ts'
import { pageHeaders, readPageFile } from './lib/page-policy.ts'
import type { Stop } from './lib/scope.ts'
import type { Router } from './rpc/router.ts'
import { serveLink } from './rpc/serve-link.ts'
import { webSocketLink } from './rpc/web-socket-link.ts'

const MAX_TABS = 64
const MAX_FRAME_BYTES = 8 * 1024 * 1024
const PING_MS = 15_000

export interface BrowserHost {
  /** For the console's parts; works before `listen`. */
  readonly host: Host
  /** Serves on 127.0.0.1 (port 0: a free one); answers the address without a token. Fails with PORT_IN_USE. */
  listen(port: number, router: () => Router): Promise<string>
  /** An address with a fresh one-time token in its fragment, which browsers never send. */
  signInAddress(): string
  /** The parts behind the router are new: every page connects again and asks afresh. */
  closeLinks(): void
  readonly stop: Stop
}

/** Serves the renderer and its link to browsers on this machine, and to nobody else (see docs/security.md). */
export function createBrowserHost(options: {
  /** The built page. */
  readonly root: string
  /** Keeps the session over a restart; null keeps it in memory. */
  readonly dataFolder: string | null
  readonly log: Log
  /** Between two pings; a peer that did not answer the last one is ended. */
  readonly pingMs?: number
}): BrowserHost {
  const { log } = options
  const sessions = createSessions(options.dataFolder && join(options.dataFolder, 'browser-session.json'))
  const downloads = createDownloads()
  const root = resolve(options.root)
  let origin = ''
  let cookieName = ''

  const hasSession = (request: IncomingMessage) =>
    (request.headers.cookie ?? '')
      .split(/;\s*/)
      .some((pair) => pair.startsWith(`${cookieName}=`) && sessions.is(pair.slice(cookieName.length + 1)))

  /** Null, or why the request is refused. A page of another site can make its name resolve to 127.0.0.1, but it cannot choose the Host header. */
  function refusal(request: IncomingMessage): [status: number, why: string] | null {
    if (`http://${request.headers.host}` !== origin) return [421, `the console answers only at ${origin}`]
    const from = request.headers.origin
    // Browsers name the origin on every POST and upgrade; a plain GET has none.
    const needed = request.method !== 'GET' && request.method !== 'HEAD'
    if (from === undefined ? needed || request.headers.upgrade : from !== origin) return [403, 'wrong origin']
    return null
  }

  function reply(
    response: ServerResponse,
    status: number,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): void {
    response.writeHead(status, { ...pageHeaders, ...headers }).end(response.req.method === 'HEAD' ? undefined : body)
  }

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await readBody(request, 256)
    if (sent === null) return reply(response, 413, 'too long', { connection: 'close' })
    if (hasSession(request)) return reply(response, 204, '')
    const session = sessions.redeem(sent)
    if (session === null) return reply(response, 403, 'this address was used already; `pilothouse open` gives another')
    reply(response, 204, '', { 'set-cookie': `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/` })
  }

  async function download(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    if (!hasSession(request)) return reply(response, 403, 'sign in first')
    if (request.method !== 'GET') return reply(response, 405, 'method not allowed', { allow: 'GET' })
    const file = downloads.take(id)
    if (!file) return reply(response, 404, 'this file was fetched already, or has waited too long')
    response.writeHead(200, {
      ...pageHeaders,
      'content-type': file.contentType,
      'content-disposition': contentDisposition(file.name),
    })
    // A source that fails ends the connection without its last chunk, which the browser shows as a failed download.
    await pipeline(Readable.from(file.source()), response)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request)
    if (refused) return reply(response, refused[0], refused[1], { connection: 'close' })
    const { pathname } = new URL(request.url ?? '/', origin)
    if (pathname === '/session' && request.method === 'POST') return signIn(request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return reply(response, 405, 'method not allowed', { allow: 'GET, HEAD', connection: 'close' })
    }
    if (pathname.startsWith('/download/')) return download(request, response, pathname.slice('/download/'.length))
    const file = await readPageFile(root, pathname)
    if (!file) return reply(response, 404, 'not found')
    const headers = {
      'content-type': file.type,
      etag: `"${createHash('sha256').update(file.body).digest('base64url').slice(0, 22)}"`,
      // The names of assets carry a hash of their content; the rest may change with the next build.
      'cache-control': pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    }
    if (request.headers['if-none-match'] === headers.etag) return reply(response, 304, '', headers)
    reply(response, 200, file.body, headers)
  }

  const server = createServer(
    { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 20_000, keepAliveTimeout: 5_000 },
    (request, response) => {
      answer(request, response).catch((error) => {
        log.warn('browser', 'request failed', { error })
        if (response.headersSent) response.destroy()
        else reply(response, 400, 'bad request')
      })
    },
  )
  server.maxConnections = 256

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
  function acceptLinks(router: () => Router): void {
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      const refused = refusal(request) ?? (hasSession(request) ? null : ([403, 'sign in first'] as const))
      if (refused || request.url !== '/link' || sockets.clients.size >= MAX_TABS) {
        return void socket.end(`HTTP/1.1 ${refused?.[0] ?? 404} Refused\r\nconnection: close\r\n\r\n`)
      }
      sockets.handleUpgrade(request, socket, head, (ws) => {
        // Too long a frame or a broken one: ws closes the link by itself and tells here why.
        ws.on('error', (error) => log.warn('browser', 'link failed', { error }))
        serveLink(webSocketLink(ws, options.pingMs ?? PING_MS), router(), 'browser', log)
      })
    })
  }

  const signInAddress = () => `${origin}/#token=${sessions.issue()}`
  return {
    host: {
      kind: 'browser',
      capabilities: {
        tray: false,
        startAtLogin: false,
        nativeNotifications: false,
        saveDialog: false,
        secretStorage: 'key-file',
      },
      saveFile: async (name, type, source) => downloads.add({ name, contentType: type, source }),
      notify: () => {},
      setStartAtLogin: () => {
        throw new AppError('NOT_SUPPORTED', { reason: 'a browser cannot start the console at login' })
      },
      signInAddress,
    },
    async listen(port, router) {
      acceptLinks(router)
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) =>
          reject(error.code === 'EADDRINUSE' ? new AppError('PORT_IN_USE', { port }) : error),
        )
        server.listen(port, '127.0.0.1', resolve)
      })
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('the server has no address')
      origin = `http://127.0.0.1:${address.port}`
      // Cookies know no ports: with the port in the name, two consoles do not sign each other out.
      cookieName = `pilothouse_session_${address.port}`
      return origin
    },
    signInAddress,
    closeLinks() {
      for (const ws of sockets.clients) ws.close(1012, 'restarted')
    },
    async stop() {
      for (const ws of sockets.clients) ws.terminate()
      if (!server.listening) return
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** The body as text; null when it is longer than `limit` bytes. */
async function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
