import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { PluginAuth } from '../packages/package-types.ts'
import { createDefinitions } from './load-plugin.ts'
import { callerFor, inUse, readDocument, startUpstream } from './test-plugins.ts'

const api = (server: string) => `openapi: 3.0.1
info: { title: T, description: d, version: v1 }
servers: [{ url: '${server}' }]
paths:
  /x:
    get: { operationId: x, summary: s, responses: { '200': { description: d, content: { application/json: { schema: { type: object } } } } } }
`
const auth = (server: string, flow: 'clientCredentials' | 'authorizationCode', contentType: string): PluginAuth => ({
  ...{ kind: 'oauth', flow, clientId: 'me', clientSecret: 'client-secret-value', scope: 'read', contentType },
  ...{ authorizationUrl: `${server}/authorize`, tokenUrl: `${server}/token` },
})

/** A service and its sign-in in one: hands out numbered tokens that live 100 s, and takes the newest only. */
async function startService() {
  let issued = 0
  let revoked = false
  const service = await startUpstream(({ url, headers }, response) => {
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (url === '/token') {
      revoked = false
      return answer(200, { access_token: `token-${++issued}`, refresh_token: `refresh-${issued}`, expires_in: 100 })
    }
    const good = !revoked && headers.authorization === `Bearer token-${issued}`
    answer(good ? 200 : 401, { with: headers.authorization })
  })
  const asked = () => service.heard.filter(({ url }) => url === '/token')
  const revoke = () => {
    revoked = true
  }
  return { ...service, asked, revoke }
}

test('client credentials: one token for all, renewed at half of its life and once when it is refused', async () => {
  const service = await startService()
  let now = 0
  const { call, kept } = callerFor({ clock: () => now })
  const plugin = inUse(
    await readDocument(api(service.url), { auth: auth(service.url, 'clientCredentials', 'application/json') }),
  )
  const both = await Promise.all([call(plugin, 'x'), call(plugin, 'x')])
  expect(both.map(({ ok }) => ok)).toEqual([true, true])
  expect(service.asked().map(({ body }) => JSON.parse(body))).toEqual([
    { grant_type: 'client_credentials', scope: 'read', client_id: 'me', client_secret: 'client-secret-value' },
  ])
  now = 49_000
  await call(plugin, 'x')
  expect(service.asked()).toHaveLength(1)
  now = 50_000
  expect((await call(plugin, 'x')).ok).toBe(true)
  expect(service.asked()).toHaveLength(2)
  service.revoke()
  expect(await call(plugin, 'x')).toMatchObject({ ok: true, attempts: 2 })
  expect(kept.map(({ accessToken }) => accessToken)).toEqual(['token-1', 'token-2', 'token-3'])
})

test('authorisation code: sign in with PKCE, refresh, and nothing works before', async () => {
  const service = await startService()
  let now = 0
  const definitions = createDefinitions()
  const { call, caller, kept } = callerFor({ clock: () => now, definitions })
  const definition = await readDocument(api(service.url), {
    auth: auth(service.url, 'authorizationCode', 'application/x-www-form-urlencoded'),
  })
  const plugin = inUse(definition)
  expect((await call(plugin, 'x')).failure?.code).toBe('OAUTH_SIGN_IN_NEEDED')
  const loaded = await definitions.load(plugin)
  const redirect = 'http://127.0.0.1:8000/api/plugins/oauth/callback'
  const { url, state, verifier } = caller.beginSignIn(loaded, redirect)
  const address = new URL(url)
  expect([address.pathname, Object.fromEntries(address.searchParams)]).toEqual([
    '/authorize',
    {
      ...{ response_type: 'code', client_id: 'me', redirect_uri: redirect, state, scope: 'read' },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    },
  ])
  await caller.finishSignIn(loaded, 'the-code', verifier, redirect)
  expect(Object.fromEntries(new URLSearchParams(service.asked()[0]!.body))).toMatchObject({
    ...{ grant_type: 'authorization_code', code: 'the-code', code_verifier: verifier, redirect_uri: redirect },
  })
  expect((await call(plugin, 'x')).ok).toBe(true)
  now = 60_000
  expect((await call(plugin, 'x')).ok).toBe(true)
  expect(new URLSearchParams(service.asked()[1]!.body).get('refresh_token')).toBe('refresh-1')
  // What main kept is where the next row begins.
  const restarted = { ...plugin, tokens: kept.at(-1)! }
  expect((await call(restarted, 'x')).ok).toBe(true)
  expect(service.asked()).toHaveLength(2)
})

test('a refusal names the host and the reason, never the secret', async () => {
  const service = await startUpstream((_heard, response) =>
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"error":"invalid_client","secret":"client-secret-value"}'),
  )
  const { call } = callerFor()
  const plugin = inUse(
    await readDocument(api(service.url), { auth: auth(service.url, 'clientCredentials', 'application/json') }),
  )
  const outcome = await call(plugin, 'x', {}, { withExchange: true })
  expect(outcome.failure).toEqual({
    code: 'OAUTH_REFUSED',
    details: { host: new URL(service.url).host, reason: '400 invalid_client' },
  })
  expect(JSON.stringify(outcome)).not.toContain('client-secret-value')
})
