import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { registerCommand } from '../../../renderer/features/registry/registry-words.ts'
import { context, startPlatform } from '../test-world.ts'
import { instance, serve } from './test-world.ts'

// The same routes as part of the whole platform: what its other parts ask of every request holds for services as well.

const hash = (token: string) => createHash('sha256').update(token).digest('hex')
const scopes = { features: null, models: null, plugins: null }

test('a service is behind the same door as everything else, and takes more than the platform itself does', async () => {
  const authorizations: (string | undefined)[] = []
  const { url } = await serve((req, res) => {
    authorizations.push(req.headers.authorization)
    let bytes = 0
    req.on('data', (part: Buffer) => {
      bytes += part.length
    })
    req.on('end', () => res.end(String(bytes)))
  })
  const { platform, send, options } = await startPlatform()
  await platform.instances([instance(url)], context)
  expect((await send('POST', '/api/tides/upload', 'x'.repeat(11 * 1024 * 1024))).text).toBe(String(11 * 1024 * 1024))
  const foreign = await send('GET', '/api/tides/', undefined, { origin: 'http://evil.example' })
  expect([foreign.status, foreign.json.code]).toEqual([403, 'FOREIGN_ORIGIN'])
  await send('GET', '/api/tides/', undefined, { authorization: 'Bearer the-service-knows' })
  const limits = { rpm: null, tpm: null, expiresAt: null }
  await platform.tokens([{ id: 't', name: 'mine', hash: hash('ph_test'), scopes, ...limits }], context)
  await platform.configure({ ...options, openLocalMode: false }, context)
  expect((await send('GET', '/api/tides/')).status).toBe(401)
  expect((await send('GET', '/api/tides/', undefined, { authorization: 'Bearer ph_test' })).status).toBe(200)
  // The token of the platform is not the service's to see.
  expect(authorizations).toEqual([undefined, 'Bearer the-service-knows', undefined])
  const odd = await send('PATCH', '/api/plugins', {}, { authorization: 'Bearer ph_test' })
  expect([odd.status, odd.json.code, odd.headers.get('allow')]).toEqual([405, 'PATH_UNKNOWN', 'GET, HEAD'])
})

test('what the page shows for an empty registry registers a service', async () => {
  const instanceRegister = (given: object) => instance('', { ...given, id: '17' })
  const { send, of } = await startPlatform({ answers: { instanceRegister } })
  // `curl -d` calls it a form.
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const { text } = /-d '(?<text>[^']+)'$/.exec(registerCommand(null))!.groups!
  expect((await send('POST', '/api/registry/services', text, form)).status).toBe(201)
  const given = { name: 'demo', url: 'http://127.0.0.1:9000', healthPath: '/', version: null, metadata: {} }
  expect(of('instanceRegister')).toEqual([{ ...given, ttlSeconds: 30 }])
})

test('a WebSocket of another site is refused, one of this machine passes', async () => {
  const server = new WebSocketServer({ noServer: true })
  const { server: http, url } = await serve((_req, res) => res.end())
  http.on('upgrade', (req, socket, head) => server.handleUpgrade(req, socket, head, (client) => client.send('hello')))
  const { platform, base, stop } = await startPlatform()
  await platform.instances([instance(url)], context)
  const dial = (headers: Record<string, string>) => new WebSocket(`ws://127.0.0.1:${base}/api/tides/talk`, { headers })
  const refused = dial({ origin: 'http://evil.example' }).on('error', () => {})
  const [, response] = (await once(refused, 'unexpected-response')) as [unknown, IncomingMessage]
  expect(response.statusCode).toBe(403)
  const client = dial({ origin: 'http://localhost:3000' })
  expect(String((await once(client, 'message'))[0])).toBe('hello')
  await Promise.all([once(client, 'close'), stop()])
})
