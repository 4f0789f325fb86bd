import { expect, test } from '@playwright/test'
import { servicesPage } from '../../lib/pages/services-page.ts'
import { hub } from '../../lib/scripted-hub.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain(hub())
})
test.afterEach(() => main.stop())

test('services stand in their projects, with states in words and ports as links', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await expect
    .poll(services.names)
    .toEqual(['gateway', 'plugin', 'postgres', 'redis', 'grafana', 'worker', 'load-generator', 'migrate'])
  await expect(services.group('ai-hub')).toContainText('211')
  for (const [name, words] of [
    ['plugin', 'exited (137) out of memory'],
    ['redis', 'unhealthy 3×'],
    ['worker', 'restarting (1)'],
    ['load-generator', 'paused'],
    ['migrate', 'exited (0)'],
  ] as const) {
    await expect(services.row(name)).toContainText(words)
  }
  const port = services.row('gateway').getByRole('link', { name: ':8080' })
  await expect(port).toHaveAttribute('href', 'http://localhost:8080')
  await expect(port).toHaveAttribute('target', '_blank')
  await expect(services.row('redis').getByRole('link')).toHaveCount(0)
})

test('a group folds, and its buttons act on all of it', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await services.group('ai-hub').click()
  await expect(services.row('gateway')).toHaveCount(0)
  await services.group('ai-hub').click()
  await page.getByRole('button', { name: 'Stop all of ai-hub' }).click()
  await expect(services.row('gateway')).toContainText('exited (143)')
  await expect(services.row('redis')).toContainText('exited (143)')
  await expect(page.getByText('Stopped 3 services')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(services.row('gateway')).toContainText('healthy')
  expect(main.docker.calls).not.toContain('start plugin')
})

test('the filter understands words, states and projects, and can be cleared', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await expect(services.row('redis')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('state:failed project:ai')
  await expect.poll(services.names).toEqual(['plugin'])
  await services.filter.fill('out of memory')
  await expect.poll(services.names).toEqual(['plugin'])
  await services.filter.fill('nonsense')
  await expect(page.getByText('8 services are hidden by the filter.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect.poll(async () => (await services.names()).length).toBe(8)
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Warning' }).click()
  await expect.poll(services.names).toEqual(['redis'])
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'All states' }).click()
  await page.getByRole('combobox', { name: 'Project' }).click()
  await page.getByRole('option', { name: 'No project' }).click()
  await expect.poll(services.names).toEqual(['load-generator', 'migrate'])
})

test('every row says what is being done to it, and what died appears by itself', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  const go = main.docker.holdNext('restart')
  await services.row('grafana').hover()
  await page.getByRole('button', { name: 'Restart grafana' }).click()
  await expect(services.row('grafana')).toContainText('restarting…')
  go()
  await expect(services.row('grafana')).toContainText('running')
  await expect(page.getByText('Restarted grafana')).toBeVisible()
  main.docker.set(
    'grafana',
    { state: { kind: 'stopped', exitCode: 1, outOfMemory: false, finishedAt: Date.now() } },
    'die',
  )
  await expect(services.row('grafana')).toContainText('exited (1)')
})

test('a selection is acted on together', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  for (const name of ['gateway', 'redis', 'migrate']) {
    await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
  }
  await expect(page.getByText('3 selected')).toBeVisible()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await expect(page.getByText('Stopped 2 services')).toBeVisible()
  await expect(services.row('gateway')).toContainText('exited (143)')
  await page.getByRole('button', { name: 'Clear the selection' }).click()
  await expect(page.getByText('3 selected')).toHaveCount(0)
})

test('a removal names what is lost and what stays, and is not done before', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await services.choose('postgres', 'Remove…')
  await expect(services.dialog).toContainText('Remove postgres?')
  await expect(services.dialog).toContainText('postgres is running and will be stopped.')
  await expect(services.dialog).toContainText('4.1 kB written inside the container')
  await expect(services.dialog).toContainText('ai-hub_pgdata')
  await expect(services.dialog).toContainText('ffffffffffff at /scratch, without an owner')
  const remove = services.dialog.getByRole('button', { name: 'Remove' })
  await services.dialog.getByRole('checkbox', { name: 'Also remove 1 anonymous volume' }).click()
  await expect(remove).toBeDisabled()
  await services.dialog.getByRole('textbox', { name: 'Type postgres to confirm' }).fill('postgres')
  expect(main.docker.calls.filter((call) => call.startsWith('remove'))).toEqual([])
  await remove.click()
  await expect(services.row('postgres')).toHaveCount(0)
  expect(main.calls.findLast(({ path }) => path === 'services.act')?.input).toMatchObject({
    action: { kind: 'remove', force: true, volumes: true },
  })
})

test('a rename is checked while it is typed', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await services.choose('grafana', 'Rename…')
  const name = services.dialog.getByRole('textbox', { name: 'New name' })
  await name.fill('redis')
  await expect(services.dialog).toContainText('Another container has this name.')
  await name.fill('no spaces')
  await expect(services.dialog.getByRole('button', { name: 'Rename' })).toBeDisabled()
  await name.fill('dashboards')
  await services.dialog.getByRole('button', { name: 'Rename' }).click()
  await expect(services.row('dashboards')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(services.row('grafana')).toBeVisible()
})

test('networks are joined and left', async ({ page }) => {
  main.docker.networks.push({ id: 'n1', name: 'monitoring_default', driver: 'bridge', scope: 'local' })
  const services = servicesPage(page)
  await services.open(main.url)
  await services.choose('redis', 'Connect to a network…')
  await services.dialog.getByRole('combobox', { name: 'Network' }).click()
  await page.getByRole('option', { name: 'monitoring_default' }).click()
  await services.dialog.getByRole('button', { name: 'Connect' }).click()
  await expect(page.getByText('Connected redis to the network')).toBeVisible()
  await services.row('redis').click()
  await services.drawer.getByRole('button', { name: 'Disconnect from monitoring_default' }).click()
  await expect(page.getByText('Disconnected redis from the network')).toBeVisible()
  expect(main.docker.calls.filter((call) => call.endsWith('redis'))).toEqual([
    'connectNetwork redis',
    'disconnectNetwork redis',
  ])
})

test('the drawer changes the restart policy in its place', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await services.row('postgres').click()
  await expect(services.drawer).toContainText('unless stopped')
  await services.drawer.getByRole('button', { name: 'Change' }).click()
  await services.drawer.getByRole('combobox', { name: 'Restart policy' }).click()
  await page.getByRole('option', { name: 'on failure' }).click()
  await services.drawer.getByRole('spinbutton', { name: 'At most' }).fill('5')
  await services.drawer.getByRole('button', { name: 'Save' }).click()
  await expect(services.drawer).toContainText('on failure, at most 5 times')
})

test('a hidden variable is revealed on request, recorded, and hides again', async ({ page }) => {
  await page.clock.install()
  const services = servicesPage(page)
  await services.open(main.url)
  const id = main.docker.id('postgres')
  await services.openTab(id, 'configuration')
  await expect(services.drawer).toContainText('POSTGRES_PASSWORD')
  await expect(services.drawer).not.toContainText('correct horse')
  await services.drawer.getByRole('button', { name: 'Reveal POSTGRES_PASSWORD' }).click()
  await expect(services.drawer).toContainText('correct horse')
  await page.clock.fastForward(31_000)
  await expect(services.drawer).not.toContainText('correct horse')
  await services.openTab(id, 'changes')
  await expect(services.drawer).toContainText('Reveal variables of postgres: POSTGRES_PASSWORD')
})

test('a container that goes leaves what was known of it, and its successor is offered', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  const id = main.docker.id('redis')
  await services.row('redis').click()
  await expect(services.drawer).toContainText('redis:7')
  await services.choose('redis', 'Recreate…')
  await services.dialog.getByRole('button', { name: 'Recreate' }).click()
  await expect(services.drawer).toContainText('redis was removed')
  await expect(services.drawer).toContainText('redis:7')
  await services.drawer.getByRole('link', { name: 'Open the new redis' }).click()
  await expect(services.drawer).not.toContainText('was removed')
  expect(main.docker.id('redis')).not.toBe(id)
})

test('an address of a container that is not there says so', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await services.openTab('0'.repeat(64), 'summary')
  await expect(services.drawer).toContainText('This container does not exist')
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect(services.drawer).toHaveCount(0)
})

test('the palette restarts a service by its name', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await expect(services.row('redis')).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused()
  await page.keyboard.type('restart redis')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Restarted redis')).toBeVisible()
  expect(main.docker.calls).toContain('restart redis')
})

test('a pinned service stands at the top', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  await services.choose('migrate', 'Pin to the top')
  await expect.poll(async () => (await services.names())[0]).toBe('migrate')
  await services.choose('migrate', 'Unpin')
  await expect.poll(async () => (await services.names())[0]).toBe('gateway')
})

test('only rows on screen are measured, and none while the page is hidden', async ({ page }) => {
  const services = servicesPage(page)
  await services.open(main.url)
  const readers = () => main.docker.stats('gateway').readers
  await expect.poll(readers).toBe(1)
  main.docker.stats('gateway').push({ time: 1000, cpuNanoseconds: 0, memoryBytes: 64 * 1024 * 1024 })
  main.docker.stats('gateway').push({ time: 2000, cpuNanoseconds: 125_000_000, memoryBytes: 64 * 1024 * 1024 })
  await expect(services.row('gateway')).toContainText('12.5 %')
  await expect(services.row('gateway')).toContainText('64 MiB')
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await expect.poll(readers).toBe(0)
})
