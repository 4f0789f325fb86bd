import { expect, test } from '@playwright/test'
import { openPage } from '../../lib/pages/open.ts'
import { hub } from '../../lib/scripted-hub.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain(hub())
})
test.afterEach(() => main.stop())

test('the overview names what needs attention, worst first, each with its cause and one action', async ({ page }) => {
  await page.goto(main.url)
  const concerns = page.getByRole('region', { name: '3 things need attention' }).getByRole('listitem')
  await expect(concerns).toHaveCount(3)
  await expect(concerns.nth(0)).toContainText('worker')
  await expect(concerns.nth(1)).toContainText('it needed more memory than its limit')
  await expect(concerns.nth(2)).toContainText('its last 3 health checks failed')
  await expect(concerns.nth(2).getByRole('link', { name: 'Show health' })).toBeVisible()
  await concerns.nth(1).getByRole('button', { name: 'Restart plugin' }).click()
  await expect(page.getByRole('region', { name: '2 things need attention' })).toBeVisible()
  const changes = page.getByRole('region', { name: 'Last changes' })
  await expect(changes.getByRole('listitem')).toHaveCount(1)
  await expect(changes).toContainText('Restart plugin')
})

test('the figures count what there is and add up what was measured', async ({ page }) => {
  await page.goto(main.url)
  const figures = page.getByRole('region', { name: 'Figures' })
  await expect(figures.getByRole('definition')).toHaveText(['4', '2', '1', '2'])
  for (const name of ['gateway', 'redis', 'postgres', 'grafana']) {
    await expect.poll(() => main.docker.stats(name).readers).toBe(1)
    main.docker.stats(name).push({ time: 1000, cpuNanoseconds: 0, memoryBytes: 1024 ** 3 })
    main.docker.stats(name).push({ time: 2000, cpuNanoseconds: 250_000_000, memoryBytes: 1024 ** 3 })
  }
  await expect(figures).toContainText('CPU 100 %')
  await expect(figures).toContainText('Memory 4 GiB')
  await expect(figures).toContainText('sum of 4 running services')
})

test('when all is well it says since when; without Docker it says that first', async ({ page }) => {
  main.docker.set('plugin', 'running', 'start')
  main.docker.set('worker', 'running', 'start')
  main.docker.set('redis', { health: 'healthy' }, 'health_status')
  await page.goto(main.url)
  await expect(page.getByRole('heading', { name: 'All is well' })).toBeVisible()
  await expect(page.getByText(/^Since .+: nothing failed, nothing is unhealthy\.$/)).toBeVisible()
  main.docker.goUnreachable()
  await expect(page.getByRole('alert')).toContainText('Docker does not answer')
})

const image = (digit: string, tags: string[], sizeBytes: number) => ({
  id: `sha256:${digit.repeat(64)}`,
  tags,
  sizeBytes,
  createdAt: Date.UTC(2026, 0, 1),
})

test('images are filtered, and removed by name', async ({ page }) => {
  main.docker.images.push(
    image('c', ['redis:7'], 40e6),
    image('d', [], 461e6),
    image('e', ['old/app:1', 'old/app:2'], 1e9),
  )
  await openPage(page, main.url, '/images')
  const rows = page.getByRole('grid', { name: 'Images' }).getByRole('row')
  await expect(rows).toHaveCount(4)
  await expect(rows.nth(1)).toContainText('old/app:1, old/app:2')
  await expect(page.getByText('3 images, 1.5 GB')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('old')
  await expect(rows).toHaveCount(2)
  await page.getByRole('checkbox', { name: 'Select old/app:1' }).click()
  await page.getByRole('button', { name: 'Remove…' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Remove old/app:1?' })
  await expect(dialog).toContainText('It frees up to 1 GB')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('Removed old/app:1')).toBeVisible()
  await expect(page.getByText('Nothing matches the filter')).toBeVisible()
})

test('a prune shows exactly what goes, and takes exactly that', async ({ page }) => {
  main.docker.images.push(image('d', [], 461e6), image('e', ['old/app:1'], 1e9))
  await openPage(page, main.url, '/images')
  await page.getByRole('button', { name: 'Prune…' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Prune images' })
  await expect(dialog.getByRole('listitem')).toHaveText(['dddddddddddd · 461 MB'])
  await dialog.getByText('Without a container').click()
  await expect(dialog.getByRole('listitem')).toHaveCount(2)
  await expect(dialog).toContainText('2 images go and free up to 1.5 GB:')
  await dialog.getByText('Without a tag').click()
  await expect(dialog.getByRole('listitem')).toHaveCount(1)
  // What appears while the dialog stands open was not shown, so it stays.
  main.docker.images.push(image('f', [], 5e6))
  await dialog.getByRole('button', { name: 'Remove 1 image' }).click()
  await expect(page.getByText('Removed dddddddddddd')).toBeVisible()
  expect(main.docker.calls.filter((call) => call.startsWith('removeImage'))).toEqual([
    `removeImage sha256:${'d'.repeat(64)}`,
  ])
})
