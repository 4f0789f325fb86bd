import { expect, type Page, test } from '@playwright/test'
import { fakeCrowd } from '../../../app/main/docker/fake-containers.ts'
import { AppError } from '../../../app/shared/errors.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { endpoint, type Scene, screen } from '../../lib/screens.ts'
import { before, history } from '../../lib/scripted-platform.ts'
import {
  damagedStore,
  platformNotices,
  platformTasks,
  postgresLog,
  psqlScreen,
} from '../../lib/scripted-platform-events.ts'

// Every page and state of the console: what docs/screenshots shows and what axe reads.
test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
test.slow()

const everyWay = { chinese: true, dark: true, small: true }
const bar = (page: Page) => page.getByRole('region', { name: 'Status' })

async function openList({ main, services }: Scene): Promise<void> {
  await services.open(main.url)
  await expect(services.row('gateway')).toContainText('3.4 %')
}

screen('overview', everyWay, async ({ page, main }) => {
  await page.goto(main.url)
  await expect(page.getByRole('region', { name: '4 things need attention' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Figures' })).toContainText('GiB')
})

screen('services', everyWay, openList)

screen('services-loading', {}, async ({ page, main }) => {
  main.silence('services', 'updates')
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toBeVisible()
})
screen('services-empty', { containers: () => ({}) }, async ({ page, main, services }) => {
  await services.open(main.url)
  await expect(page.getByRole('heading', { name: 'No containers yet' })).toBeVisible()
})
screen('services-filtered-to-nothing', {}, async (scene) => {
  await openList(scene)
  await scene.services.filter.fill('state:failed project:staging')
  await expect(scene.page.getByText('Nothing matches the filter')).toBeVisible()
})
screen('services-menu', {}, async (scene) => {
  await openList(scene)
  await scene.services.row('postgres').hover()
  await scene.page.getByRole('button', { name: 'Actions for postgres' }).click()
  await expect(scene.page.getByRole('menu')).toBeVisible()
})
screen('services-selection', { chinese: true }, async (scene) => {
  await openList(scene)
  for (const name of ['redis', 'minio', 'grafana']) {
    await scene.page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
  }
  await expect(scene.page.getByText('3 selected')).toBeVisible()
})
screen('services-busy', {}, async (scene) => {
  await openList(scene)
  const { docker } = scene.main
  for (const [name, verb] of [
    ['redis', 'Restart redis'],
    ['router', 'Restart router'],
  ] as const) {
    docker.holdNext('restart')
    await scene.services.row(name).hover()
    await scene.page.getByRole('button', { name: verb }).click()
    await expect(scene.services.row(name)).toContainText('restarting…')
  }
})
screen('services-thousand', { containers: () => fakeCrowd(1000, 300) }, async ({ main, services }) => {
  await services.open(main.url)
  await expect(services.row('service-00000')).toBeVisible()
})

const failed = { kind: 'failed', endpoint, since: before(95_000), retryAt: before(-8000) } as const
for (const [name, code, details] of [
  ['unreachable', 'DOCKER_UNREACHABLE', { endpoint, reason: 'connect ENOENT /var/run/docker.sock' }],
  ['forbidden', 'DOCKER_FORBIDDEN', { endpoint }],
  ['too-old', 'DOCKER_TOO_OLD', { version: '19.03.15', api: '1.40' }],
] as const) {
  screen(`docker-${name}`, { containers: () => ({}) }, async ({ page, main, services }) => {
    main.emit('docker', 'state', { ...failed, code, details })
    await services.open(main.url)
    await expect(page.getByRole('alert')).toBeVisible()
  })
}
screen('docker-connecting', { containers: () => ({}) }, async ({ page, main, services }) => {
  main.emit('docker', 'state', { kind: 'connecting', endpoint })
  await services.open(main.url)
  await expect(page.getByRole('heading', { name: 'Connecting to Docker' })).toBeVisible()
})
screen('docker-lost', {}, async (scene) => {
  await openList(scene)
  const details = { endpoint, reason: 'connect ECONNREFUSED /var/run/docker.sock' }
  scene.main.emit('docker', 'state', { ...failed, code: 'DOCKER_UNREACHABLE', details })
  await expect(scene.page.getByRole('alert')).toContainText('This list is from')
  await bar(scene.page)
    .getByRole('button', { name: /Docker/ })
    .click()
  await expect(scene.page.getByRole('dialog', { name: 'Docker' })).toBeVisible()
})
screen('console-lost', { deaf: true }, async (scene) => {
  await openList(scene)
  await scene.main.goAway()
  await expect(scene.page.getByRole('status').filter({ hasText: 'does not answer' })).toBeVisible()
})

async function openDrawer({ page, main, services }: Scene, name: string, tab: string): Promise<void> {
  const samples = name === 'grafana' ? history.slice(-1) : history
  main.emit('services', 'statsHistory', { kind: 'snapshot', samples })
  main.emit('services', 'logs', { kind: 'snapshot', lines: postgresLog })
  main.answer('terminals', 'open', () => ({ id: 'terminal' }))
  main.emit('terminals', 'output', { kind: 'snapshot', data: psqlScreen })
  await services.open(main.url)
  await goTo(page, `/services/${main.docker.id(name)}/${tab}`)
  await expect(services.drawer.getByRole('heading', { name, exact: true })).toBeVisible()
  await expect(services.row('gateway')).toContainText('3.4 %')
}
const drawers: [tab: string, says: string][] = [
  ['summary', 'unless stopped'],
  ['logs', 'duplicate key'],
  ['terminal', 'weather | 1.4.0'],
  ['configuration', 'POSTGRES_PASSWORD'],
  ['health', 'no response'],
  ['changes', 'the restart policy'],
]
for (const [tab, says] of drawers) {
  screen(`drawer-${tab}`, { chinese: true, dark: tab === 'logs' || tab === 'terminal' }, async (scene) => {
    await openDrawer(scene, 'postgres', tab)
    await expect(scene.services.drawer).toContainText(says)
  })
}
screen('drawer-failed', {}, async (scene) => {
  await openDrawer(scene, 'plugin', 'summary')
  await expect(scene.services.drawer).toContainText('it needed more memory than its limit')
})
screen('drawer-just-opened', {}, async (scene) => {
  await openDrawer(scene, 'grafana', 'summary')
  await expect(scene.services.drawer.getByRole('img')).toHaveCount(2)
})
screen('drawer-removed', {}, async (scene) => {
  await openDrawer(scene, 'grafana', 'summary')
  await expect(scene.services.drawer.getByRole('img')).toHaveCount(2)
  const id = scene.main.docker.id('grafana')
  scene.main.docker.drop('grafana')
  scene.main.docker.emit('destroy', id)
  await expect(scene.services.drawer).toContainText('grafana was removed')
})

screen('dialog-remove', {}, async (scene) => {
  await openList(scene)
  await scene.services.choose('postgres', 'Remove…')
  await scene.services.dialog.getByRole('checkbox').click()
  await expect(scene.services.dialog.getByRole('textbox')).toBeVisible()
})
screen('dialog-rename', {}, async (scene) => {
  await openList(scene)
  await scene.services.choose('grafana', 'Rename…')
  await scene.services.dialog.getByRole('textbox').fill('redis')
  await expect(scene.services.dialog).toContainText('Another container has this name.')
})
screen('dialog-restart-policy', {}, async (scene) => {
  await openList(scene)
  await scene.services.choose('grafana', 'Restart policy…')
  await expect(scene.services.dialog).toBeVisible()
})

async function openImages({ page, main }: Scene): Promise<void> {
  await openPage(page, main.url, '/images')
  await expect(page.getByRole('grid', { name: 'Images' }).getByRole('row')).toHaveCount(14)
}
screen('images', everyWay, openImages)
screen('images-prune', {}, async (scene) => {
  await openImages(scene)
  await scene.page.getByRole('button', { name: 'Prune…' }).click()
  await scene.page.getByText('Without a container').click()
  await expect(scene.services.dialog.getByRole('listitem')).toHaveCount(4)
})

screen('palette', { dark: true }, async (scene) => {
  await openList(scene)
  await scene.page.keyboard.press('Control+k')
  await expect(scene.page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused()
  await scene.page.keyboard.type('gat')
  await expect(scene.page.getByRole('option', { selected: true })).toBeVisible()
})
screen('shortcuts', {}, async (scene) => {
  await openList(scene)
  await scene.page.keyboard.press('?')
  await expect(scene.services.dialog).toBeVisible()
})
screen('tasks', {}, async (scene) => {
  scene.main.emit('tasks', 'updates', { kind: 'snapshot', tasks: platformTasks })
  await openList(scene)
  await bar(scene.page).getByRole('button', { name: '1 task' }).click()
  await scene.services.dialog.getByRole('button', { name: '2 items' }).click()
  await expect(scene.services.dialog).toContainText('port is already allocated')
})
screen('notices', {}, async (scene) => {
  scene.main.emit('notices', 'updates', { notices: platformNotices })
  await openList(scene)
  await bar(scene.page).getByRole('button', { name: '3 notices' }).click()
  await expect(scene.services.dialog).toContainText('The daily backup was not made')
})
screen('toast', {}, async (scene) => {
  await openList(scene)
  const reason = 'driver failed programming external connectivity: port 3000 is already allocated'
  scene.main.docker.failNext(new AppError('DOCKER_REFUSED', { status: 500, reason }), 'restart')
  await scene.services.row('grafana').hover()
  await scene.page.getByRole('button', { name: 'Restart grafana' }).click()
  await expect(scene.page.getByRole('alert')).toContainText('already allocated')
})

screen('settings', everyWay, async ({ page, main }) => {
  await openPage(page, main.url, '/settings')
  await expect(page.getByRole('heading', { name: 'Appearance' })).toBeVisible()
})
for (const section of ['docker', 'data', 'audit', 'log', 'support']) {
  screen(`settings-${section}`, {}, async ({ page, main }) => {
    await openPage(page, main.url, '/settings')
    await goTo(page, `/settings/${section}`)
    await expect(page.locator(`nav a[href="#/settings/${section}"]`)).toHaveAttribute('aria-current', 'true')
    if (section === 'docker') await page.getByRole('radio', { name: 'Address' }).click()
    if (section === 'audit') {
      await page.getByRole('button', { name: 'Verify the trail' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'unbroken' })).toBeVisible()
    }
  })
}
screen('recovery', { chinese: true }, async ({ page, main }) => {
  main.emit('store', 'state', damagedStore)
  await page.goto(main.url)
  await expect(page.getByRole('alert').filter({ hasText: 'The database is damaged' })).toBeVisible()
})
screen('signed-out', { deaf: true }, async ({ page, main }) => {
  await page.goto(main.url.split('#')[0]!)
  await expect(page.getByRole('heading', { name: 'This link has already been used' })).toBeVisible()
})
