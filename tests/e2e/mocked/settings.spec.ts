import { expect, type Page, test } from '@playwright/test'
import type { StoreState } from '../../../app/shared/contracts/store.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain({ db: 'running' })
})
test.afterEach(() => main.stop())

async function openSettings(page: Page, section = ''): Promise<void> {
  await page.goto(main.url)
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible()
  if (section) await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: section }).click()
}

test('a setting takes effect at once and is written in the audit trail', async ({ page }) => {
  await openSettings(page)
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('combobox', { name: 'Language' }).click()
  await page.getByRole('option', { name: '简体中文' }).click()
  await expect(page.getByRole('heading', { name: '审计记录' })).toBeVisible()
  await page.getByRole('row', { name: /settings.set theme/ }).dblclick()
  await expect(page.getByRole('dialog').getByText('"dark"')).toBeVisible()
})

test('search leaves what matches, and says so when nothing does', async ({ page }) => {
  await openSettings(page)
  await page.keyboard.press('/')
  await page.keyboard.type('backup')
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['Data'])
  await page.getByRole('searchbox', { name: 'Search settings' }).fill('unicorn')
  await expect(page.getByRole('heading', { name: 'No setting matches' })).toBeVisible()
})

test('the Docker endpoint is chosen, and whether it answers is beside it', async ({ page }) => {
  await openSettings(page, 'Docker')
  await page.getByRole('radio', { name: 'Address' }).check()
  await page.getByRole('textbox', { name: 'Address of the engine' }).fill('tcp://10.0.0.9:2375')
  await page.getByRole('button', { name: 'Use this address' }).click()
  await expect.poll(() => main.docker.calls).toContain('setEndpoint {"kind":"address","address":"tcp://10.0.0.9:2375"}')
  await expect(page.getByRole('status').filter({ hasText: 'Connected to' })).toBeVisible()
})

test('a backup is made, and restored after the page has said what is lost', async ({ page }) => {
  await openSettings(page, 'Data')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect(page.getByText(/Backup pilothouse-.* made/)).toBeVisible()
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page
    .getByRole('button', { name: /^Restore pilothouse-/ })
    .first()
    .click()
  const dialog = page.getByRole('alertdialog', { name: /Restore the backup of/ })
  await expect(dialog).toContainText('What was changed since')
  await dialog.getByRole('button', { name: 'Restore' }).click()
  await expect(page.locator('html')).not.toHaveAttribute('data-theme')
  await expect(page.getByRole('row', { name: /store.restore/ })).toBeVisible()
})

test('the audit trail is verified, and a broken line is named', async ({ page }) => {
  await openSettings(page, 'Audit trail')
  await page.getByRole('button', { name: 'Verify the trail' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'unbroken' })).toBeVisible()
  main.answer('audit', 'verify', () => ({ kind: 'broken', sequence: 7, reason: 'removed' }))
  await page.getByRole('button', { name: 'Verify the trail' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Line 7 was removed.' })).toBeVisible()
})

test('the log is filtered by level and text, live', async ({ page }) => {
  const line = (message: string, level: 'info' | 'error') => ({
    time: 0,
    level,
    feature: 'docker',
    message,
    fields: '{}',
  })
  main.emit('appLog', 'lines', { kind: 'snapshot', lines: [line('connected', 'info'), line('lost', 'error')] })
  await openSettings(page, 'Console log')
  const rows = page.getByRole('grid', { name: 'Console log' }).getByRole('row')
  await expect(rows.filter({ hasText: 'docker' })).toHaveCount(2)
  await page.getByRole('combobox', { name: 'Level' }).click()
  await page.getByRole('option', { name: 'Errors', exact: true }).click()
  main.emit('appLog', 'lines', { kind: 'lines', lines: [line('lost again', 'error'), line('back', 'info')] })
  await expect(rows.filter({ hasText: 'docker' })).toContainText(['lost again', 'lost'])
})

const backup = { name: 'pilothouse-20260101T000000000Z.db', at: Date.UTC(2026, 0, 1), sizeBytes: 90_000 }
const damaged: StoreState = {
  kind: 'damaged',
  file: '/data/pilothouse.db',
  reason: 'malformed',
  backups: [backup],
}

test('a damaged database takes every page, and a backup brings them back', async ({ page }) => {
  main.emit('store', 'state', damaged)
  main.answer('store', 'restore', () => undefined)
  main.answer('store', 'startEmpty', () => undefined)
  await page.goto(main.url)
  await expect(page.getByRole('alert').filter({ hasText: 'The database is damaged' })).toBeVisible()
  await page.getByRole('button', { name: `Restore ${backup.name}` }).click()
  await page.getByRole('button', { name: 'Start empty…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Start empty' }).click()
  await expect
    .poll(() => main.calls.filter(({ path }) => path.startsWith('store.')))
    .toEqual([
      { path: 'store.restore', input: { name: backup.name } },
      { path: 'store.startEmpty', input: undefined },
    ])
})
