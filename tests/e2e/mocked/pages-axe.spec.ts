import { expect, test } from '@playwright/test'
import { expectNoAxeFindings } from '../../lib/axe.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { hub } from '../../lib/scripted-hub.ts'
import { startScriptedMain } from '../../lib/scripted-main.ts'

for (const language of ['en', 'zh-CN'] as const) {
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing on services, images and the overview: ${language}, ${theme}`, async ({ page }) => {
      test.setTimeout(180_000)
      await page.emulateMedia({ reducedMotion: 'reduce' })
      const main = await startScriptedMain(hub())
      main.docker.images.push({ id: `sha256:${'d'.repeat(64)}`, tags: [], sizeBytes: 461e6, createdAt: 0 })
      main.emit('settings', 'updates', {
        language,
        theme,
        dockerEndpoint: { kind: 'auto' },
        startAtLogin: false,
        closeToTray: true,
        notifications: true,
        pinnedServices: [main.docker.id('gateway')],
      })
      const id = main.docker.id('postgres')
      const look = (where: string) => expectNoAxeFindings(page, where)
      const row = page.locator(`[data-key="${id}"]`)

      await openPage(page, main.url, '/overview')
      await expect(page.locator('main section').first()).toBeVisible()
      await look('overview')
      await goTo(page, '/services')
      await row.hover()
      await look('services')
      await row.getByRole('button').last().click()
      await expect(page.getByRole('menu')).toBeVisible()
      await look('menu')
      await page.getByRole('menuitem').last().click()
      await expect(page.getByRole('alertdialog').getByRole('checkbox')).toBeVisible()
      await page.getByRole('alertdialog').getByRole('checkbox').click()
      await look('removal')
      await page.keyboard.press('Escape')
      await row.focus()
      await page.keyboard.press('x')
      for (const tab of ['summary', 'logs', 'terminal', 'configuration', 'health', 'changes']) {
        await goTo(page, `/services/${id}/${tab}`)
        await expect(page.getByRole('complementary').locator('a[aria-current]')).toBeVisible()
        await look(tab)
      }
      await goTo(page, '/images')
      await expect(page.getByRole('grid').getByRole('row')).toHaveCount(2)
      await look('images')
      await page.locator('main button:has(.lucide-brush)').click()
      await expect(page.getByRole('alertdialog').getByRole('listitem')).toHaveCount(1)
      await look('prune')
      await page.keyboard.press('Escape')
      main.docker.goUnreachable()
      await goTo(page, '/services')
      await expect(page.getByRole('alert')).toBeVisible()
      await look('stale')
      await main.stop()
    })
  }
}
