import { expect, test } from '@playwright/test'
import { type ConsoleProcess, startConsole } from '../../lib/console.ts'
import {
  docker,
  dockerMissing,
  ensureTestImage,
  removeTestContainers,
  runContainer,
  testName,
} from '../../lib/docker.ts'
import { openPage } from '../../lib/pages/open.ts'

const missing = dockerMissing()
test.skip(missing !== null, missing ?? '')

let console_: ConsoleProcess
test.beforeEach(async () => {
  ensureTestImage()
  removeTestContainers()
  console_ = await startConsole()
})
test.afterEach(async () => {
  await console_.stop()
  removeTestContainers()
})

test('one click restarts a container of the real engine', async ({ page }) => {
  const id = runContainer('web', ['sleep', '1000'])
  const startedAt = () => docker('inspect', '-f', '{{.State.StartedAt}}', id)
  const before = startedAt()
  await openPage(page, console_.url, '/services')
  await page.getByRole('row', { name: testName('web') }).hover()
  await page.getByRole('button', { name: `Restart ${testName('web')}` }).click()
  await expect.poll(startedAt, { timeout: 20_000 }).not.toBe(before)
  await expect(page.getByRole('button', { name: `Restart ${testName('web')}` })).toBeEnabled()
})
