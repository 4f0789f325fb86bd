import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
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

const answering = (answer: (body: URLSearchParams, headers: IncomingHttpHeaders) => [number, unknown]) =>
  startUpstream(({ url, body, headers }, response) => {
    const [status, value] = url === '/token' ? answer(new URLSearchParams(body), headers) : [200, {}]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  })
const form = 'application/x-www-form-urlencoded'
const tokens = { accessToken: 'first-token', refreshToken: 'first-refresh', obtainedAt: 0, expiresAt: 100_000 }

test('a refresh token that is good for one use is used once, by whichever row of the plugin', async () => {
  let issued = 0
  const service = await answering((body) =>
    body.get('refresh_token') === (issued === 0 ? 'first-refresh' : `refresh-${issued}`)
      ? [200, { access_token: `token-${++issued}`, refresh_token: `refresh-${issued}`, expires_in: 100 }]
      : [400, { error: 'invalid_grant' }],
  )
  let now = 60_000
  // A definition that is let go of at once, as one of very many.
  const { call } = callerFor({ clock: () => now, definitions: createDefinitions({ most: 0 }) })
  const definition = await readDocument(api(service.url), { auth: auth(service.url, 'authorizationCode', form) })
  const row = inUse(definition, { tokens })
  const another = inUse(definition, { id: 'another' })
  const changed = { ...row, recording: true }
  expect((await Promise.all([call(row, 'x'), call(changed, 'x')])).map(({ ok }) => ok)).toEqual([true, true])
  await call(another, 'x')
  now = 120_000
  const later = [await call(row, 'x'), await call(changed, 'x'), await call({ ...row, recording: true }, 'x')]
  expect([later.map(({ ok }) => ok), issued]).toEqual([[true, true, true], 2])
  // Signed out: what was handed out before is no longer used.
  expect((await call({ ...row, tokens: null }, 'x')).failure?.code).toBe('OAUTH_SIGN_IN_NEEDED')
  // Other credentials begin with what they were given.
  const other = { ...row, configuration: { client_id: 'you' } }
  expect((await call(other, 'x')).failure?.code).toBe('OAUTH_SIGN_IN_NEEDED')
})

test('a token that is still good is used while no other is to be had', async () => {
  const service = await answering(() => [503, {}])
  let now = 60_000
  const { call } = callerFor({ clock: () => now })
  const plugin = inUse(await readDocument(api(service.url), { auth: auth(service.url, 'authorizationCode', form) }), {
    tokens,
  })
  const asked = () => service.heard.filter(({ url }) => url === '/token').length
  for (let i = 0; i < 3; i++) expect((await call(plugin, 'x')).ok).toBe(true)
  expect(asked()).toBe(1)
  now = 90_000
  expect([(await call(plugin, 'x')).ok, asked()]).toEqual([true, 2])
  now = 100_000
  expect((await call(plugin, 'x')).failure).toEqual({
    code: 'OAUTH_REFUSED',
    details: { host: new URL(service.url).host, reason: '503' },
  })
})

test('a client that may not be named among the fields is named in a header; a token without an end has none', async () => {
  const service = await answering((_body, { authorization }) =>
    authorization === `Basic ${btoa('me:client-secret-value')}`
      ? [200, { access_token: 'endless', token_type: 'bearer' }]
      : [401, { error: 'invalid_client' }],
  )
  let now = 0
  const { call, kept } = callerFor({ clock: () => now })
  const plugin = inUse(await readDocument(api(service.url), { auth: auth(service.url, 'clientCredentials', form) }))
  expect((await call(plugin, 'x')).ok).toBe(true)
  now = 10 ** 12
  expect((await call(plugin, 'x')).ok).toBe(true)
  const [first, second, ...others] = service.heard.filter(({ url }) => url === '/token')
  expect([first!.body.includes('client_secret='), second!.body, others]).toEqual([
    ...[true, 'grant_type=client_credentials&scope=read', []],
  ])
  expect(kept).toEqual([{ accessToken: 'endless', refreshToken: null, obtainedAt: 0, expiresAt: null }])
})

test('a refusal that repeats the secret is told without it, and an endless answer is none', async () => {
  let endless = false
  const service = await answering((body) => [
    ...([400, { error: endless ? 'x'.repeat(2_000_000) : body.get('client_secret') }] as [number, unknown]),
  ])
  const { call } = callerFor()
  const plugin = inUse(await readDocument(api(service.url), { auth: auth(service.url, 'clientCredentials', form) }))
  expect((await call(plugin, 'x')).failure?.details).toMatchObject({ reason: '400 ***' })
  endless = true
  expect((await call(plugin, 'x')).failure?.code).toBe('RESPONSE_TOO_LARGE')
})

test('an address of tokens is guarded as any other', async () => {
  const { call } = callerFor()
  const plugin = inUse(
    await readDocument(api('https://harbour.example'), {
      auth: auth('http://169.254.169.254', 'clientCredentials', form),
    }),
  )
  expect((await call(plugin, 'x')).failure?.code).toBe('ADDRESS_FORBIDDEN')
})

test('a tool that does without a sign-in, or may, is called without one', async () => {
  const service = await answering(() => [500, {}])
  const modes = (mode: string) => `  /${mode}:
    get: { operationId: ${mode}, summary: s, x-auth-mode: ${mode}, responses: { '200': { description: d, content: { application/json: { schema: { type: object } } } } } }
`
  const document = `${api(service.url)}${modes('disabled')}${modes('supported')}`
  const { call } = callerFor()
  const oauth = inUse(await readDocument(document, { auth: auth(service.url, 'authorizationCode', form) }))
  const field = { label: 'Key', kind: 'secret', required: true, default: null, options: [], maxLength: null } as const
  const token = inUse(
    await readDocument(document, {
      auth: { kind: 'serviceToken', name: 'X-Key', token: '', place: 'header' },
      configuration: [{ ...field, name: 'service_token' }],
    }),
  )
  const outcomes = await Promise.all(
    [oauth, token].flatMap((plugin) => ['x', 'supported', 'disabled'].map((one) => call(plugin, one))),
  )
  expect(outcomes.map(({ ok, failure }) => ok || failure!.code)).toEqual([
    ...['OAUTH_SIGN_IN_NEEDED', true, true],
    ...['PLUGIN_NOT_CONFIGURED', true, true],
  ])
  await call({ ...token, configuration: { service_token: 'k-1' } }, 'supported')
  await call({ ...token, configuration: { service_token: 'k-1' } }, 'disabled')
  expect(service.heard.slice(-2).map(({ headers }) => headers['x-key'])).toEqual(['k-1', undefined])
})
