import { expect, test } from 'vitest'
import { context } from '../test-world.ts'
import { keyOf, startGateway } from './test-gateway.ts'

test('a route that is wider than what is looked at is told once', async () => {
  const keys = Array.from({ length: 600 }, (_, i) => keyOf(`k${i}`, 'http://127.0.0.1:9/v1'))
  const candidate = (model: string) =>
    ({
      ...{ vendor: 'openai-compatible' as const, service: 'lab', model, tier: null, weight: 1 },
    }) as const
  const world = await startGateway(keys, { features: { chat: [candidate('a'), candidate('b')] } })
  await world.platform.keys({ reset: false, upserted: [keyOf('k0', null)], removed: [] }, context)
  expect(world.of('log').filter(({ message }) => message === 'route too wide')).toEqual([
    { level: 'warn', message: 'route too wide', fields: { feature: 'chat', leftOut: 200 } },
  ])
})
