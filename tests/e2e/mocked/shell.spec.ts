import { expect, test } from '@playwright/test'
import { openPage } from '../../lib/pages/open.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain({
    db: 'running',
    web: { state: { kind: 'stopped', exitCode: 1, outOfMemory: false, finishedAt: 0 } },
  })
})
test.afterEach(() => main.stop())

test('the rail says how many services need attention', async ({ page }) => {
  await openPage(page, main.url, '/services')
  await expect(
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Services' }),
  ).toHaveAccessibleName('Services 1 needs attention')
  main.docker.set('web', 'running', 'start')
  await expect(page.getByRole('link', { name: 'Services' })).toHaveAccessibleName('Services')
})

test('a dropped link comes back by itself, and with it what changed meanwhile', async ({ page }) => {
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('row', { name: /db/ })).toBeVisible()
  main.dropLinks()
  main.docker.add('cache', 'running')
  await expect(page.getByRole('row', { name: /cache/ })).toBeVisible()
})

test('while the console is away the last state stays, marked as old', async ({ page }) => {
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('row', { name: /db/ })).toBeVisible()
  await main.goAway()
  await expect(page.getByRole('status').filter({ hasText: 'does not answer' })).toBeVisible()
  await expect(page.getByRole('row', { name: /db/ })).toBeVisible()
})

test('a browser that the console does not know is told what to do', async ({ page }) => {
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('row', { name: /db/ })).toBeVisible()
  await main.goAway()
  await main.comeBack()
  await expect(page.getByRole('heading', { name: 'This link has already been used' })).toBeVisible()
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('row', { name: /db/ })).toBeVisible()
})
