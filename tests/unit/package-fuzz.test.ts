import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

test('mutated packages neither crash, hang, leave files nor fill the memory', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, ['scripts/fuzz.ts', '--seconds', '8', '--inputs', '2000', '--seed', '1'])
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(errors).toBe('')
  const { faults, read, refused, failed, inputs } = JSON.parse(out)
  expect({ faults, failed, all: read + refused === inputs, some: read > 0 && refused > 0 }).toEqual({
    ...{ faults: [], failed: 0, all: true, some: true },
  })
})
