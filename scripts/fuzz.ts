// Reads mutated packages until the time is over: --seconds N (600), --inputs N (no end), --seed N (of the day).
// The reader is a process that may write nowhere but in its own folder, and is given 5 s per input.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, inputs: { type: 'string' }, seed: { type: 'string' } },
})
const seed = values.seed ?? String(Math.floor(Date.now() / 86_400_000))
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pilothouse-fuzz-')))
const patienceMs = 5000

const child = spawn(
  process.execPath,
  [
    ...[
      '--expose-gc',
      '--permission',
      '--allow-fs-read=*',
      `--allow-fs-write=${folder}`,
      '--disable-warning=ExperimentalWarning',
    ],
    join(import.meta.dirname, '../tests/lib/package-fuzzer.ts'),
    ...[seed, values.seconds ?? '600', values.inputs ?? 'Infinity', folder],
  ],
  { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
)
let last = ''
let hung = false
const watch = () =>
  setTimeout(() => {
    hung = true
    child.kill('SIGKILL')
  }, patienceMs)
let timer = watch()
for await (const line of createInterface({ input: child.stdout })) {
  last = line
  clearTimeout(timer)
  timer = watch()
}
clearTimeout(timer)
const left = readdirSync(folder).filter((name) => name !== 'package')
rmSync(folder, { recursive: true, force: true })

const summary = last.startsWith('{') ? JSON.parse(last) : null
const grewTooMuch = summary !== null && summary.grownMegabytes > 32
const faults = [
  ...(hung
    ? [`input ${last} took longer than ${patienceMs / 1000} s`]
    : summary === null
      ? [`input ${last} ended the process`]
      : []),
  ...(summary?.failed ? [`${summary.failed} inputs threw what is no AppError`] : []),
  ...(left.length > 0 ? [`files were left: ${left.join(', ')}`] : []),
  ...(grewTooMuch ? [`memory grew by ${summary.grownMegabytes} MB`] : []),
]
console.log(JSON.stringify({ seed: Number(seed), ...summary, faults }))
process.exit(faults.length === 0 ? 0 : 1)
