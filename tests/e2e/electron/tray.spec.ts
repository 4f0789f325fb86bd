import { expect, test } from './desktop-app.ts'
import { webId } from './scripted-engine.ts'

test.skip(process.platform === 'darwin', 'on macOS the menu of a tray icon is shown by hand, where no test can read it')

test('the tray tells how things are and what can be done, in both languages', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.watchDesktop()
  await expect
    .poll(desktop.trayLabels)
    .toEqual([
      '● 1 running',
      'Open Pilothouse',
      'No service needs a restart',
      'No service needs a look',
      'Quit Pilothouse',
    ])

  desk.engine.die(137)
  await expect
    .poll(desktop.trayLabels)
    .toEqual(['■ 1 failed', 'Open Pilothouse', 'Restart web', 'Show logs of web', 'Quit Pilothouse'])
  await desktop.speak('zh-CN')
  await expect
    .poll(desktop.trayLabels)
    .toEqual(['■ 1 个故障', '打开驾驶舱', '重启 web', '查看 web 的日志', '退出驾驶舱'])
})

test('the tray restarts what failed and shows its logs', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.watchDesktop()
  desk.engine.die(1)
  await expect.poll(desktop.trayLabels).toContain('Restart web')
  await desktop.hide()
  await desktop.clickTrayItem('logs')
  await expect.poll(desktop.address).toContain(`#/services/${webId}/logs`)
  expect(await desktop.isVisible()).toBe(true)

  await desktop.clickTrayItem('restart')
  await expect.poll(desktop.trayLabels).toContain('● 1 running')
  expect(desk.engine.changes()).toEqual([expect.stringContaining(`/containers/${webId}/restart`)])
})

test('a service that dies is told while the window is away, once, and a click shows it', async ({ desk }) => {
  const desktop = await desk.launch()
  await desktop.watchDesktop()
  await expect.poll(desktop.trayLabels).toContain('● 1 running')
  await desktop.hide()
  desk.engine.die(3)
  await expect.poll(desktop.notifications).toEqual(['web failed: It ended with exit code 3.'])
  await desktop.clickNotification()

  await expect.poll(desktop.address).toContain(`#/services/${webId}`)
  expect(await desktop.isVisible()).toBe(true)
})
