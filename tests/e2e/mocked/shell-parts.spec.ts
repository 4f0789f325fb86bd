import { expect, type Page, test } from '@playwright/test'
import { defaultSettings } from '../../../app/shared/contracts/settings.ts'
import type { Task } from '../../../app/shared/contracts/tasks.ts'
import { AppError } from '../../../app/shared/errors.ts'
import { openPage, typeIntoPalette } from '../../lib/pages/open.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

const task = (more: Partial<Task>): Task => ({
  id: 't1',
  title: { kind: 'serviceAction', action: 'restart', count: 1, first: 'db' },
  state: 'running',
  startedAt: Date.now(),
  endedAt: null,
  done: 0,
  total: 1,
  unit: 'items',
  cancellable: true,
  items: [],
  failure: null,
  undo: [],
  ...more,
})

const failedStop = task({
  id: 'bad',
  state: 'failed',
  endedAt: Date.now(),
  title: { kind: 'serviceAction', action: 'stop', count: 2, first: 'db' },
  items: [
    { id: 'a', label: 'db', state: 'done', failure: null },
    {
      id: 'b',
      label: 'web',
      state: 'failed',
      failure: { code: 'DOCKER_REFUSED', details: { status: 500, reason: 'no' } },
    },
  ],
  undo: [{ id: 'a', action: { kind: 'start' } }],
})

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain({
    db: 'running',
    web: 'running',
    worker: { project: 'shop', state: { kind: 'paused', startedAt: 0 } },
  })
})
test.afterEach(() => main.stop())

const bar = (page: Page) => page.getByRole('region', { name: 'Status' })

test('the palette finds a service by name, opens it and remembers it', async ({ page }) => {
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('row', { name: /worker/ })).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused()
  await page.keyboard.type('wrk')
  await expect(page.getByRole('option', { selected: true })).toHaveText(/worker\s*shop/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`#/services/${main.docker.id('worker')}/summary$`))
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.press('F1')
  await expect(page.getByRole('option').first()).toHaveText(/worker\s*recent/)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('the palette takes what is typed from the moment it is asked for', async ({ page }) => {
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  // The next key is another event of the same page: a frame may come between them, or none.
  const focused = await page.evaluate(() => {
    const pressed = { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }
    document.body.dispatchEvent(new KeyboardEvent('keydown', pressed))
    const { port1, port2 } = new MessageChannel()
    const next = new Promise<string | null | undefined>((resolve) => {
      port1.onmessage = () => resolve(document.activeElement?.getAttribute('role'))
    })
    port2.postMessage(null)
    return next
  })
  expect(focused).toBe('combobox')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

test('the help lists what can be pressed, and a field keeps its own keys', async ({ page }) => {
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Search and commands')
  await page.keyboard.press('Escape')
  await typeIntoPalette(page, '?')
  await expect(page.getByRole('combobox')).toHaveValue('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeHidden()
})

test('a refused action is a toast that stays, says what to do, and is counted when it repeats', async ({ page }) => {
  main.answer('settings', 'set', () => {
    throw new AppError('DISK_FULL', { folder: '/data' })
  })
  await openPage(page, main.url, '/services')
  await bar(page).getByRole('button', { name: '中文' }).click()
  const toast = page.getByRole('alert')
  await expect(toast).toContainText('The disk that holds /data is full; nothing was changed.')
  await expect(toast).toContainText('Free some space, then try again.')
  await expect(toast).toContainText('DISK_FULL')
  await bar(page).getByRole('button', { name: '中文' }).click()
  await expect(toast).toContainText('× 2')
  await toast.getByRole('button', { name: 'Dismiss' }).click()
  await expect(toast).toBeHidden()
})

test('language and theme follow the settings', async ({ page }) => {
  main.emit('settings', 'updates', { ...defaultSettings, language: 'zh-CN', theme: 'dark' })
  await openPage(page, main.url, '/services')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('服务')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page).toHaveTitle('服务 · 驾驶舱')
  main.emit('settings', 'updates', { ...defaultSettings, language: 'en', theme: 'system' })
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Services')
  await expect(page.locator('html')).not.toHaveAttribute('data-theme')
})

test('the task list shows progress as a number, what failed, and takes back what can be', async ({ page }) => {
  main.answer('tasks', 'cancel', () => undefined)
  main.answer('tasks', 'dismiss', () => undefined)
  main.answer('services', 'act', () => ({ taskId: 't9', undo: [] }))
  main.emit('tasks', 'updates', {
    kind: 'snapshot',
    tasks: [
      task({
        id: 'run',
        title: { kind: 'serviceAction', action: 'restart', count: 4, first: 'db' },
        done: 1,
        total: 4,
      }),
      failedStop,
      task({ id: 'gone', state: 'interrupted', endedAt: Date.now(), startedAt: 1 }),
    ],
  })
  await openPage(page, main.url, '/services')
  await expect(bar(page).getByRole('button', { name: '1 task' })).toHaveText(/1 task\s*25 %\s*2 failed/)
  await bar(page).getByRole('button', { name: '1 task' }).click()
  const list = page.getByRole('dialog', { name: 'Tasks' })
  await expect(list).toContainText('Restart 4 services')
  await expect(list).toContainText('1 of 4')
  await expect(list).toContainText('Interrupted: the console ended meanwhile.')
  await list.getByRole('button', { name: '2 items' }).click()
  await expect(list).toContainText('Docker refused (500): no')
  await list.getByRole('button', { name: 'Cancel Restart 4 services' }).click()
  await list.getByRole('button', { name: 'Undo: Stop 2 services' }).click()
  await expect(page.getByText('Undone: Stop 2 services')).toBeVisible()
  expect(main.calls.filter(({ path }) => path === 'tasks.cancel' || path === 'services.act')).toEqual([
    { path: 'tasks.cancel', input: { id: 'run' } },
    { path: 'services.act', input: { ids: ['a'], action: { kind: 'start' } } },
  ])
})

test('notices say what happened and what to do', async ({ page }) => {
  main.answer('notices', 'dismiss', () => main.emit('notices', 'updates', { notices: [] }))
  main.emit('notices', 'updates', {
    notices: [{ id: 'n1', severity: 'fail', code: 'BACKUP_FAILED', details: { reason: 'no space' }, at: Date.now() }],
  })
  await openPage(page, main.url, '/services')
  await bar(page).getByRole('button', { name: '1 notice' }).click()
  const list = page.getByRole('dialog', { name: 'Notices' })
  await expect(list).toContainText('The daily backup was not made: no space')
  await expect(list).toContainText('Check the space and the rights of the data folder')
  await list.getByRole('button', { name: 'Dismiss this notice' }).click()
  await expect(list).toContainText('What you should know without having asked is listed here.')
})

test('an engine that is away is said in the bar, with the reason and a way to try again', async ({ page }) => {
  main.answer('docker', 'reconnect', () => undefined)
  main.emit('docker', 'state', {
    kind: 'failed',
    endpoint: 'unix:///var/run/docker.sock',
    code: 'DOCKER_UNREACHABLE',
    details: { endpoint: 'unix:///var/run/docker.sock', reason: 'connect ENOENT' },
    since: Date.now() - 60_000,
    retryAt: Date.now() + 5000,
  })
  await openPage(page, main.url, '/services')
  await bar(page)
    .getByRole('button', { name: /Docker/ })
    .click()
  const panel = page.getByRole('dialog', { name: 'Docker' })
  await expect(panel).toContainText('Docker does not answer at unix:///var/run/docker.sock: connect ENOENT')
  await expect(panel).toContainText('Start Docker, or choose another endpoint under Settings.')
  await panel.getByRole('button', { name: 'Try again now' }).click()
  await expect.poll(() => main.inputsOf('docker.reconnect').length).toBe(1)
})
