import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { sealerOf } from '../../lib/sealing.ts'
import { facts, me, openVaultWorld } from './test-world.ts'

const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url))
const KILLS = 12

/** Lets a console rotate its data key, and kills it in the middle of the rotation after `steps`. */
async function killAt(folder: string, steps: number, part: number): Promise<void> {
  const running = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(running.stdout)
  const reached = Promise.withResolvers<number>()
  let told = 0
  let at = performance.now()
  lines.on('line', () => {
    const took = performance.now() - at
    at += took
    if (++told === steps) reached.resolve(took)
  })
  const ended = once(lines, 'close')
  const took = await reached.promise
  await after(took * part)
  running.kill('SIGKILL')
  await ended
}

test('a console killed at any point of a rotation opens every secret afterwards, and seals them all with one key', async () => {
  const world = await openVaultWorld()
  const { folder } = world
  const secrets = Array.from({ length: 40 }, (_, n) => `sk-test-${n}-0123456789`)
  for (const [n, secret] of secrets.entries()) await world.keys.handlers.add({ ...facts, name: `Key ${n}`, secret }, me)
  await world.close()

  const outcomes: unknown[] = []
  for (let n = 0; n < KILLS; n++) {
    await killAt(folder, 2 + (n % 3), n / KILLS)
    const next = await openVaultWorld({ folder })
    outcomes.push(next.inUse().keys)
    // What it was killed in is swept up: the key in use alone opens everything.
    const { keys } = JSON.parse(readFileSync(join(folder, 'data-key.json'), 'utf8')).content
    const newest = sealerOf([Buffer.from(keys[0].key, 'base64')])
    const rows = () => next.db.all<{ id: string; secret: string }>('SELECT id, secret FROM keys')
    await vi.waitFor(() => rows().map(({ id, secret }) => newest.open(`key/${id}`, secret)))
    if (n === KILLS - 1) await next.handlers.rotate({ passphrase: null }, me)
    await next.close()
  }

  expect(outcomes).toEqual(Array(KILLS).fill(['sandbox', ...secrets].sort()))
  expect(readdirSync(folder).filter((name) => name.startsWith('data-key'))).toEqual(['data-key.json'])
}, 120_000)
