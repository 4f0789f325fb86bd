import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type ConsoleProcess, startConsole } from '../../lib/console.ts'
import { openPage } from '../../lib/pages/open.ts'
import { canMount, fillDisk, mountDisk } from '../../lib/small-disk.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
const running: ConsoleProcess[] = []
const undo: (() => void)[] = []
const start = async (data: string) => {
  const started = await startConsole({ data, env })
  running.push(started)
  return started
}
test.afterEach(async () => {
  for (const one of running.splice(0)) if (one.child.exitCode === null) await one.stop()
  for (const step of undo.splice(0)) step()
})

const theme = (page: Page) => page.locator('html')

test('a corrupted database is told on the screen, repaired by one click, and kept', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-store-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  const before = await start(folder)
  await openPage(page, before.url, '/settings')
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(theme(page)).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(page.getByText(/Backup pilothouse-.* made/)).toBeVisible()
  await before.stop()
  const file = join(folder, 'pilothouse.db')
  writeFileSync(file, readFileSync(file).fill(0x5a, 4096))

  const after = await start(folder)
  await page.goto(after.url)
  await expect(page.getByRole('alert').filter({ hasText: 'The database is damaged' })).toBeVisible()
  await page
    .getByRole('button', { name: /^Restore pilothouse-/ })
    .first()
    .click()
  await expect(theme(page)).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByRole('heading', { name: 'The database is damaged' })).toBeHidden()
  expect(readdirSync(folder).filter((name) => name.includes('before-restore'))).toHaveLength(1)
})

test('a full disk refuses a change with what to do, and takes it once there is space', async ({ page }) => {
  test.skip(!canMount, 'only root on Linux can mount a small disk')
  const { folder, unmount } = mountDisk(4096)
  undo.push(unmount)
  const console_ = await start(folder)
  await openPage(page, console_.url, '/settings')
  const free = fillDisk(folder)
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'is full; nothing was changed' })).toBeVisible()
  await expect(theme(page)).not.toHaveAttribute('data-theme')
  free()
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(theme(page)).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: 'Verify the trail' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'unbroken' })).toBeVisible()
})
