import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './desktop-app.ts'
import { webId } from './scripted-engine.ts'

test('the menu speaks the language of the settings', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.speak('en')
  await expect
    .poll(desktop.menu)
    .toContainEqual(expect.stringContaining('Overview, Services, Images, Settings, Command palette, Reload'))
  await desktop.speak('zh-CN')
  await expect.poll(desktop.menu).toContainEqual(expect.stringContaining('概览, 服务, 镜像, 设置, 命令面板, 重新加载'))
})

test('the menu opens pages', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.hide()
  await desktop.clickMenuItem('services')

  await expect.poll(desktop.address).toContain('#/services')
  expect(await desktop.isVisible()).toBe(true)
})

test('the menu opens the palette and the list of shortcuts by the keys that the page knows', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.speak('en')
  const dialog = desktop.page.getByRole('dialog')
  await desktop.clickMenuItem('palette')
  await expect(dialog.getByRole('combobox')).toBeFocused()
  await desktop.page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await desktop.clickMenuItem('shortcuts')
  await expect(desktop.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
})

test('starting at login is asked of the system, hidden, and taken back', async ({ desk }) => {
  const desktop = await desk.launch()
  const entry = join(desk.data, 'config', 'autostart', 'pilothouse.desktop')
  const asked = async () =>
    process.platform === 'linux'
      ? existsSync(entry) && readFileSync(entry, 'utf8').includes('"--hidden"')
      : await desktop.electron.evaluate(({ app }) => app.getLoginItemSettings().openAtLogin)
  await desktop.call('settings.set', { startAtLogin: true })
  const on = await asked()
  await desktop.call('settings.set', { startAtLogin: false })

  expect([on, await asked()]).toEqual([true, false])
})

test('a second start brings the window to the front, hands over its link, and ends', async ({ desk }) => {
  const desktop = await desk.launch(['--page=services'])
  await expect(desktop.page.getByText('web', { exact: true }).first()).toBeVisible()
  await desktop.hide()
  expect(await desk.startAgain(['pilothouse://services/web'])).toBe(0)

  await expect.poll(desktop.isVisible).toBe(true)
  await expect.poll(desktop.address).toContain(`#/services/${webId}`)
})

test('a link from the system opens its page; a crooked one only the window', async ({ desk }) => {
  const desktop = await desk.launch(['--page=services'])
  const follow = (link: string) =>
    desktop.electron.evaluate(({ app }, url) => app.emit('open-url', { preventDefault() {} }, url), link)
  await expect(desktop.page.getByText('web', { exact: true }).first()).toBeVisible()
  await follow('pilothouse://services/web/logs')
  await expect.poll(desktop.address).toContain(`#/services/${webId}/logs`)
  const before = await desktop.address()
  await desktop.hide()
  await follow('pilothouse://services/..%2f..%2f"onload=')
  await expect.poll(desktop.isVisible).toBe(true)

  expect(await desktop.address()).toBe(before)
})

test('a file is saved where the dialog says', async ({ desk }) => {
  const desktop = await desk.launch(['--page=services'])
  const file = join(desk.data, 'web.log')
  await expect(desktop.page.getByText('web', { exact: true }).first()).toBeVisible()
  const answerSaveDialog = (filePath: string) =>
    desktop.electron.evaluate(({ dialog }, path) => {
      dialog.showSaveDialog = async () => ({ canceled: path === '', filePath: path })
    }, filePath)
  const exportLogs = async () => (await desktop.call('services.exportLogs', { id: webId, timestamps: false })).data
  await answerSaveDialog('')
  const cancelled = await exportLogs()
  await answerSaveDialog(file)
  const saved = await exportLogs()

  expect([cancelled, saved, readFileSync(file, 'utf8')]).toEqual([
    { kind: 'cancelled' },
    { kind: 'saved', file },
    'hello\n',
  ])
})
