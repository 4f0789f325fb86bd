import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { KeyDetails } from '../../../shared/contracts/keys.ts'
import { startGateway } from '../../platform/gateway/test-gateway.ts'
import { keyFields } from './key-fields.ts'
import { context, me, openKeys } from './test-world.ts'

const DAY = 24 * 3_600_000
const start = Date.UTC(2026, 4, 10, 12)
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

// The sandbox tells days that are so far from now.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: start }))
afterEach(() => void vi.useRealTimers())

/** What the sandbox itself answers to a test of the key with such a secret. */
async function openSandbox() {
  const { platform } = await startGateway([])
  const asked = { vendor: 'sandbox', service: 'sandbox', baseUrl: null } as const
  return (secret: string) => platform.testKey({ ...asked, secret }, context)
}

test('a model that the sandbox takes away is told at once, reminded of at 14, 3 and 0 days, each once, and gone in the end', async () => {
  const answerTo = await openSandbox()
  const leaving = await answerTo('sk-test-retiring-20')
  const last = dayOf(start + 20 * DAY)
  let now = start
  const open = (folder?: string) => openKeys({ clock: () => now, ...(folder && { folder }) })
  const first = await open()
  const id = await first.add({ vendor: 'sandbox', service: 'sandbox', modelMapping: { old: 'Sandbox-Retiring' } })
  const tested = async (world: typeof first, answer: typeof leaving) => {
    world.state.answer = answer
    await world.handlers.test({ id }, me)
  }
  await tested(first, leaving)
  const fields = keyFields(first.key(id), 'en').retiring
  const told = [...first.notices]
  await first.close()

  const reminded: string[][] = []
  for (const days of [5, 6, 7, 18, 19, 20, 21]) {
    now = start + days * DAY
    const world = await open(first.folder)
    await tested(world, leaving)
    reminded.push([...world.notices])
    await world.close()
  }
  const after = await open(first.folder)
  await tested(after, await answerTo('sk-test'))
  const details: KeyDetails[] = []
  after.handlers.onDetails((one) => details.push(one) > 0, { id }, me)()

  const name = `Main sandbox old → sandbox-retiring ${last}`
  expect({ fields, told, reminded, gone: details[0]?.models.gone, kept: after.key(id).retiring }).toEqual({
    fields: [{ model: 'sandbox-retiring', on: last }],
    told: [`KEY_MODELS_RETIRING ${name}`],
    reminded: [
      [],
      [`KEY_MODELS_END_SOON ${name} 14`],
      [],
      [`KEY_MODELS_END_SOON ${name} 3`],
      [],
      [`KEY_MODELS_ENDED ${name}`],
      [],
    ],
    gone: ['old → sandbox-retiring'],
    kept: [],
  })
  expect(after.notices).toEqual(['KEY_MODELS_GONE Main sandbox old → sandbox-retiring'])
})

test('a model that ends within the fortnight when it is first told is reminded of at the next time, not at once', async () => {
  const answerTo = await openSandbox()
  let now = start
  const world = await openKeys({ clock: () => now })
  const id = await world.add({ vendor: 'sandbox', service: 'sandbox' })
  world.state.answer = await answerTo('sk-test-retiring-5')
  await world.handlers.test({ id }, me)
  const last = dayOf(now + 5 * DAY)
  await world.close()
  const soon = await openKeys({ folder: world.folder, clock: () => now })
  now += 3 * DAY
  const later = soon.notices.length
  await soon.close()
  const next = await openKeys({ folder: world.folder, clock: () => now })
  expect({ told: world.notices, later, next: next.notices }).toEqual({
    told: [`KEY_MODELS_RETIRING Main sandbox sandbox-retiring ${last}`],
    later: 0,
    next: [`KEY_MODELS_END_SOON Main sandbox sandbox-retiring ${last} 3`],
  })
})
