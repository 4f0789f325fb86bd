import { expect, test } from 'vitest'
import { context } from '../test-world.ts'
import { beginEvents, json, keyOf, said, startGateway, startVendor } from './test-gateway.ts'

const former = () => ({ secret: 'opaque-former', until: Date.now() + 60_000 })

test('a vendor that repeats the secret which it refuses is not repeated, in whatever form it says it', async () => {
  // Nothing about it looks like a secret, and JSON escapes a part of it.
  const secret = 'opaque"word'
  const vendor = await startVendor((response, { body }) => {
    const message = `${'x'.repeat(490)} Incorrect API key provided: ${secret} or opaque-former.`
    if (body['stream'] !== true) return void json(response, 400, { error: { message, type: secret, code: secret } })
    beginEvents(response)
    response.end(`data: ${JSON.stringify({ error: { message: `who is ${secret}`, code: secret } })}\n\n`)
  })
  const world = await startGateway([keyOf('one', vendor.url, { secret, former: former() })])
  const answers = [await world.chat(), await world.chat({ stream: true })]
  const tried = await world.platform.testKey({ ...keyOf('one', vendor.url), secret }, context)
  expect(answers.map(({ status }) => status)).toEqual([400, 502])
  const told = JSON.stringify([answers.map(({ text }) => text), tried, await world.records()])
  expect([told.includes('***'), told.includes('opaque')]).toEqual([true, false])
})

test('a new secret that is refused where the former works is told, and tried after it from then on', async () => {
  let known = ['opaque-former']
  const vendor = await startVendor((response, { secret }) => {
    if (known.includes(secret)) return void json(response, 200, said('hello'))
    json(response, 401, { error: { message: 'who' } })
  })
  const key = keyOf('one', vendor.url, { former: former() })
  const world = await startGateway([key])
  const asked = async () => {
    const before = vendor.seen.length
    const { status } = await world.chat()
    return [status, ...vendor.secrets().slice(before)]
  }
  expect([await asked(), await asked()]).toEqual([
    [200, 'sk-test-one', 'opaque-former'],
    [200, 'opaque-former'],
  ])
  // The vendor has heard of the new one, and the former is no more.
  known = ['sk-test-one']
  expect([await asked(), await asked()]).toEqual([
    [200, 'opaque-former', 'sk-test-one'],
    [200, 'sk-test-one'],
  ])
  // Rotated again: a new secret is always tried first.
  known = ['opaque-former']
  await asked()
  await world.platform.keys({ reset: false, upserted: [{ ...key, secret: 'sk-test-new' }], removed: [] }, context)
  expect(await asked()).toEqual([200, 'sk-test-new', 'opaque-former'])
  const { failures, brief } = await world.records()
  // Main is told in as many batches as there was time for.
  expect([...new Set(failures.map(({ keyId, message }) => `${keyId} ${message}`))]).toEqual(['one 401: who'])
  expect(brief).toEqual(Array.from({ length: 6 }, () => 'one 200 3 2'))
})
