import { expect, type Page, test } from '@playwright/test'
import { defaultSettings } from '../../../app/shared/contracts/settings.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'
import {
  crashedPlatform,
  platformState,
  restartingPlatform,
  stoppedPlatform,
  takenPlatform,
} from '../../lib/platform-samples.ts'
import { type Scene, screen } from '../../lib/screens.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

const bar = (page: Page) => page.getByRole('region', { name: 'Status' })
const entry = (page: Page) => bar(page).getByRole('button', { name: /^Platform/ })

test.describe('the local platform', () => {
  let main: ScriptedMain
  test.beforeEach(async () => {
    main = await startScriptedMain({ db: 'running' })
  })
  test.afterEach(() => main.stop())

  test('its ports are listed with what they answer, and it is restarted by one click', async ({ page }) => {
    main.emit('platform', 'state', platformState())
    main.answer('platform', 'restart', () => main.emit('platform', 'state', restartingPlatform()))
    await openPage(page, main.url, '/services')
    await page.getByRole('link', { name: 'Local platform' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Local platform')
    await expect(page.getByRole('complementary')).toHaveCount(0)
    const row = page.getByRole('row', { name: /Gateway/ })
    for (const words of ['listening', 'http://127.0.0.1:8000', '4.2', '18,204']) await expect(row).toContainText(words)
    await page.getByRole('button', { name: 'Restart' }).click()
    await expect(page.getByText('Calls under way may finish; new ones wait.')).toBeVisible()
    await expect(row).toContainText('waiting')
    main.emit('platform', 'state', platformState())
    await expect(row).toContainText('listening')
    await page.getByRole('link', { name: 'Containers' }).click()
    await expect(page.getByRole('row', { name: /db/ })).toBeVisible()
  })

  test('a taken port says who has it, in the list, in the bar and among what needs attention', async ({ page }) => {
    main.emit('platform', 'state', takenPlatform())
    await openPage(page, main.url, '/overview')
    await expect(page.getByRole('heading', { name: '1 thing needs attention' })).toBeVisible()
    await expect(page.getByText('2 of its ports are taken: 8001, 8080.')).toBeVisible()
    await expect(entry(page)).toContainText(':8000 2 ports taken')
    await goTo(page, '/services/platform')
    await expect(page.getByRole('row', { name: /Config centre/ })).toContainText('taken by python3 (process 4120)')
    await expect(page.getByRole('row', { name: /Coze API/ })).toContainText('taken by another process')
    await entry(page).click()
    const panel = page.getByRole('dialog', { name: 'Local platform' })
    await expect(panel).toContainText('taken by python3 (process 4120)')
    await panel.getByRole('link', { name: 'Change the ports' }).click()
    await expect(page).toHaveURL(/#\/settings\/localPlatform$/)
  })

  test('a crash is told with its reason and when it starts again', async ({ page }) => {
    const state = crashedPlatform()
    const crashed = state.state.kind === 'crashed' ? { ...state.state, retryAt: Date.now() + 60_000 } : state.state
    main.emit('platform', 'state', { ...state, state: crashed })
    main.answer('platform', 'restart', () => undefined)
    await openPage(page, main.url, '/overview')
    await expect(page.getByText('the worker ran out of memory')).toBeVisible()
    await goTo(page, '/services/platform')
    await expect(page.getByText(/Starts again in (59|58|57) s\./)).toBeVisible()
    await expect(page.getByText('It has crashed 3 times')).toBeVisible()
    await page.getByRole('button', { name: 'Start now' }).click()
    await expect.poll(() => main.inputsOf('platform.restart').length).toBe(1)
  })

  test('where it is off, it says how to turn it on', async ({ page }) => {
    main.emit('platform', 'state', stoppedPlatform())
    main.emit('settings', 'updates', { ...defaultSettings, platformPorts: { kind: 'off' } })
    main.answer('settings', 'set', () => undefined)
    await openPage(page, main.url, '/services')
    await goTo(page, '/services/platform')
    await page.getByRole('button', { name: 'Turn on' }).click()
    await expect.poll(() => main.inputsOf('settings.set')).toEqual([{ platformPorts: { kind: 'default' } }])
  })

  test('its settings take effect at once', async ({ page }) => {
    main.emit('platform', 'state', platformState())
    const changes: unknown[] = []
    main.emit('settings', 'updates', defaultSettings)
    main.answer('settings', 'set', (input) => {
      changes.push(input)
      main.emit('settings', 'updates', { ...defaultSettings, ...(input as object) })
    })
    await openPage(page, main.url, '/settings')
    await goTo(page, '/settings/localPlatform')
    await page.getByRole('radio', { name: 'From a port on' }).check()
    const base = page.getByRole('textbox', { name: 'First of six ports' })
    await base.fill('70000')
    await expect(page.getByText('A whole number from 1 to 65530.')).toBeVisible()
    await base.fill('18000')
    await expect(page.getByText('Ports 18000–18005')).toBeVisible()
    await page.getByRole('button', { name: 'Use these ports' }).click()
    await page.getByRole('switch', { name: /Plugins may call this machine/ }).click()
    await expect
      .poll(() => changes)
      .toEqual([{ platformPorts: { kind: 'base', base: 18000 } }, { pluginsMayCallLoopback: false }])
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('metadata')
    await expect(page.getByRole('heading', { level: 3 })).toHaveText(['Plugins may call private networks'])
  })
})

test.describe('pictured', () => {
  test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
  test.slow()
  async function open({ page, main }: Scene, state = platformState()) {
    main.emit('platform', 'state', state)
    await openPage(page, main.url, '/services')
    await goTo(page, '/services/platform')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Local platform')
  }
  screen('platform', { chinese: true, dark: true, small: true }, (scene) => open(scene))
  screen('platform-taken', { chinese: true, small: true }, async (scene) => {
    await open(scene, takenPlatform())
    await entry(scene.page).click()
    await expect(scene.page.getByRole('dialog', { name: 'Local platform' })).toBeVisible()
  })
  screen('platform-crashed', { chinese: true, dark: true }, (scene) => open(scene, crashedPlatform()))
  screen('platform-off', { chinese: true }, (scene) => open(scene, stoppedPlatform()))
  screen('platform-restarting', {}, (scene) => open(scene, restartingPlatform()))
  screen('overview-platform-crashed', { chinese: true }, async ({ page, main }) => {
    main.emit('platform', 'state', crashedPlatform())
    await page.goto(main.url)
    await expect(page.getByRole('link', { name: 'Local platform' })).toBeVisible()
  })
  screen('settings-platform', { chinese: true, dark: true }, async ({ page, main }) => {
    await openPage(page, main.url, '/settings')
    await goTo(page, '/settings/localPlatform')
    await page.getByRole('radio', { name: 'From a port on' }).check()
    await expect(page.getByRole('textbox', { name: 'First of six ports' })).toBeVisible()
  })
})
