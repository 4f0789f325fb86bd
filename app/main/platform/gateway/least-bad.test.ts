import { expect, test } from 'vitest'
import { json, keyOf, startGateway, startVendor } from './test-gateway.ts'

test('a vendor that rests is tried once, and the answer says so; others get the rest of the pause', async () => {
  const vendor = await startVendor((response) =>
    json(response, 429, { error: { message: 'slow' } }, { 'retry-after': '600' }),
  )
  const now = { at: 1_800_000_000_000 }
  const world = await startGateway([keyOf('one', vendor.url)], { clock: () => now.at })
  const seen: unknown[] = []
  for (const wait of [0, 1000, 1000, 28_000, 2000]) {
    now.at += wait
    const { status, headers } = await world.chat()
    seen.push([status, headers.get('x-pilothouse-least-bad'), headers.get('retry-after'), vendor.seen.length])
  }
  expect(seen).toEqual([
    [429, null, '600', 1],
    [429, '1', '600', 2],
    [429, null, '599', 2],
    [429, null, '571', 2],
    [429, '1', '600', 3],
  ])
})
