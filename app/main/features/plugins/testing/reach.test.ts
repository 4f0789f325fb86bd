import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createPlainServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Reach } from '../../../../shared/contracts/plugin-trials.ts'
import { type ReachOptions, reachServer, tryServer } from './reach.ts'
import { selfSigned, type TestCertificate } from './test-certificate.ts'

const open: Server[] = []
afterEach(async () => {
  // No connection is closed from this side: one that a test left open keeps this from ending.
  for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve))
})

async function listening(server: Server): Promise<number> {
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const day = 86_400_000
const [now, lastYear, yesterday, nextYear] = [0, -365 * day, -day, 365 * day].map((ms) => new Date(Date.now() + ms))
/** Takes whatever comes and says nothing. */
const deaf = (socket: Socket) => socket.on('error', () => {}).resume()
const answers: Record<string, number> = { '/base/health': 204, '/health': 200 }
const app: RequestListener = (request, reply) => {
  reply.statusCode = answers[request.url ?? ''] ?? 404
  reply.end()
}
const secure = async (certificate: TestCertificate) => await listening(createSecureServer({ ...certificate }, app))

function options(more: Partial<ReachOptions> = {}): ReachOptions {
  return {
    policy: { allowLoopback: true, allowPrivate: true },
    guard: (_, { allowLoopback }) => (allowLoopback ? null : 'loopback'),
    signal: new AbortController().signal,
    resolver: async () => ['127.0.0.1'],
    ...more,
  }
}
const told = ({ steps }: Reach) => steps.map(({ step, ok, detail }) => `${step} ${ok ? 'ok' : 'failed'}: ${detail}`)

test('a server is reached step by step, its base path included', async () => {
  const port = await listening(createServer(app))
  const reach = await reachServer(`http://api.test:${port}/base`, options())
  expect([reach.server, told(reach)]).toEqual([
    `http://api.test:${port}/base`,
    ['dns ok: 127.0.0.1', `tcp ok: 127.0.0.1 ${port}`, 'http ok: HTTP 404', 'health ok: HTTP 204'],
  ])
  expect(reach.steps.every(({ ms }) => ms >= 0 && Number.isInteger(ms))).toBe(true)
})

test('a missing /health makes no server unreachable', async () => {
  const port = await listening(createServer((_, reply) => reply.writeHead(404).end()))
  const { reach, failure } = await tryServer(`http://127.0.0.1:${port}`, options())
  expect([told(reach).at(-1), failure]).toEqual(['health failed: HTTP 404', null])
})

test('a server that hangs up on HEAD is asked with GET', async () => {
  const methods: string[] = []
  const port = await listening(
    createServer((request, reply) => {
      methods.push(request.method!)
      if (request.method === 'HEAD') request.socket.destroy()
      else reply.end('here')
    }),
  )
  const reach = await reachServer(`http://127.0.0.1:${port}`, options())
  expect([told(reach)[2], methods]).toEqual(['http ok: HTTP 200', ['HEAD', 'GET', 'GET']])
})

test('a certificate is told: protocol, names and how long it is valid', async () => {
  const certificate = selfSigned('api.test', yesterday!, nextYear!)
  const port = await secure(certificate)
  const reach = await reachServer(`https://api.test:${port}`, options({ trusted: [certificate.cert] }))
  expect(told(reach).slice(2)).toEqual([
    `tls ok: TLSv1.3, CN=Pilothouse test, issuer CN=Pilothouse test, valid until ${nextYear!.toISOString().slice(0, 10)}`,
    'http ok: HTTP 404',
    'health ok: HTTP 200',
  ])
})

const until = (date: Date) => `valid until ${date.toISOString().slice(0, 10)}`
const names = 'TLSv1.3, CN=Pilothouse test, issuer CN=Pilothouse test'
test.each([
  ['self-signed', yesterday!, nextYear!, 'api.test', false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['expired', lastYear!, yesterday!, 'api.test', true, 'CERT_HAS_EXPIRED'],
  ['expired and self-signed', lastYear!, yesterday!, 'api.test', false, 'CERT_HAS_EXPIRED'],
  ['of another host', yesterday!, nextYear!, 'other.test', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['not valid yet', new Date(now!.getTime() + day), nextYear!, 'api.test', true, 'CERT_NOT_YET_VALID'],
] as const)('a certificate that is %s ends it, and no call is made', async (_, from, to, host, believed, reason) => {
  const certificate = selfSigned(host, from, to)
  const port = await secure(certificate)
  const more = believed ? { trusted: [certificate.cert] } : {}
  const { reach, failure } = await tryServer(`https://api.test:${port}`, options(more))
  const detail = `${reason}, ${names}, ${until(to)}`
  expect([told(reach).slice(2), failure]).toEqual([
    [`tls failed: ${detail}`],
    { code: 'UPSTREAM_UNREACHABLE', details: { host: `api.test:${port}`, reason: `tls ${detail}` } },
  ])
})

test('a plain server does not pass for a secure one', async () => {
  const port = await listening(createPlainServer((socket) => deaf(socket).end('HTTP/1.1 400 Bad Request\r\n\r\n')))
  const reach = await reachServer(`https://127.0.0.1:${port}`, options())
  expect(told(reach)[2]).toMatch(/^tls failed: (ERR_SSL_\w+|ECONNRESET|EPIPE)$/)
})

test('a server that takes the connection and says nothing is given up', async () => {
  const port = await listening(createPlainServer(deaf))
  const limits = { tls: 30, http: 30 }
  expect([
    told(await reachServer(`http://127.0.0.1:${port}`, options({ limits }))).slice(2),
    told(await reachServer(`https://127.0.0.1:${port}`, options({ limits }))).slice(2),
  ]).toEqual([['http failed: timeout 0.03 s'], ['tls failed: timeout 0.03 s']])
})

test('a port that nobody listens at', async () => {
  const server = createPlainServer()
  const port = await listening(server)
  await new Promise((resolve) => open.splice(0)[0]!.close(resolve))
  const { reach, failure } = await tryServer(`http://127.0.0.1:${port}`, options())
  expect([told(reach), failure?.details]).toEqual([
    ['dns ok: 127.0.0.1', `tcp failed: 127.0.0.1 ${port} ECONNREFUSED`],
    { host: `127.0.0.1:${port}`, reason: `tcp 127.0.0.1 ${port} ECONNREFUSED` },
  ])
})

test('the next address is tried when the first one refuses', async () => {
  const port = await listening(createServer(app))
  const resolver = async () => ['127.0.0.9', '127.0.0.1']
  expect(told(await reachServer(`http://api.test:${port}`, options({ resolver })))[1]).toBe(`tcp ok: 127.0.0.1 ${port}`)
})

test('a name without an address, a resolver that is silent and an address that is none', async () => {
  const unknown = async () => Promise.reject(Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' }))
  const silent = () => new Promise<never>(() => {})
  const all = [
    await reachServer('https://nowhere.test', options({ resolver: unknown })),
    await reachServer('https://nowhere.test', options({ resolver: silent, limits: { dns: 20 } })),
    await reachServer('https://nowhere.test', options({ resolver: async () => [] })),
    await reachServer('{region}.api.test', options()),
    await reachServer('ftp://api.test', options()),
  ]
  expect(all.map(told)).toEqual([
    ['dns failed: ENOTFOUND'],
    ['dns failed: timeout 0.02 s'],
    ['dns failed: ENOTFOUND'],
    ['dns failed: ERR_INVALID_URL'],
    ['dns failed: ERR_INVALID_URL'],
  ])
})

test('an address that plugins may not call is told and not connected', async () => {
  let connections = 0
  const port = await listening(createPlainServer(() => connections++))
  const policy = { allowLoopback: false, allowPrivate: true }
  const { reach, failure } = await tryServer(`http://api.test:${port}`, options({ policy }))
  expect([told(reach), failure, connections]).toEqual([
    ['dns ok: 127.0.0.1', 'tcp failed: ADDRESS_FORBIDDEN 127.0.0.1: loopback'],
    { code: 'ADDRESS_FORBIDDEN', details: { address: '127.0.0.1', reason: 'loopback' } },
    0,
  ])
})

test('cancelling ends it at once, in the middle of a step', async () => {
  const cancel = new AbortController()
  const port = await listening(createPlainServer((socket) => cancel.abort(deaf(socket))))
  const { signal } = cancel
  await expect(reachServer(`http://127.0.0.1:${port}`, options({ signal }))).rejects.toThrow('Cancelled.')
  await expect(reachServer(`http://127.0.0.1:${port}`, options({ signal }))).rejects.toThrow('Cancelled.')
})
