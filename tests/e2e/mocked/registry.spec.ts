import { expect, type Page, test } from '@playwright/test'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { sampleInstances } from '../../lib/registry-samples.ts'
import { type Scene, screen } from '../../lib/screens.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

const row = (page: Page, url: string) => page.getByRole('row', { name: url })

test.describe('the registry', () => {
  let main: ScriptedMain
  test.beforeEach(async () => {
    main = await startScriptedMain({ db: 'running' })
  })
  test.afterEach(() => main.stop())

  test('services are listed by instance, follow main, and are taken out after a question', async ({ page }) => {
    main.emit('registry', 'updates', { kind: 'snapshot', instances: sampleInstances() })
    main.answer('registry', 'remove', (input) => {
      const removed = [...(input as { ids: string[] }).ids]
      main.emit('registry', 'updates', { kind: 'change', upserted: [], removed })
    })
    await openPage(page, main.url, '/services')
    await expect(page.getByRole('link', { name: /^Services/ })).toContainText('1')
    await page.getByRole('link', { name: 'Registry' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Registry')
    const first = row(page, 'http://127.0.0.1:9000')
    for (const words of ['healthy', '1.4.0', '48,210', '3']) await expect(first).toContainText(words)
    await expect(row(page, 'http://127.0.0.1:9002')).toContainText('/healthz answered 503')
    const [core] = sampleInstances()
    main.emit('registry', 'updates', { kind: 'change', upserted: [{ ...core!, requests: 50_000 }], removed: [] })
    await expect(first).toContainText('50,000')

    await row(page, 'http://127.0.0.1:9100').hover()
    await page.getByRole('button', { name: 'Take out http://127.0.0.1:9100' }).click()
    const question = page.getByRole('alertdialog', { name: 'Take http://127.0.0.1:9100 out of billing?' })
    await question.getByRole('button', { name: 'Cancel' }).click()
    await expect(row(page, 'http://127.0.0.1:9100')).toHaveCount(1)
    await page.getByRole('checkbox', { name: 'Select http://127.0.0.1:9100' }).click()
    await page.getByRole('checkbox', { name: 'Select http://127.0.0.1:9002' }).click()
    await page.getByRole('button', { name: 'Take out', exact: true }).click()
    const both = page.getByRole('alertdialog', { name: 'Take 2 instances out?' })
    await expect(both.getByRole('listitem')).toHaveText([/http:\/\/127\.0\.0\.1:9/, /http:\/\/127\.0\.0\.1:9/])
    await both.getByRole('button', { name: 'Take out' }).click()
    await expect(row(page, 'http://127.0.0.1:9100')).toHaveCount(0)
    const asked = main.inputsOf('registry.remove')
    expect(asked).toEqual([{ ids: expect.arrayContaining(['billing-9100', 'core-9002']) }])
  })
})

test.describe('pictured', () => {
  test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
  test.slow()
  async function open({ page, main }: Scene, instances = sampleInstances()) {
    main.emit('registry', 'updates', { kind: 'snapshot', instances })
    await openPage(page, main.url, '/services')
    await goTo(page, '/services/registry')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Registry')
  }
  screen('registry', { chinese: true, dark: true, small: true }, (scene) => open(scene))
  screen('registry-empty', { chinese: true, small: true }, async (scene) => {
    await open(scene, [])
    await expect(scene.page.getByRole('button', { name: 'Copy the command' })).toBeVisible()
  })
  screen('registry-taking-out', {}, async (scene) => {
    await open(scene)
    await row(scene.page, 'http://127.0.0.1:9100').hover()
    await scene.page.getByRole('button', { name: 'Take out http://127.0.0.1:9100' }).click()
    await expect(scene.page.getByRole('alertdialog')).toBeVisible()
  })
})
