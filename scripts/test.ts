// Everything that must hold, in the order of what fails fastest. Ends with one line: N passed, N failed, N skipped.
// A skip is named with its reason; REQUIRE_DOCKER=1 turns a skip for want of Docker into a failure, and so do
// REQUIRE_BROWSER, REQUIRE_CURL and REQUIRE_PYTHON.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { findBrowser } from '../tests/lib/browser.ts'
import { buildIfStale } from './build-if-stale.ts'
import { electronProgram } from './electron-program.ts'

const scratch = mkdtempSync(join(tmpdir(), 'pilothouse-test-'))
const started = performance.now()
let passed = 0
let failed = 0
const skips = new Map<string, number>()

// Vite's build sets NODE_ENV to "production" in this process.
const { NODE_ENV: _, ...ownEnv } = process.env
function report(label: string, ok: boolean, since: number): boolean {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${label} (${((performance.now() - since) / 1000).toFixed(1)} s)`)
  return ok
}
function tool(label: string, args: string[], env: Record<string, string> = {}): boolean {
  const since = performance.now()
  const result = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...ownEnv, ...env } })
  return report(label, result.status === 0, since)
}
/** Counts as one test. Several run side by side, so each shows its output once it is done. */
async function check(label: string, args: string[]): Promise<void> {
  const since = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ownEnv })
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  if (code !== 0) process.stdout.write(out + errors)
  if (report(label, code === 0, since)) passed++
  else failed++
}
const readJson = (file: string) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)
const skip = (why: string, times = 1) => skips.set(why, (skips.get(why) ?? 0) + times)

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
  specs?: { title: string; tests: { status: string; annotations: { type: string; description?: string }[] }[] }[]
  suites?: Suite[]
}
function endToEndTests(label: string, choice: string[]): void {
  const file = join(scratch, `${label}.json`)
  const ok = tool(label, ['node_modules/@playwright/test/cli.js', 'test', ...choice], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  })
  const report = readJson(file)
  let bad = 0
  const visit = (suite: Suite): void => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') passed++
        else if (test.status === 'flaky') {
          console.log(`passed only at the second try: ${spec.title}`)
          passed++
        } else if (test.status === 'skipped') {
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

/** How many there are, without running them. */
function countEndToEndTests(): number {
  const listed = spawnSync(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', '--list', '--reporter=list'],
    {
      encoding: 'utf8',
      env: ownEnv,
    },
  )
  return Number(/Total: (\d+) test/.exec(listed.stdout)?.[1] ?? 1)
}

console.log(`tests run on Node ${process.version}`)
if (buildIfStale()) console.log('built dist/')
const parts = ['app/shared', 'app/main', 'app/preload', 'app/renderer', '.']
await Promise.all([
  ...parts.map((part) =>
    check(`types of ${part === '.' ? 'tests and scripts' : part}`, ['node_modules/typescript/bin/tsc', '-p', part]),
  ),
  check('lint, format and import boundaries', [
    'node_modules/@biomejs/biome/bin/biome',
    'ci',
    '--colors=off',
    '--diagnostic-level=warn',
  ]),
])
unitTests()
if (await findBrowser()) {
  const real = electronProgram() ? ['--project=electron'] : []
  endToEndTests('end-to-end tests', ['--project=console', '--project=electron-double', ...real])
  endToEndTests('pages and pictures of every state', ['--project=page', '--project=pictures', '--workers=2'])
} else skip('no browser for the end-to-end tests on this machine', countEndToEndTests())
rmSync(scratch, { recursive: true, force: true })

const skipped = [...skips.values()].reduce((sum, n) => sum + n, 0)
if (!electronProgram()) {
  console.log(
    "not run: the desktop tests on Electron's own program, which is not on this machine; they ran on the double",
  )
}
for (const [why, n] of skips) {
  console.log(`skipped ${n}: ${why}`)
  const forbidden = ['DOCKER', 'BROWSER', 'CURL', 'PYTHON'].find(
    (name) => process.env[`REQUIRE_${name}`] === '1' && why.toUpperCase().includes(name),
  )
  if (forbidden) {
    console.log(`FAIL REQUIRE_${forbidden}=1 forbids this skip`)
    failed++
  }
}
console.log(`took ${Math.round((performance.now() - started) / 1000)} s`)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 ? 1 : 0)
