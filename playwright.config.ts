import { defineConfig } from '@playwright/test'
import { electronProgram } from './scripts/electron-program.ts'
import type { Program } from './tests/e2e/electron/desktop-app.ts'
import { browserLaunch } from './tests/lib/browser.ts'

const desktop = (name: string, program: Program) => ({ name, testMatch: 'electron/*.spec.ts', use: { program } })

/** Every state of every page, pictured and read by axe: slow, alike, and nothing in them is timed. */
const pictures = /mocked\/(.+-)?(screens|screenshots)\.spec\.ts$/

export default defineConfig<object, { program: Program }>({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // A busy CI machine may starve a browser for seconds. What passes only at its second try is named by scripts/test.ts.
  retries: process.env['CI'] ? 1 : 0,
  // One worker: the tests of a console share one engine. scripts/test.ts gives the pages, which share nothing, two.
  workers: 1,
  reporter: [['list'], ['json']],
  projects: [
    { name: 'console', testMatch: ['docker/*.spec.ts', 'host/*.spec.ts'] },
    { name: 'page', testMatch: 'mocked/*.spec.ts', testIgnore: pictures },
    { name: 'pictures', testMatch: pictures, fullyParallel: true },
    desktop('electron-double', 'double'),
    // Electron's own program cannot be had everywhere; scripts/test.ts says so where it is missing.
    ...(electronProgram() ? [desktop('electron', 'real')] : []),
  ],
  use: { viewport: { width: 1280, height: 800 }, launchOptions: await browserLaunch() },
})
