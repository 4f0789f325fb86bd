import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

const wanted = 10_000
/** Two busy cores do all of them in less. */
const seconds = 60

test('mutated packages neither crash, hang, escape, leave files nor fill the memory', {
  timeout: 120_000,
}, async () => {
  const child = spawn(process.execPath, [
    'scripts/fuzz.ts',
    ...['--seconds', String(seconds), '--inputs', String(wanted), '--seed', '1'],
  ])
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(errors).toBe('')
  const { faults, read, refused, taken, compared, failed, inputs, stoppedBy } = JSON.parse(out)
  process.stdout.write(`${inputs} of ${wanted} mutated packages were read; the ${stoppedBy} ended it.\n`)
  expect({
    ...{ faults, failed, all: read + refused === inputs, enough: inputs === wanted || stoppedBy === 'time' },
    some: [read, refused, taken, compared].every((count) => count > 0) && inputs > 500,
  }).toEqual({ faults: [], failed: 0, all: true, enough: true, some: true })
})
