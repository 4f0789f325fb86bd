// Reads mutated packages in a process of its own, started by scripts/fuzz.ts with no right to write but in its folder: SEED SECONDS MOST FOLDER.
// It says the number of each input before it reads it, so that whoever waits knows which one hangs, and ends with one JSON line.
import { mkdirSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { takePackage } from '../../app/main/features/plugins/importing/take-package.ts'
import { decode } from '../../app/main/features/plugins/packages/encoding.ts'
import { readPackage } from '../../app/main/features/plugins/packages/read-package.ts'
import { AppError } from '../../app/shared/errors.ts'
import { inputOf } from './package-mutations.ts'
import { differenceOfReaders } from './yaml-readers.ts'

const [seed, seconds, most, folder] = [...process.argv.slice(2, 5).map(Number), process.argv[5]!] as [
  number,
  number,
  number,
  string,
]
const file = join(folder, 'package')
/** Two levels above what is copied into, a path that climbs out of it is still seen. */
const outside = join(folder, 'outside', 'of')
const warmUp = 300
const started = performance.now()
const tally = { read: 0, refused: 0, taken: 0, compared: 0, failed: 0 }
let slowest = 0
let slowestInput = 0
let settled = 0

let n = 0
for (; n < most && performance.now() - started < seconds * 1000; n++) {
  writeSync(1, `${n}\n`)
  const input = inputOf(seed, n)
  writeFileSync(file, input)
  const since = performance.now()
  try {
    const { plugins } = await readPackage(file, { strict: n % 4 === 0 })
    tally[plugins.length > 0 ? 'read' : 'refused']++
  } catch (error) {
    if (error instanceof AppError) tally.refused++
    else fail(error instanceof Error ? error.stack : error)
  }
  const took = performance.now() - since
  if (took > slowest) {
    slowest = took
    slowestInput = n
  }
  if (n % 5 === 0) await take()
  compare(input)
  if (n === warmUp) settled = used()
}
const grown = settled === 0 ? 0 : used() - settled
const figures = { inputs: n, slowest: Math.round(slowest), slowestInput, grownMegabytes: Math.round(grown / 1e6) }
writeSync(1, `${JSON.stringify({ ...tally, ...figures, stoppedBy: n < most ? 'time' : 'count' })}\n`)

function fail(what: unknown): void {
  tally.failed++
  writeSync(2, `seed ${seed} input ${n}: ${what}\n`)
}

/** Copies the package as an import does: all of it below the target, whatever its paths say. */
async function take(): Promise<void> {
  mkdirSync(outside, { recursive: true })
  try {
    const { files } = await takePackage(file, join(outside, 'target'), () => {})
    if (files.length > 0) tally.taken++
  } catch (error) {
    // A name that the disk does not take, for one. What was refused by the permissions was no part of the target.
    const cause = error instanceof AppError ? (error.cause as { code?: string } | undefined) : undefined
    if (!(error instanceof AppError) || cause?.code === 'ERR_ACCESS_DENIED')
      fail(error instanceof Error ? error.stack : error)
  }
  const found = [readdirSync(folder), readdirSync(join(folder, 'outside')), readdirSync(outside)]
  const known = ['package', 'outside', 'of', 'target']
  const strange = found.flat().filter((name) => !known.includes(name))
  if (strange.length > 0) fail(`files outside the target: ${strange.join(', ')}`)
  rmSync(join(folder, 'outside'), { recursive: true })
}

/** Whether both of our readers of YAML say the same of it, where both read it. */
function compare(input: Buffer): void {
  if (input.length > 20_000) return
  const { text } = decode(input)
  const difference = differenceOfReaders(text, { longNumbersAsText: n % 3 === 0 })
  if (difference === null) tally.compared++
  else if (difference !== 'left') fail(`the readers of YAML differ: ${difference}`)
}

/** Bytes that are held after everything that can go has gone. */
function used(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
