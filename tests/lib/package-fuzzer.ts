// A program of its own, started by scripts/fuzz.ts with no right to write but in its folder: SEED SECONDS MOST FOLDER.
// It says the number of each input before it reads it, so that whoever waits knows which one hangs, and ends with one JSON line.
import { writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { readPackage } from '../../app/main/features/plugins/packages/read-package.ts'
import { AppError } from '../../app/shared/errors.ts'
import { inputOf } from './package-mutations.ts'

const [seed, seconds, most, folder] = [...process.argv.slice(2, 5).map(Number), process.argv[5]!] as [
  number,
  number,
  number,
  string,
]
const file = join(folder, 'package')
const warmUp = 300
const started = performance.now()
const tally = { read: 0, refused: 0, failed: 0 }
let slowest = 0
let slowestInput = 0
let settled = 0

let n = 0
for (; n < most && performance.now() - started < seconds * 1000; n++) {
  writeSync(1, `${n}\n`)
  writeFileSync(file, inputOf(seed, n))
  const since = performance.now()
  try {
    const { plugins } = await readPackage(file, { strict: n % 4 === 0 })
    tally[plugins.length > 0 ? 'read' : 'refused']++
  } catch (error) {
    if (error instanceof AppError) tally.refused++
    else {
      tally.failed++
      writeSync(2, `seed ${seed} input ${n}: ${error instanceof Error ? error.stack : error}\n`)
    }
  }
  const took = performance.now() - since
  if (took > slowest) {
    slowest = took
    slowestInput = n
  }
  if (n === warmUp) settled = used()
}
const grown = settled === 0 ? 0 : used() - settled
writeSync(
  1,
  `${JSON.stringify({ ...tally, inputs: n, slowest: Math.round(slowest), slowestInput, grownMegabytes: Math.round(grown / 1e6) })}\n`,
)

/** Bytes that are held after everything that can go has gone. */
function used(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
