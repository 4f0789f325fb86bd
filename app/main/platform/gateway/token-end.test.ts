import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { context } from '../test-world.ts'
import type { UsableToken } from './gateway-messages.ts'
import { beginEvents, event, keyOf, startGateway, startVendor, word } from './test-gateway.ts'

const tokenOf = (name: string, expiresAt: number | null = null): UsableToken => ({
  ...{ id: name, name, hash: createHash('sha256').update(`ph_${name}`).digest('hex'), expiresAt },
  ...{ scopes: { features: null, models: null, plugins: null }, rpm: null, tpm: null },
})

/** Streams of a vendor that says one word to each, and more when the test does. */
async function startWorld(clock: () => number = Date.now) {
  const answers = new Map<unknown, ServerResponse>()
  const vendor = await startVendor((response, { body }) => {
    answers.set(body['user'], response)
    beginEvents(response)
    if (body['user'] !== 'silent') response.write(event(word('a')))
  })
  const world = await startGateway([keyOf('one', vendor.url)], { clock })
  return {
    ...{ world, vendor },
    async open(name: string, user = name, language = 'en') {
      const response = await fetch(`${world.url}/v1/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ph_${name}`,
          'accept-language': language,
        },
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true, user }),
      })
      return { response, text: () => response.text() }
    },
    answerOf: (user: string) => answers.get(user)!,
  }
}
const lapsed = /^data: \{"choices":.*"a".*\n\ndata: (\{"error":.*\})\n\n$/

test('a token that is revoked ends its streams with words, and no other token’s', async () => {
  const { world, vendor, open, answerOf } = await startWorld()
  await world.platform.tokens([tokenOf('shop'), tokenOf('desk')], context)
  const [shop, chinese, desk] = [await open('shop'), await open('shop', 'other', 'zh-CN'), await open('desk')]
  await world.platform.tokens([tokenOf('desk')], context)
  const message = 'That gateway token is unknown, expired or revoked. Create another under Keys.'
  expect(JSON.parse(lapsed.exec(await shop.text())![1]!)).toEqual({
    error: { message, type: 'invalid_request_error', param: null, code: 'TOKEN_UNKNOWN' },
  })
  expect(await chinese.text()).toContain('已撤销')
  await vendor.hungUp()
  answerOf('desk').end(event(word('b')) + event('[DONE]'))
  expect(await desk.text()).toBe(event(word('a')) + event(word('b')) + event('[DONE]'))
  const { uses, failures } = await world.records()
  expect([uses.map(({ tokenId, statusCode }) => `${tokenId} ${statusCode}`), failures]).toEqual([
    ['shop 401', 'shop 401', 'desk 200'],
    [],
  ])
})

test('a token whose time is over ends its streams within a second, unless it was given more', async () => {
  let now = 1_000_000
  const { world, open, answerOf } = await startWorld(() => now)
  await world.platform.tokens([tokenOf('shop', now + 1000), tokenOf('desk', now + 1000)], context)
  const [shop, desk] = [await open('shop'), await open('desk')]
  await world.platform.tokens([tokenOf('shop', now + 1000), tokenOf('desk', now + 5000)], context)
  now += 1000
  const begun = performance.now()
  expect(await shop.text()).toMatch(lapsed)
  expect(performance.now() - begun).toBeLessThan(1000)
  answerOf('desk').end(event('[DONE]'))
  expect(await desk.text()).toBe(event(word('a')) + event('[DONE]'))
})

test('a stream that has not said anything yet is refused with the status', async () => {
  const { world, vendor, open } = await startWorld()
  await world.platform.tokens([tokenOf('shop')], context)
  const opening = open('shop', 'silent')
  await vendor.asked(1)
  await world.platform.tokens([], context)
  const { response, text } = await opening
  expect([response.status, await text()]).toEqual([401, expect.stringContaining('"code":"TOKEN_UNKNOWN"')])
})
