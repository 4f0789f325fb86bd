import { once } from 'node:events'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { selfSigned } from '../../features/plugins/testing/test-certificate.ts'
import type { VendorRequest } from '../vendors/vendor.ts'
import { createUpstream } from './connections.ts'
import { exchange, type Limits, usualLimits } from './upstream.ts'

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => void sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
/** A vendor, and how many connections it got. */
async function vendorOf(script: RequestListener) {
  const server = createHttp(script)
  let connections = 0
  server.on('connection', () => void connections++)
  const port = await listening(server)
  return { url: `http://127.0.0.1:${port}/v1/x`, connections: () => connections }
}
function upstreamOf(limits: Partial<Limits> = {}) {
  const all = { ...usualLimits, ...limits }
  const upstream = createUpstream(all)
  onTestFinished(() => upstream.stop())
  const ask = async (url: string, change: Partial<VendorRequest> = {}) => {
    const request = {
      method: 'POST' as const,
      url,
      headers: { authorization: 'Bearer a' },
      body: '{"水":1}',
      ...change,
    }
    const { collected, sent } = await exchange(upstream, request, all)
    return collected.kind === 'answered'
      ? `${collected.status} ${collected.body.toString()}`
      : `${collected.failure}: ${collected.reason}${sent ? '' : ' (never sent)'}`
  }
  return { ask, upstream }
}
const echo: RequestListener = async (request, response) => {
  const { method, url, headers } = request
  response.end(`${method} ${url} ${headers['authorization'] ?? '-'} ${await text(request)}`)
}

test('a request arrives as it was meant, and its connection serves the next', async () => {
  const vendor = await vendorOf(echo)
  const { ask } = upstreamOf()
  expect([await ask(vendor.url), await ask(vendor.url, { method: 'GET', headers: {}, body: null })]).toEqual([
    '200 POST /v1/x Bearer a {"水":1}',
    '200 GET /v1/x - ',
  ])
  expect(vendor.connections()).toBe(1)
})

test('requests at once have connections of their own, and share them afterwards', async () => {
  const vendor = await vendorOf(echo)
  const { ask } = upstreamOf()
  const ten = () => Promise.all(Array.from({ length: 10 }, () => ask(vendor.url)))
  expect(new Set(await ten())).toEqual(new Set(['200 POST /v1/x Bearer a {"水":1}']))
  await ten()
  expect(vendor.connections()).toBe(10)
})

test('a vendor behind TLS is asked, and one whose certificate nobody vouches for is not', async () => {
  const own = selfSigned('localhost', new Date(Date.now() - 60_000), new Date(Date.now() + 60_000))
  const port = await listening(createHttps(own, echo))
  const { ask } = upstreamOf()
  const url = `https://localhost:${port}/v1/x`
  expect(await ask(url)).toMatch(/^connection: .*SELF_SIGNED.* \(never sent\)$/)
  const before = getCACertificates('default')
  onTestFinished(() => setDefaultCACertificates(before))
  setDefaultCACertificates([...before, own.cert])
  expect(await ask(url)).toBe('200 POST /v1/x Bearer a {"水":1}')
})

test('what cannot be written as HTTP is not sent', async () => {
  const vendor = await vendorOf(echo)
  const { ask } = upstreamOf()
  const seen = [
    await ask(vendor.url, { headers: { authorization: 'Bearer a\r\nx: y' } }),
    await ask(vendor.url, { headers: { authorization: 'Bearer 水' } }),
    await ask(`${vendor.url} HTTP/1.1\r\nx: y`),
    await ask('http://169.254.169.254/v1'),
    await ask('ftp://localhost/v1'),
  ]
  expect([seen, vendor.connections()]).toMatchObject([
    [
      'connection: its authorization cannot be written as HTTP (never sent)',
      'connection: its authorization cannot be written as HTTP (never sent)',
      'connection: its address cannot be written as HTTP (never sent)',
      expect.stringMatching(/^connection: .*169\.254\.169\.254.*metadata.* \(never sent\)$/),
      expect.stringMatching(/^connection: .*only http.* \(never sent\)$/),
    ],
    0,
  ])
})

/** A vendor of bare bytes. */
async function raw(script: (socket: Socket) => void): Promise<string> {
  const port = await listening(
    createTcp((socket) => void socket.once('data', () => script(socket)).on('error', () => {})),
  )
  return `http://127.0.0.1:${port}/v1/x`
}
const head = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n'
const failures: Readonly<Record<string, readonly [(socket: Socket) => void, string]>> = {
  'closes before its answer': [(socket) => socket.end(), 'connection: it closed the connection'],
  'resets the connection': [
    (socket) => socket.resetAndDestroy(),
    'connection: it broke the connection off (ECONNRESET)',
  ],
  'closes within its answer': [(socket) => socket.end(`${head}he`), 'cut: it closed the connection'],
  'speaks no HTTP': [(socket) => socket.write('SSH-2.0-x\r\n\r\n'), 'garbage: its answer is no HTTP'],
  'never answers': [() => {}, 'timeout: it did not answer in time'],
  'stops within its answer': [(socket) => socket.write(`${head}he`), 'timeout: it stopped in the middle of its answer'],
}
test.each(Object.entries(failures))('a vendor that %s', async (_name, [script, told]) => {
  const { ask } = upstreamOf({ firstByteMs: 60, idleMs: 60 })
  expect(await ask(await raw(script))).toBe(told)
})

test('a vendor that is not there, and one whose name leads nowhere', async () => {
  const { ask } = upstreamOf()
  const gone = createTcp()
  const port = await listening(gone)
  await new Promise((resolve) => gone.close(resolve))
  expect([await ask(`http://127.0.0.1:${port}/`), await ask('http://nowhere.invalid/')]).toEqual([
    'connection: nothing listens at its address (ECONNREFUSED) (never sent)',
    expect.stringMatching(/^connection: its name .* \((ENOTFOUND|EAI_AGAIN)\) \(never sent\)$/),
  ])
})

test('a connection whose vendor ends it while it is idle is not used again', async () => {
  const ended: Promise<unknown>[] = []
  let count = 0
  const port = await listening(
    createTcp((socket) => {
      count++
      ended.push(once(socket, 'close'))
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
        socket.end()
      })
    }),
  )
  const { ask } = upstreamOf()
  const url = `http://127.0.0.1:${port}/v1`
  const seen = [await ask(url)]
  await Promise.all(ended)
  seen.push(await ask(url))
  expect([seen, count]).toEqual([['200 ok', '200 ok'], 2])
})

test('a vendor says how long it keeps an idle connection: one that may have ended is not asked', async () => {
  const vendor = await vendorOf((_request, response) => {
    response.setHeader('keep-alive', 'timeout=1')
    response.end('ok')
  })
  const { ask } = upstreamOf()
  await ask(vendor.url)
  await ask(vendor.url)
  expect(vendor.connections()).toBe(2)
})

test('given up while it is being connected, nothing is ever sent; stopped, all that is asked fails', async () => {
  let heard = 0
  const port = await listening(
    createTcp((socket) => {
      socket.on('data', () => void heard++)
    }),
  )
  const { upstream, ask } = upstreamOf()
  const request = { method: 'POST', url: `http://127.0.0.1:${port}/`, headers: {}, body: 'a' } as const
  const { collected, sent } = await exchange(upstream, request, usualLimits, AbortSignal.abort())
  expect([collected, sent]).toMatchObject([{ kind: 'failed', failure: 'caller' }, false])
  const asked = ask(request.url)
  upstream.stop()
  expect(await asked).toBe('caller: the local platform is stopping (never sent)')
  expect(await ask(request.url)).toBe('caller: the local platform is stopping (never sent)')
  expect(heard).toBe(0)
})
