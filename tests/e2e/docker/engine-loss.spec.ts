import { rename } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { type ConsoleProcess, startConsole } from '../../lib/console.ts'
import { ensureTestImage, docker as sharedDocker, testImage, testLabel } from '../../lib/docker.ts'
import { type PrivateEngine, privateEngineMissing, startPrivateEngine } from '../../lib/private-engine.ts'

const missing = privateEngineMissing()
test.skip(missing !== null, missing ?? '')
test.describe.configure({ timeout: 120_000 })

let engine: PrivateEngine
let running: ConsoleProcess
let web: string
test.beforeAll(async () => {
  ensureTestImage()
  engine = await startPrivateEngine()
  engine.load(sharedDocker, testImage)
})
test.afterAll(async () => await engine?.remove())
test.beforeEach(async () => {
  web = engine.docker('run', '-d', '--init', '--name', 'web', '--label', testLabel, testImage, 'sleep', '100000')
  running = await startConsole({ env: { DOCKER_HOST: engine.host } })
})
test.afterEach(async () => {
  await running.stop()
  engine.docker('rm', '-fv', 'web')
})

const row = (page: Page) => page.locator(`[role="row"][data-key="${web}"]`)
const status = (page: Page) => page.getByRole('region', { name: 'Status' })
async function openServices(page: Page): Promise<void> {
  await page.goto(running.url)
  await page.getByRole('link', { name: 'Services', exact: true }).click()
  await expect(row(page)).toBeVisible()
  await expect(status(page)).toContainText('20.10')
}

for (const [how, signal] of [
  ['restarts', 'SIGTERM'],
  ['crashes', 'SIGKILL'],
] as const) {
  test(`Docker ${how} under the console: the list stays, says that it is old, and comes alive again`, async ({
    page,
  }) => {
    await openServices(page)
    await engine.stop(signal)
    await expect(status(page)).toContainText('unreachable')
    await expect(row(page)).toBeVisible()

    await engine.start()
    await expect(status(page)).toContainText('20.10', { timeout: 30_000 })
    const before = await row(page).locator('svg').first().innerHTML()
    engine.docker('kill', 'web')
    await expect.poll(() => row(page).locator('svg').first().innerHTML()).not.toBe(before)
  })
}

test('the socket is pulled away and put back: said, and found again', async ({ page }) => {
  await openServices(page)
  await rename(engine.socket, `${engine.socket}.away`)
  // A click finds out at once; without one, the next sign of life does.
  await row(page).hover()
  await row(page)
    .getByRole('button', { name: /^Restart/ })
    .click()
  await expect(status(page)).toContainText('unreachable', { timeout: 30_000 })
  await expect(page.getByText('DOCKER_UNREACHABLE').first()).toBeVisible()
  await expect(row(page)).toBeVisible()

  await rename(`${engine.socket}.away`, engine.socket)
  await expect(status(page)).toContainText('20.10', { timeout: 30_000 })
})
