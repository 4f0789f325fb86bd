import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type ConsoleProcess, runCommand, startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { goTo } from '../../lib/pages/open.ts'
import { pluginsPage } from '../../lib/pages/plugins-page.ts'
import { tryItPage } from '../../lib/pages/try-it-page.ts'
import { startTides, writeTidesPackage } from '../../lib/tides.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
let folder: string
let base: number
let console_: ConsoleProcess
let tides: Awaited<ReturnType<typeof startTides>>

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-plugins-'))
  base = await freePorts(6)
  console_ = await startConsole({ data: join(folder, 'data'), platform: ['--port-base', String(base)], env })
  tides = await startTides()
})
test.afterEach(async () => {
  if (console_.child.exitCode === null) await console_.stop()
  tides.stop()
  rmSync(folder, { recursive: true, force: true })
})
const invoke = (operation: string, body: object) =>
  fetch(`http://127.0.0.1:${base + 5}/api/plugin/invoke/tides/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('an operator brings a folder, reads what was found, activates it, and calls a tool from its form', async ({
  page,
}) => {
  const plugins = pluginsPage(page)
  await plugins.open(console_.url)
  await expect(page.getByText('No plugins yet')).toBeVisible()

  await page.getByRole('button', { name: 'More' }).first().click()
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('menuitem', { name: 'Import a folder…' }).click()
  await (await chosen).setFiles(writeTidesPackage(folder, tides.url))
  await expect(plugins.dialog).toContainText('Tide tables')
  await expect(plugins.dialog).toContainText('unsigned')
  // Read, but not in use before somebody says so.
  expect((await invoke('high_water', { harbour: 'Husum' })).status).toBe(409)
  await plugins.dialog.getByRole('button', { name: 'Activate 1 plugin' }).click()
  await expect(page.getByText('Activated Tide tables')).toBeVisible()
  await expect(plugins.row('Tide tables')).toContainText('active')

  const tryIt = tryItPage(page)
  await goTo(page, '/plugins/7001/tools/high_water')
  await tryIt.field('harbour').fill('Husum')
  await tryIt.send.click()
  await expect(tryIt.response).toContainText('04:12')
  await expect(tryIt.response).toContainText('200')
  expect(tides.heard.at(-1)?.url).toBe('/tides?harbour=Husum')

  // The same call as a command of a shell does the same.
  await tryIt.mode('Code').click()
  await expect(tryIt.drawer).toContainText('curl')
  await tryIt.mode('Form').click()
  await expect(tryIt.history).toContainText('200')

  const answered = await (await invoke('high_water', { harbour: 'Husum' })).json()
  expect(answered).toMatchObject({ success: true, data: { harbour: 'Husum' } })
  await goTo(page, '/plugins/7001/calls')
  await expect(plugins.drawer.getByText('high_water').nth(1)).toBeVisible()
})

test('a watched folder follows its files, and a bad edit keeps the last good version', async ({ page }) => {
  const root = writeTidesPackage(folder, tides.url)
  const plugins = pluginsPage(page)
  await plugins.open(console_.url)
  await page.getByRole('button', { name: 'More' }).first().click()
  await page.getByRole('menuitem', { name: 'Watched folders…' }).click()
  await plugins.dialog.getByRole('textbox').fill(root)
  await plugins.dialog.getByRole('button', { name: /^Watch/ }).click()
  await expect.poll(async () => (await invoke('high_water', { harbour: 'Husum' })).status).toBe(200)

  const file = join(root, 'tides.yaml')
  const good = readFileSync(file, 'utf8')
  writeFileSync(file, good.replace('name: harbour', 'name: port'))
  await expect.poll(async () => (await invoke('high_water', { port: 'Husum' })).status).toBe(200)
  writeFileSync(file, 'openapi: [')
  await expect(plugins.dialog).toContainText(/tides\.yaml:1/)
  expect((await invoke('high_water', { port: 'Husum' })).status).toBe(200)
  const reloaded = await fetch(`http://127.0.0.1:${base + 5}/admin/reload-plugins`, { method: 'POST' })
  expect((await reloaded.json()).failed).toEqual([expect.objectContaining({ plugin: expect.any(String) })])
})

test('the local platform is shown, named when a port is taken, and restarted with one click', async ({ page }) => {
  await runCommand(['plugins', 'import', writeTidesPackage(folder, tides.url), '--data', console_.data], env)
  const plugins = pluginsPage(page)
  await plugins.open(console_.url)
  await goTo(page, '/services/platform')
  await expect(page.getByText(`127.0.0.1:${base + 5}`).first()).toBeVisible()
  const before = (await (await fetch(`http://127.0.0.1:${base}/metrics`)).text()).match(
    /process_start_time_seconds (\S+)/,
  )
  expect(before).not.toBeNull()
  await page
    .getByRole('button', { name: /^Restart/ })
    .first()
    .click()
  await expect
    .poll(async () => (await fetch(`http://127.0.0.1:${base + 5}/ready`).catch(() => null))?.status ?? 0)
    .toBe(200)
  expect((await invoke('high_water', { harbour: 'Husum' })).status).toBe(200)
  expect(readFileSync(join(console_.data, 'logs/pilothouse.log'), 'utf8')).toContain('restart asked for')
})
