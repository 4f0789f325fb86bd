import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageHeaders } from '../../../app/main/lib/page-policy.ts'
import { expect, test } from './desktop-app.ts'

test('the page has the policy of the browser host and nothing of Node', async ({ desk }) => {
  const { page } = await desk.launch()
  const { headers, outside } = await page.evaluate(async () => ({
    headers: Object.fromEntries((await fetch(location.origin)).headers),
    outside: await fetch('https://example.com').then(
      () => 'reached',
      () => 'refused',
    ),
  }))
  const inside = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.injected = true'
    document.head.append(script)
    const { injected, require, process, desktopLink } = window as unknown as Record<string, unknown>
    return [typeof injected, typeof require, typeof process, Object.keys(desktopLink as object)]
  })

  expect(headers).toMatchObject({ ...pageHeaders, 'content-type': 'text/html; charset=utf-8' })
  expect([outside, ...inside]).toEqual([
    'refused',
    'undefined',
    'undefined',
    'undefined',
    ['send', 'onFrame', 'onClose'],
  ])
})

test('the page stays where it is; a link to the web opens in the browser, others nowhere', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.watchDesktop()
  const before = await desktop.address()
  const go = (url: string) => desktop.page.evaluate((to) => location.assign(to), url)
  await go('https://example.com/away')
  await expect.poll(desktop.opened).toEqual(['https://example.com/away'])
  await go('https://user:secret@example.com/')
  await desktop.page.evaluate(() => void window.open('smb://server/share'))
  await desktop.page.evaluate(() => void window.open('https://example.com/window'))

  await expect.poll(desktop.opened).toEqual(['https://example.com/away', 'https://example.com/window'])
  expect([await desktop.address(), desktop.electron.windows().length]).toEqual([before, 1])
})

test('what the page may ask of the machine is denied, but for copying text', async ({ desk }) => {
  const { page } = await desk.launch()
  const state = (name: string) =>
    page.evaluate(async (of) => (await navigator.permissions.query({ name: of as PermissionName })).state, name)

  expect([await state('geolocation'), await state('notifications'), await state('clipboard-read')]).toEqual([
    'denied',
    'denied',
    'denied',
  ])
  await page.evaluate(() => navigator.clipboard.writeText('copied'))
})

test('frames of another sender or frame are not heard', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.electron.evaluate(({ BrowserWindow, ipcMain }) => {
    const sender = BrowserWindow.getAllWindows()[0]!.webContents
    const frame = JSON.stringify({ kind: 'call', id: 1, path: 'settings.set', data: { theme: 'dark' } })
    const foreign = { url: 'app://pilothouse/', parent: null }
    ipcMain.emit('frame', { sender: {}, senderFrame: sender.mainFrame }, frame)
    ipcMain.emit('frame', { sender, senderFrame: foreign }, frame)
    ipcMain.emit('frame', { sender, senderFrame: null }, frame)
    ipcMain.emit('open', { sender, senderFrame: foreign })
  })
  await desktop.call('settings.set', { notifications: false })
  const log = readFileSync(join(desk.data, 'console', 'logs', 'pilothouse.log'), 'utf8')
  const { data } = await desktop.call('audit.list', { before: null, targetId: 'settings', limit: 10 })

  expect(log.match(/foreign sender refused/g)).toHaveLength(4)
  expect((data as { entries: { target: string }[] }).entries.map(({ target }) => target)).toEqual(['notifications'])
})

test('the data key lies in a file of its own, wrapped where there is a keyring', async ({ desk, program }) => {
  // The keyring of the real program is the machine's: there it is only asked that screen and file agree.
  const withKeyring = program === 'double'
  const desktop = await desk.launch([], withKeyring ? { ELECTRON_DOUBLE_KEYRING: 'gnome_libsecret' } : {})
  const wrapped = () => JSON.parse(readFileSync(join(desk.data, 'console', 'data-key.json'), 'utf8')).wrapped
  const storage = async () => {
    const { data } = await desktop.call('host.info')
    return (data as { capabilities: { secretStorage: string } }).capabilities.secretStorage
  }

  if (withKeyring) await expect.poll(storage).toBe('operating-system')
  await expect.poll(async () => wrapped() === ((await storage()) === 'operating-system')).toBe(true)
})
