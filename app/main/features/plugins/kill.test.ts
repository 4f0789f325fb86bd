import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import { openWorld } from './test-world.ts'

const child = fileURLToPath(new URL('./kill-child.ts', import.meta.url))
const LANES = 2
const KILLS = 25

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Killing {
  /** How many of its steps the console has told: begun, open, then sent and active for each import. */
  readonly steps: number
  /** When in the next step, as a part of how long the last one took: a busy machine moves nothing. */
  readonly part: number
}

/** Lets a console import for a while, kills it, and answers the version that it last said is active. */
async function killAt(folder: string, { steps, part }: Killing, env: NodeJS.ProcessEnv): Promise<number | null> {
  const running = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'], env })
  const lines = createInterface(running.stdout)
  const reached = Promise.withResolvers<number>()
  let active: number | null = null
  let told = 0
  let at = performance.now()
  lines.on('line', (line) => {
    if (line.startsWith('active ')) active = Number(line.slice(7))
    const took = performance.now() - at
    at += took
    if (++told === steps) reached.resolve(took)
  })
  const ended = once(lines, 'close')
  const took = await reached.promise
  await after(took * part)
  running.kill('SIGKILL')
  await ended
  return active
}

/** What is wrong with a data folder after a kill; empty where the old or the new version is whole. */
async function faults(folder: string, acknowledged: number): Promise<{ faults: string[]; active: number }> {
  const { db, plugins, list, close } = await openWorld({ folder })
  const found: string[] = []
  const [check] = db.all<{ integrity_check: string }>('PRAGMA integrity_check')
  if (check?.integrity_check !== 'ok') found.push(`integrity ${check?.integrity_check}`)
  found.push(...readdirSync(plugins.stagingFolder).map((name) => `left in staging: ${name}`))
  const kept = db.all<{ id: string }>('SELECT id FROM plugin_packages ORDER BY id').map(({ id }) => id)
  const packages = join(folder, 'plugins', 'packages')
  if (readdirSync(packages).sort().join() !== kept.join()) found.push('packages and rows differ')
  const [plugin] = list()
  const active = plugin?.versionId ?? 0
  // What an answer said is kept; what was under way may be kept too.
  if (active < acknowledged && plugin?.state === 'active') found.push(`${active} is active, ${acknowledged} was`)
  const version = db.get<{ package: string; number: number }>(
    'SELECT package_id AS package, number FROM plugin_versions WHERE id = (SELECT active_version FROM plugins)',
  )
  if (version) {
    const files = db.all<{ path: string; sha256: string }>(
      'SELECT path, sha256 FROM plugin_files WHERE package_id = ?',
      version.package,
    )
    if (files.length !== 9) found.push(`${files.length} files`)
    for (const { path, sha256 } of files) {
      const bytes = readFileSync(join(packages, version.package, 'files', path))
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) found.push(`${path} is not what it was`)
    }
    const definition = readFileSync(join(packages, version.package, 'definitions', `${version.number}.json`), 'utf8')
    if (JSON.parse(definition).tools.length !== 1) found.push('definition is not whole')
  } else if (acknowledged > 0) found.push('nothing is active')
  await close()
  return { faults: found, active: version ? active : 0 }
}

test('killed at any moment of an upload, an import or an activation, the old or the new version is whole', async () => {
  const random = seeded(20_261_127)
  // Fifty consoles begin: half of what that takes is compiling the same modules.
  const env = { ...process.env, NODE_COMPILE_CACHE: tempFolder() }
  await once(
    spawn(process.execPath, [child, tempFolder(), 'once'], { stdio: ['ignore', 'ignore', 'inherit'], env }),
    'exit',
  )
  const lane = async () => {
    const folder = tempFolder()
    const found: string[] = []
    let acknowledged = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const killing = { steps: 1 + Math.floor(random() * 7), part: random() }
      acknowledged = (await killAt(folder, killing, env)) ?? acknowledged
      const left = await faults(folder, acknowledged)
      found.push(...left.faults.map((fault) => `kill ${kill} at ${JSON.stringify(killing)}: ${fault}`))
      acknowledged = Math.max(acknowledged, left.active)
    }
    return { found, acknowledged }
  }
  const lanes = await Promise.all(Array.from({ length: LANES }, lane))

  expect([lanes.flatMap(({ found }) => found), lanes.every(({ acknowledged }) => acknowledged > 0)]).toEqual([[], true])
}, 120_000)
