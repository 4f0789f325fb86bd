import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './desktop-app.ts'

test('the window shows the page, and the page talks to main', async ({ desk }) => {
  const desktop = await desk.launch()
  await expect.poll(desktop.isVisible).toBe(true)
  const { data } = await desktop.call('host.info')

  expect(await desktop.address()).toMatch(/^app:\/\/pilothouse\//)
  expect(data).toMatchObject({
    host: 'electron',
    dataFolder: join(desk.data, 'console'),
    capabilities: { tray: true, startAtLogin: true, nativeNotifications: true, saveDialog: true },
  })
  await desktop.page.screenshot({ path: test.info().outputPath('window.png') })
})

test('the window opens where it was left, and on screen when that place is gone', async ({ desk }) => {
  const first = await desk.launch()
  await first.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 1000, height: 700 })
  })
  await first.quit()
  const file = join(desk.data, 'console', 'window.json')
  const written = JSON.parse(readFileSync(file, 'utf8'))
  const second = await desk.launch()
  const kept = await second.bounds()
  await second.quit()
  writeFileSync(file, JSON.stringify({ ...written, x: 90_000, y: -90_000 }))
  const third = await desk.launch()
  const moved = await third.bounds()
  const area = await third.electron.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea)

  expect(kept).toEqual({ x: 40, y: 50, width: 1000, height: 700 })
  expect(moved.x >= area.x && moved.x + moved.width <= area.x + area.width).toBe(true)
  expect(moved.y >= area.y && moved.y + moved.height <= area.y + area.height).toBe(true)
})

test('a maximised window opens maximised again, over the size it had before', async ({ desk }) => {
  const first = await desk.launch()
  await first.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.maximize())
  await first.quit()
  const second = await desk.launch()

  expect(await second.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMaximized())).toBe(
    true,
  )
})

test('closing hides to the tray while the setting says so, and quits when it does not', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.watchDesktop()
  await desktop.close()
  await expect.poll(desktop.isVisible).toBe(false)
  await desktop.clickTray()
  await expect.poll(desktop.isVisible).toBe(true)

  test.skip(process.platform === 'darwin', 'on macOS a closed window never ends the program')
  await desktop.call('settings.set', { closeToTray: false })
  const gone = new Promise((resolve) => desktop.process.once('exit', resolve))
  await desktop.close().catch(() => {})
  expect(await gone).toBe(0)
})

test('quitting stops the console and gives the data folder back', async ({ desk }) => {
  const desktop = await desk.launch()
  const instance = join(desk.data, 'console', 'instance.json')
  const running = existsSync(instance)

  expect([running, await desktop.quit(), existsSync(instance)]).toEqual([true, 0, false])
  await desk.launch()
})

test('a reload is a new link: what the old page listened to is not sent to the new one', async ({ desk }) => {
  const desktop = await desk.launch()
  const listen = (id: number) =>
    desktop.page.evaluate((id) => {
      const heard: number[] = []
      Object.assign(window, { heard })
      window.desktopLink?.onFrame((frame) => {
        const response = JSON.parse(frame)
        if (response.kind === 'event') heard.push(response.id)
      })
      window.desktopLink?.send(JSON.stringify({ kind: 'listen', id, path: 'settings.updates' }))
    }, id)
  const heard = () => desktop.page.evaluate(() => (window as unknown as { heard: number[] }).heard)
  await listen(777_777)
  await expect.poll(heard).toContain(777_777)
  await desktop.page.reload()
  await listen(888_888)
  await expect.poll(heard).toContain(888_888)
  await desktop.call('settings.set', { theme: 'dark' })

  await expect.poll(async () => (await heard()).filter((id) => id === 888_888).length).toBe(2)
  expect(await heard()).not.toContain(777_777)
})

test('a page that stops is loaded again once, and then says so without its own code', async ({ desk }) => {
  const desktop = await desk.launch()
  const crash = () =>
    desktop.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    )
  /** Asked through main: Playwright gives a page up that has crashed, and such a page may never answer. */
  const text = () => Promise.race([ask(), silence()])
  const silence = () =>
    new Promise<string>((resolve) => AbortSignal.timeout(2000).addEventListener('abort', () => resolve('')))
  const ask = () =>
    desktop.electron
      .evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          `document.querySelector('nav, h1')?.localName ?? ''`,
        ),
      )
      .catch(() => '') // between the crash and the next page
  await crash()
  await expect.poll(text).toBe('nav')
  await crash()
  await expect.poll(text).toBe('h1')
})
