import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type ConsoleProcess, startConsole } from '../../lib/console.ts'
import { dockerMissing, ensureTestImage, removeTestContainers, runContainer, testName } from '../../lib/docker.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'

const missing = dockerMissing()
test.skip(missing !== null, missing ?? '')

let folder: string
let running: ConsoleProcess[] = []
test.beforeEach(() => {
  ensureTestImage()
  removeTestContainers()
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-cut-'))
})
test.afterEach(async () => {
  for (const one of running) if (one.child.exitCode === null && one.child.signalCode === null) await one.stop()
  running = []
  removeTestContainers()
  rmSync(folder, { recursive: true, force: true })
})

test('a console killed during an action says so at its next start, in notices, tasks and the audit trail', async ({
  page,
}) => {
  // It ignores the polite signal, so that the restart lasts as long as its grace.
  runContainer('deaf', ['sh', '-c', 'trap "" TERM; while true; do sleep 1; done'])
  const first = await startConsole({ data: folder })
  running.push(first)
  await openPage(page, first.url, '/services')
  // Others may run containers on this engine: only ours is on screen for sure.
  await page.getByRole('searchbox', { name: 'Filter services' }).fill(testName('deaf'))
  await page.getByRole('row', { name: testName('deaf') }).hover()
  await page.getByRole('button', { name: `Restart ${testName('deaf')}` }).click()
  await expect(page.getByRole('row', { name: testName('deaf') })).toContainText('restarting')
  // The row says so at once; the trail knows of it a moment later, before Docker does.
  await goTo(page, '/settings/audit')
  await expect(page.getByRole('row', { name: /service\.restart/ })).toBeVisible()
  first.child.kill('SIGKILL')
  await first.stop()

  const second = await startConsole({ data: folder })
  running.push(second)
  await openPage(page, second.url, '/settings/audit')
  await expect(page.getByRole('row', { name: /service\.restart.*interrupted/ })).toBeVisible()
  await page.getByRole('button', { name: /notice/ }).click()
  await expect(page.getByRole('dialog')).toContainText(testName('deaf'))
})
