import { expect, test } from 'vitest'
import { createSandbox } from '../sandbox/sandbox.ts'
import { context } from '../test-world.ts'
import { json, keyOf, said, startGateway, startVendor } from './test-gateway.ts'

const change = { removed: [], reset: false }
const play = (id: string, more: object = {}) =>
  keyOf(id, null, { vendor: 'sandbox', service: 'sandbox', tier: 'sandbox', ...more })
const candidates = [
  { vendor: 'openai-compatible' as const, service: 'lab', model: 'm', tier: null, weight: 1 },
  { vendor: 'sandbox' as const, service: 'sandbox', model: 'sandbox-chat', tier: null, weight: 1 },
]

test('keys are there at once, and one of the sandbox when that listens: a failure to is not for ever', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('hello')))
  const gates: ((failure: Error | null) => void)[] = []
  // Loads when the test says so, or fails.
  const loadSandbox = () =>
    new Promise<{ createSandbox: typeof createSandbox }>((resolve, reject) => {
      gates.push((failure) => (failure ? reject(failure) : resolve({ createSandbox })))
    })
  const world = await startGateway([keyOf('first', vendor.url)], { features: { chat: candidates }, loadSandbox })
  const states = async () =>
    (await world.platform.routeState({ feature: 'chat' }, context)).choices.map(({ keyId }) => keyId)

  const failing = world.platform.keys({ ...change, upserted: [play('play'), keyOf('second', vendor.url)] }, context)
  expect((await states()).toSorted()).toEqual(['first', 'second'])
  gates[0]!(new Error('too many open files'))
  await failing
  expect(world.of('log').map(({ message, fields }) => [message, fields])).toEqual([
    ['the sandbox does not listen', { reason: 'too many open files' }],
  ])

  // Neither is refused because of it what comes later, and the next change tries again.
  const later = world.platform.keys({ ...change, removed: ['second'], upserted: [play('other')] }, context)
  expect(await states()).toEqual(['first'])
  // It was taken away while the sandbox was on its way.
  const gone = world.platform.keys({ ...change, upserted: [], removed: ['other'] }, context)
  gates[1]!(null)
  await Promise.all([later, gone])
  expect((await states()).toSorted()).toEqual(['first', 'play'])
  await world.platform.keys({ ...change, upserted: [], removed: ['first'] }, context)
  const { status, headers } = await world.chat({ model: 'auto' })
  expect([status, headers.get('x-pilothouse-key'), gates.length]).toEqual([200, 'play', 2])
})

test('while the vault is locked callers are told so, not that there is no key', async () => {
  const world = await startGateway([])
  const told = async () => {
    const route = await world.send('POST', '/api/v1/route/chat', {})
    return [(await world.chat()).json.error.code, route.status, route.json.code]
  }
  const open = await told()
  await world.platform.keys({ reset: true, locked: true, upserted: [], removed: [] }, context)
  // What changes meanwhile does not unlock it.
  await world.platform.keys({ ...change, upserted: [] }, context)
  const locked = [...(await told()), (await world.chat({ model: 'gpt-99' })).json.error.code]
  await world.platform.keys({ reset: true, locked: false, upserted: [], removed: [] }, context)
  expect([open, locked, await told()]).toEqual([
    ['NO_CANDIDATE', 503, 'NO_CANDIDATE'],
    ['KEY_VAULT_LOCKED', 503, 'KEY_VAULT_LOCKED', 'KEY_VAULT_LOCKED'],
    ['NO_CANDIDATE', 503, 'NO_CANDIDATE'],
  ])
})

test('a key that was rotated while it was asked is not benched for what its former secret met', async () => {
  const arrived = Promise.withResolvers<() => void>()
  const vendor = await startVendor((response, { secret }) => {
    const refuse = () => json(response, 401, { error: { message: 'no such key', code: 'invalid_api_key' } })
    if (secret === 'sk-test-new') json(response, 200, said('hello'))
    else arrived.resolve(refuse)
  })
  const world = await startGateway([keyOf('main', vendor.url)], { features: { chat: [candidates[0]!] } })
  const refused = world.chat({ model: 'm' })
  const refuse = await arrived.promise
  await world.platform.keys({ ...change, upserted: [keyOf('main', vendor.url, { secret: 'sk-test-new' })] }, context)
  refuse()
  expect([(await refused).status, (await world.chat({ model: 'm' })).status]).toEqual([502, 200])
})
