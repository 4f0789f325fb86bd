import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { silentLog } from './lib/log.ts'
import { type AllHandlers, createRouter } from './rpc/router.ts'
import { type BrowserHost, createBrowserHost } from './serve.ts'

let folder: string
let browser: BrowserHost
let origin: string
const router = createRouter({ host: { info: () => ({ version: '1' }) } } as unknown as AllHandlers, silentLog)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-serve-'))
  mkdirSync(join(folder, 'page/assets'), { recursive: true })
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'page/assets/main-1a2b.js'), 'export {}')
  writeFileSync(join(folder, 'outside.txt'), 'outside')
  await startHost()
})
afterEach(async () => {
  await browser.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startHost(port = 0, pingMs = 10_000): Promise<void> {
  browser = createBrowserHost({ root: join(folder, 'page'), dataFolder: folder, log: silentLog, pingMs })
  origin = await browser.listen(port, () => router)
}

interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: IncomingHttpHeaders
}
/** Unlike fetch it sends the path and the headers exactly as they are. */
const ask = (path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
  new Promise<Answer>((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const { method = 'GET', headers = {} } = options
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode!, body, headers: response.headers }), reject)
    })
    sent.on('error', reject)
    sent.end(options.body)
  })
const tokenOf = (address: string) => new URL(address).hash.slice('#token='.length)
const signIn = (token: string, headers: Record<string, string> = { origin }) =>
  ask('/session', { method: 'POST', headers, body: token })
async function session(): Promise<string> {
  const { headers } = await signIn(tokenOf(browser.signInAddress()))
  return headers['set-cookie']![0]!.split(';')[0]!
}
function upgrade(headers: Record<string, string>, path = '/link'): Promise<string> {
  const { port } = new URL(origin)
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers })
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve('open')
      socket.terminate()
    })
    socket.on('error', (error) => resolve(error.message))
  })
}

test('a token signs in once, and the cookie opens the link for every tab', async () => {
  const token = tokenOf(browser.signInAddress())
  const first = await signIn(token)
  expect(first.status).toBe(204)
  expect(first.headers['set-cookie']).toEqual([
    expect.stringMatching(/^pilothouse_session_\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/),
  ])
  expect((await signIn(token)).status).toBe(403)

  const cookie = first.headers['set-cookie']![0]!.split(';')[0]!
  expect(await Promise.all([upgrade({ cookie, origin }), upgrade({ cookie, origin })])).toEqual(['open', 'open'])
  // A second address for another browser; both tokens lead to the one session.
  expect((await session()) === cookie).toBe(true)
})

test('an open tab stays signed in over a restart on the same port', async () => {
  const cookie = await session()
  expect(statSync(join(folder, 'browser-session.json')).mode & 0o777).toBe(0o600)
  await browser.stop()
  await startHost(Number(new URL(origin).port))
  expect(await upgrade({ cookie, origin })).toBe('open')
})

test('another site gets nothing, whatever it makes its name resolve to', async () => {
  const cookie = await session()
  const rebound = { host: 'evil.example:80', cookie }
  const statuses = [
    await ask('/', { headers: rebound }),
    await ask('/', { headers: { host: `localhost:${new URL(origin).port}` } }),
    await ask('/', { headers: { origin: 'http://evil.example' } }),
    await ask('/', { headers: { origin: 'null' } }),
    await signIn(tokenOf(browser.signInAddress()), { origin: 'http://evil.example' }),
    await signIn(tokenOf(browser.signInAddress()), {}),
    await signIn(tokenOf(browser.signInAddress()), { origin, host: 'evil.example' }),
  ].map(({ status }) => status)
  expect(statuses).toEqual([421, 421, 403, 403, 403, 403, 421])
  expect(
    await Promise.all([
      upgrade({ cookie, origin: 'http://evil.example' }),
      upgrade({ cookie }),
      upgrade({ origin }),
      upgrade({ cookie: `${cookie}x`, origin }),
      upgrade({ cookie, origin, host: 'evil.example' }),
      upgrade({ cookie, origin }, '/other'),
    ]),
  ).toEqual([403, 403, 403, 403, 421, 404].map((status) => `Unexpected server response: ${status}`))
})

test('every answer carries the policy; only hashed assets are cached for good', async () => {
  const page = await ask('/')
  const asset = await ask('/assets/main-1a2b.js')
  const missing = await ask('/nothing')
  for (const { headers } of [page, asset, missing]) {
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
  expect([page, asset, missing].map(({ status, headers }) => [status, headers['cache-control']])).toEqual([
    [200, 'no-cache'],
    [200, 'public, max-age=31536000, immutable'],
    [404, 'no-store'],
  ])
  const again = await ask('/', { headers: { 'if-none-match': page.headers.etag! } })
  expect([again.status, again.body]).toEqual([304, ''])
})

test.each([
  '/../outside.txt',
  '/%2e%2e/outside.txt',
  '/..%2foutside.txt',
  '/assets/..%5c..%5coutside.txt',
  '/%00',
  '/assets/',
  '/assets/%E0%A4%A',
  '//etc/passwd',
])('%s is not in the page', async (path) => {
  const { status, body } = await ask(path)
  expect([status, body]).toEqual([404, 'not found'])
})

test('long bodies, long headers and other methods are refused', async () => {
  const statuses = [
    await signIn('x'.repeat(10_000)),
    await ask('/', { headers: { 'x-long': 'x'.repeat(20_000) } }),
    await ask('/', { method: 'PUT', headers: { origin } }),
    await ask('/', { method: 'HEAD' }),
  ].map(({ status, body }) => [status, body])
  expect(statuses).toEqual([
    [413, 'too long'],
    [431, ''],
    [405, 'method not allowed'],
    [200, ''],
  ])
})

test('a file is fetched once, by somebody signed in, under its own name', async () => {
  const source = sourceOf(['a', 'b'])
  const saved = await browser.host.saveFile('日志 (1).txt', 'text/plain', source)
  if (saved.kind !== 'download') throw new Error('not a download')
  const cookie = await session()
  const denied = await ask(saved.path)
  const looked = await ask(saved.path, { method: 'HEAD', headers: { cookie } })
  const taken = await ask(saved.path, { headers: { cookie } })
  const again = await ask(saved.path, { headers: { cookie } })
  expect([denied, looked, taken, again].map(({ status }) => status)).toEqual([403, 405, 200, 404])
  expect(taken.body).toBe('ab')
  expect(taken.headers['content-disposition']).toBe(
    `attachment; filename="____1_.txt"; filename*=UTF-8''%E6%97%A5%E5%BF%97%20%281%29.txt`,
  )
})

test('a file that cannot be read to its end is a broken download, not a short file', async () => {
  const saved = await browser.host.saveFile('x', 'text/plain', async function* () {
    yield Buffer.from('a')
    throw new Error('the container is gone')
  })
  if (saved.kind !== 'download') throw new Error('not a download')
  const cookie = await session()
  await expect(ask(saved.path, { headers: { cookie } })).rejects.toThrow()
  expect((await ask('/')).status).toBe(200)
})

test('a taken port is an error with its number', async () => {
  const { port } = new URL(origin)
  const second = createBrowserHost({ root: join(folder, 'page'), dataFolder: null, log: silentLog })
  await expect(second.listen(Number(port), () => router)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    details: { port: Number(port) },
  })
  await second.stop()
})

test('a restart tells every page to come back; too long a frame and a dead peer end only their own link', async () => {
  await browser.stop()
  await startHost(0, 20)
  const cookie = await session()
  const open = async (autoPong: boolean) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/link`, { headers: { cookie, origin }, autoPong })
    await once(socket, 'open')
    return socket
  }
  const dead = await open(false)
  expect(await once(dead, 'close').then(([code]) => code)).toBe(1006)

  const long = await open(true)
  long.send('x'.repeat(9 * 1024 * 1024))
  expect(await once(long, 'close').then(([code]) => code)).toBe(1009)

  const page = await open(true)
  page.send('{"kind":"call","id":1,"path":"host.info"}')
  expect(String((await once(page, 'message'))[0])).toBe('{"kind":"value","id":1,"data":{"version":"1"}}')
  browser.closeLinks()
  expect(await once(page, 'close').then(([code]) => code)).toBe(1012)
})

test('half a request does not keep the console from ending', async () => {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  await once(socket, 'connect')
  socket.write('POST /session HTTP/1.1\r\nhost: ')
  socket.on('error', () => {}) // a reset is as good an end as any
  const closed = new Promise((resolve) => socket.on('close', resolve))
  await browser.stop()
  await closed
})

function sourceOf(parts: string[]) {
  return async function* () {
    for (const part of parts) yield Buffer.from(part)
  }
}
