import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'
import { AppError } from '../shared/errors.ts'
import type { Log } from './lib/log.ts'
import { pageHeaders, readPageFile } from './lib/page-policy.ts'
import type { Stop } from './lib/scope.ts'
import type { Router } from './rpc/router.ts'
import { serveLink } from './rpc/serve-link.ts'
import { webSocketLink } from './rpc/web-socket-link.ts'

export interface BrowserHost {
  /** With the one-time token in its fragment, which browsers never send. */
  readonly url: string
  /** Ends every link; pages reconnect by themselves. */
  dropLinks(): void
  readonly stop: Stop
}

/** Serves the renderer and its link to browsers on this machine, and to nobody else (see docs/security.md). */
export async function serveBrowser(options: {
  readonly root: string
  readonly port: number
  readonly router: () => Router
  readonly log: Log
}): Promise<BrowserHost> {
  const { log } = options
  const token = randomBytes(32).toString('base64url')
  const session = randomBytes(32).toString('base64url')
  let tokenUsed = false
  let origin = ''
  const equal = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
  // A page of another site can resolve its name to 127.0.0.1, but it cannot change the Host header.
  const hostIsOurs = (request: IncomingMessage) => `http://${request.headers.host}` === origin
  const cookieName = 'pilothouse_session'
  const signedIn = (request: IncomingMessage) =>
    (request.headers.cookie ?? '')
      .split(/;\s*/)
      .some((pair) => pair.startsWith(`${cookieName}=`) && equal(pair.slice(cookieName.length + 1), session))

  function reply(
    response: ServerResponse,
    status: number,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ) {
    response.writeHead(status, { ...pageHeaders, ...headers }).end(body)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!hostIsOurs(request)) return reply(response, 421, 'wrong host')
    const { pathname } = new URL(request.url ?? '/', origin)
    if (request.method === 'POST' && pathname === '/session') {
      if (request.headers.origin !== origin) return reply(response, 403, 'wrong origin')
      if (signedIn(request)) return reply(response, 204, '')
      const sent = await readBody(request, 1000)
      if (tokenUsed || !equal(sent, token)) return reply(response, 403, 'this link was already used')
      tokenUsed = true
      return reply(response, 204, '', {
        'set-cookie': `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
      })
    }
    if (request.method !== 'GET') return reply(response, 405, 'method not allowed')
    const file = await readPageFile(options.root, pathname)
    if (file) reply(response, 200, file.body, { 'content-type': file.type })
    else reply(response, 404, 'not found')
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      log.warn('browser', 'request failed', { error })
      if (!response.headersSent) reply(response, 400, 'bad request')
    })
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024 * 1024 })
  server.on('upgrade', (request, socket, head) => {
    const allowed =
      hostIsOurs(request) && request.headers.origin === origin && signedIn(request) && request.url === '/link'
    if (!allowed) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (ws) => {
      serveLink(webSocketLink(ws), options.router(), 'browser', log)
    })
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new AppError('PORT_IN_USE', { port: options.port }) : error),
    )
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no address')
  origin = `http://127.0.0.1:${address.port}`
  return {
    url: `${origin}/#token=${token}`,
    dropLinks: () => {
      for (const ws of sockets.clients) ws.close()
    },
    stop: async () => {
      for (const ws of sockets.clients) ws.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > limit) throw new AppError('BAD_INPUT', { reason: 'body too long' })
  }
  return text
}
