import { expect, test } from '@playwright/test'
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
