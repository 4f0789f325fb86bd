// Everything that must hold, in the order of what fails fastest. Ends with one line: N passed, N failed, N skipped.
// A skip is named with its reason; REQUIRE_DOCKER=1 and REQUIRE_BROWSER=1 turn a skip for that reason into a failure.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfStale } from './build-if-stale.ts'
import { electronProgram } from './electron-program.ts'

const scratch = mkdtempSync(join(tmpdir(), 'pilothouse-test-'))
const started = performance.now()
let passed = 0
let failed = 0
const skips = new Map<string, number>()

function tool(label: string, args: string[], env: Record<string, string> = {}): boolean {
  const t = performance.now()
  const { NODE_ENV: _, ...rest } = process.env // Vite's build sets it to "production" in this process
  const result = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...rest, ...env } })
  const ok = result.status === 0
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${label} (${((performance.now() - t) / 1000).toFixed(1)} s)`)
  return ok
}
function check(label: string, args: string[]): void {
  if (tool(label, args)) passed++
  else failed++
}
const readJson = (file: string) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
const skip = (why: string) => skips.set(why, (skips.get(why) ?? 0) + 1)

function unitTests(): void {
  const file = join(scratch, 'unit.json')
  const ok = tool('unit tests', [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const report = readJson(file)
  passed += report?.numPassedTests ?? 0
  failed += report?.numFailedTests ?? 0
  if (!ok && !report?.numFailedTests) failed++
  for (const suite of report?.testResults ?? []) {
    for (const test of suite.assertionResults) {
      if (test.status === 'skipped' || test.status === 'pending') {
        skip(test.meta?.skip ?? /\[needs ([^\]]+)\]/.exec(test.fullName)?.[1] ?? `no reason given: ${test.fullName}`)
      }
    }
  }
}

interface Suite {
  specs?: { tests: { status: string; annotations: { type: string; description?: string }[] }[] }[]
  suites?: Suite[]
}
function endToEndTests(): void {
  const file = join(scratch, 'e2e.json')
  const ok = tool('end-to-end tests', ['node_modules/@playwright/test/cli.js', 'test'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  })
  const report = readJson(file)
  let bad = 0
  const visit = (suite: Suite): void => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') passed++
        else if (test.status === 'skipped') {
          skip(test.annotations.find((a) => a.type === 'skip')?.description ?? 'no reason given')
        } else bad++
      }
    }
    for (const inner of suite.suites ?? []) visit(inner)
  }
  for (const suite of report?.suites ?? []) visit(suite)
  if (!ok && bad === 0) bad = 1
  failed += bad
}

console.log(`tests run on Node ${process.version}`)
if (buildIfStale()) console.log('built dist/')
for (const part of ['app/shared', 'app/main', 'app/preload', 'app/renderer', '.']) {
  check(`types of ${part === '.' ? 'tests and scripts' : part}`, ['node_modules/typescript/bin/tsc', '-p', part])
}
check('lint, format and import boundaries', [
  'node_modules/@biomejs/biome/bin/biome',
  'ci',
  '--colors=off',
  '--diagnostic-level=warn',
])
unitTests()
endToEndTests()
rmSync(scratch, { recursive: true, force: true })

const skipped = [...skips.values()].reduce((sum, n) => sum + n, 0)
if (!electronProgram()) {
  console.log(
    "not run: the desktop tests on Electron's own program, which is not on this machine; they ran on the double",
  )
}
for (const [why, n] of skips) console.log(`skipped ${n}: ${why}`)
console.log(`took ${Math.round((performance.now() - started) / 1000)} s`)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 ? 1 : 0)
