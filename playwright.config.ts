import { defineConfig } from '@playwright/test'
import { browserLaunch } from './tests/lib/browser.ts'

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // One worker: the Docker tests share one engine, and two cores are what there is.
  workers: 1,
  reporter: [['list'], ['json']],
  use: { viewport: { width: 1280, height: 800 }, launchOptions: await browserLaunch() },
})
