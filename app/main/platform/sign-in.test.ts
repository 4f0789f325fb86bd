import { expect, test } from 'vitest'
import { startUpstream } from '../features/plugins/calling/test-plugins.ts'
import { context, startPlatform, tides } from './test-world.ts'

const signedIn = async (server: string) =>
  tides(
    server,
    { name: 'Tide <b>tables</b>' },
    {
      auth: {
        ...{ kind: 'oauth', flow: 'authorizationCode', clientId: 'me', clientSecret: 'secret-of-me', scope: 'read' },
        ...{ authorizationUrl: `${server}/authorize`, tokenUrl: `${server}/token`, contentType: 'application/json' },
      },
    },
  )

test('a sign-in comes back once, its tokens are kept and used, and the page has no markup of others', async () => {
  const upstream = await startUpstream(({ url, headers }, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        JSON.stringify(
          url === '/token' ? { access_token: 'fresh-token', expires_in: 3600 } : { as: headers.authorization },
        ),
      ),
  )
  const { platform, base, send, of } = await startPlatform({ plugins: [await signedIn(upstream.url)] })
  const before = await send('POST', '/api/plugin/invoke/7001/gauge', {})
  expect([before.status, before.json.code]).toEqual([409, 'OAUTH_SIGN_IN_NEEDED'])

  const { url } = await platform.beginSignIn({ plugin: '7001' }, context)
  const asked = new URL(url)
  expect(`${asked.origin}${asked.pathname}`).toBe(`${upstream.url}/authorize`)
  const redirect = asked.searchParams.get('redirect_uri')
  // The port of the plugin service, where there is one.
  expect(redirect).toBe(`http://127.0.0.1:${base + 1}/api/plugins/oauth/callback`)
  const state = asked.searchParams.get('state')
  const back = `/api/plugins/oauth/callback?code=c0de&state=${state}`
  const page = await send('GET', back, undefined, { 'accept-language': 'zh-CN' })
  expect([page.status, page.headers.get('content-type'), page.headers.get('content-security-policy')]).toEqual([
    ...[200, expect.stringMatching(/^text\/html/), "default-src 'none'"],
  ])
  expect(page.text).toContain('已完成授权')
  expect(page.text).not.toMatch(/<b>|<script/)
  const token = JSON.parse(upstream.heard.find((one) => one.url === '/token')!.body)
  expect(token).toMatchObject({ grant_type: 'authorization_code', code: 'c0de', redirect_uri: redirect })
  expect(of('keepTokens')).toMatchObject([{ pluginId: '7001', tokens: { accessToken: 'fresh-token' } }])
  expect((await send('POST', '/api/plugin/invoke/7001/gauge', {})).json.data).toEqual({ as: 'Bearer fresh-token' })

  const again = await send('GET', back)
  expect([again.status, again.text]).toEqual([400, expect.stringContaining('did not succeed')])
  expect(upstream.heard.filter((one) => one.url === '/token')).toHaveLength(1)
})

test('a sign-in that was refused, or that nobody began, keeps nothing', async () => {
  const upstream = await startUpstream()
  const { platform, send, of } = await startPlatform({ plugins: [await signedIn(upstream.url)] })
  const { url } = await platform.beginSignIn({ plugin: '7001' }, context)
  const state = new URL(url).searchParams.get('state')
  const path = '/api/plugins/oauth/callback'
  for (const query of [
    `?error=${encodeURIComponent('<script>alert(1)</script>')}&state=${state}`,
    `?code=c&state=${state}`,
    '?code=c&state=made-up',
    '?code=a&code=b&state=x&state=y',
    '',
  ]) {
    const { status, text } = await send('GET', path + query)
    expect(status).toBe(400)
    expect(text).not.toContain('<script')
  }
  expect(of('keepTokens')).toEqual([])
  expect(upstream.heard).toEqual([])
})

test('without a port there is nowhere to come back to', async () => {
  const { platform } = await startPlatform({ parts: [], plugins: [await signedIn('http://127.0.0.1:1')] })
  await expect(platform.beginSignIn({ plugin: '7001' }, context)).rejects.toMatchObject({
    code: 'PLATFORM_NOT_RUNNING',
  })
})
