import { expect, type Page, test } from '@playwright/test'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { servicesPage } from '../../lib/pages/services-page.ts'
import { hub } from '../../lib/scripted-hub.ts'
import { startScriptedMain } from '../../lib/scripted-main.ts'

test('a whole round without a mouse: find, open, restart, pause, select, remove', async ({ page }) => {
  const main = await startScriptedMain(hub())
  const services = servicesPage(page)
  await services.open(main.url)
  const press = (key: string) => page.keyboard.press(key)
  await expect(services.row('grafana')).toBeVisible()

  await press('/')
  await page.keyboard.type('project:monitoring')
  await expect.poll(services.names).toEqual(['grafana', 'worker'])
  for (
    let i = 0;
    i < 12 && !(await services.group('monitoring').evaluate((it) => it === document.activeElement));
    i++
  ) {
    await press('Tab')
  }
  await expect(services.group('monitoring')).toBeFocused()
  await press('j')
  await expect(services.row('grafana')).toBeFocused()

  await press('r')
  await expect(page.getByText('Restarted grafana')).toBeVisible()
  await expect(services.row('grafana')).toContainText('running')
  await press('p')
  await expect(services.row('grafana')).toContainText('paused')
  await press('p')
  await expect(services.row('grafana')).toContainText('running')
  await press('s')
  await expect(services.row('grafana')).toContainText('exited (143)')
  await press('s')
  await expect(services.row('grafana')).toContainText('running')

  await press('Enter')
  await expect(services.drawer.getByRole('heading', { name: 'grafana' })).toBeVisible()
  await press('Escape')
  await expect(services.drawer).toHaveCount(0)
  await expect(services.row('grafana')).toBeFocused()

  await press('x')
  await press('ArrowDown')
  await press(' ')
  await expect(page.getByText('2 selected')).toBeVisible()
  await press('Delete')
  await expect(services.dialog).toContainText('Remove 2 services?')
  await press('Escape')
  await expect(services.dialog).toHaveCount(0)
  await press('Delete')
  await expect(services.dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await expect(services.dialog).toContainText('Lost')
  await press('Tab')
  await expect(services.dialog.getByRole('button', { name: 'Remove' })).toBeFocused()
  await press('Enter')
  await expect(page.getByText('Removed 2 services')).toBeVisible()
  await expect(page.getByText('Nothing matches the filter')).toBeVisible()
  await main.stop()
})

/**
 * What is on the page and can be pressed, but where Tab does not come. Within a list only the present row has tab
 * stops, and of radio buttons only the chosen one: there the arrows lead on.
 */
async function unreached(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const visible = (it: HTMLElement) => it.checkVisibility() && it.getClientRects().length > 0
    const wanted = [...document.querySelectorAll<HTMLElement>('button, a[href], input, textarea, [role=combobox]')]
    for (const it of document.querySelectorAll('[data-reached]')) it.removeAttribute('data-reached')
    for (const it of wanted) {
      const roving = it.closest('[role=row]') !== null || it.matches('input[type=radio]:not(:checked)')
      const off = it.matches(':disabled, [aria-hidden=true], [data-base-ui-focus-guard]')
      if (visible(it) && !roving && !off) it.dataset['reached'] = 'no'
    }
    document.body.tabIndex = -1
    document.body.focus()
  })
  const left = () =>
    page
      .locator('[data-reached=no]')
      .evaluateAll((all) => all.map((it) => it.getAttribute('aria-label') ?? it.outerHTML))
  const most = (await left()).length + 120
  for (let i = 0; i < most && (await left()).length > 0; i++) {
    await page.keyboard.press('Tab')
    await page.evaluate(() => document.activeElement?.setAttribute('data-reached', 'yes'))
  }
  return left()
}

test('Tab comes to every control of every page and of every tab of the drawer', async ({ page }) => {
  test.slow()
  const main = await startScriptedMain(hub())
  await openPage(page, main.url, '/overview')
  await expect(page.getByRole('button', { name: 'Restart plugin' })).toBeVisible()
  expect(await unreached(page), 'overview').toEqual([])
  for (const path of ['/services', '/plugins', '/images', '/settings']) {
    await goTo(page, path)
    await expect(page.getByRole('navigation', { name: 'Pages' }).locator(`a[href="#${path}"]`)).toHaveAttribute(
      'aria-current',
      'page',
    )
    expect(await unreached(page), path).toEqual([])
  }
  const tabs = {
    summary: 'unless stopped',
    logs: 'No output yet',
    configuration: 'POSTGRES_USER',
    health: 'no response',
  }
  for (const [tab, says] of Object.entries(tabs)) {
    await goTo(page, `/services/${main.docker.id('postgres')}/${tab}`)
    await expect(page.getByRole('complementary')).toContainText(says)
    expect(await unreached(page), tab).toEqual([])
  }
  await main.stop()
})

test('without a mouse: the palette, a row’s menu, a dialog, a tab of the drawer, a setting', async ({ page }) => {
  const main = await startScriptedMain(hub())
  const services = servicesPage(page)
  await services.open(main.url)
  await expect(services.row('postgres')).toBeVisible()
  const press = (key: string) => page.keyboard.press(key)
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
  const tabTo = async (name: string) => {
    for (let i = 0; i < 60 && (await focused()) !== name; i++) await press('Tab')
    expect(await focused()).toBe(name)
  }

  await press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused()
  await page.keyboard.type('postgres')
  await expect(page.getByRole('option', { selected: true })).toContainText('postgres')
  await press('Enter')
  await expect(services.drawer.getByRole('heading', { name: 'postgres' })).toBeVisible()
  await services.drawer.getByRole('link', { name: 'Configuration' }).focus()
  await press('Enter')
  await tabTo('Reveal POSTGRES_PASSWORD')
  await press('Enter')
  await expect(services.drawer).toContainText('correct horse')

  await press('Escape')
  await expect(services.drawer).toHaveCount(0)
  await services.row('grafana').focus()
  await tabTo('Actions for grafana')
  await press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.type('ren')
  await press('Enter')
  await expect(services.dialog.getByRole('textbox', { name: 'New name' })).toBeFocused()
  await press('Control+a')
  await page.keyboard.type('dashboards')
  await press('Enter')
  await expect(services.row('dashboards')).toBeVisible()

  await press('Control+8')
  await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible()
  await page.getByRole('radio', { name: 'Follow the system' }).focus()
  await press('ArrowRight')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await main.stop()
})
