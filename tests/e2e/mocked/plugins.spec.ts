import { expect, test } from '@playwright/test'
import { pluginsPage } from '../../lib/pages/plugins-page.ts'
import { manyPlugins } from '../../lib/plugin-samples.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { scriptPlugins } from '../../lib/scripted-plugins.ts'

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain()
})
test.afterEach(() => main.stop())

test('plugins say how they are, what they offer and how they were called', async ({ page }) => {
  scriptPlugins(main)
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await expect
    .poll(plugins.names)
    .toEqual([
      '飞书多维表格',
      '高德地图',
      'GitHub v3 REST API',
      'httpbin',
      'ip-lookup',
      'Local embeddings',
      'Old CRM',
      'SiliconFlow',
      'Weather',
      'Wolfram Alpha',
    ])
  for (const [name, words] of [
    ['Weather', ['active', 'update waits', '1.4.0', 'OpenAPI', '412', '2.2 %', '380 ms']],
    ['高德地图', ['needs configuration', '100 %']],
    ['GitHub v3 REST API', ['1,049 of 1,054', '1,204']],
    ['Local embeddings', ['disabled', '.xpkg']],
    ['httpbin', ['waiting to be activated']],
    ['Old CRM', ['unusable', '0 of 31']],
  ] as const) {
    for (const word of words) await expect(plugins.row(name)).toContainText(word)
  }
  await expect(page.getByRole('img', { name: '4 need attention' })).toBeVisible()
})

test('the filter understands words, states, kinds and the names of tools, and can be cleared', async ({ page }) => {
  scriptPlugins(main)
  main.answer('plugins', 'search', (input) => ({
    tools:
      (input as { text: string }).text === 'embed'
        ? [
            {
              pluginId: 'siliconflow',
              pluginName: 'SiliconFlow',
              id: '1',
              operationId: 'embedText',
              summary: '',
              method: 'POST',
              path: '/',
              disabled: null,
            },
          ]
        : [],
  }))
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await expect(plugins.row('Weather')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('state:active kind:coze')
  await expect.poll(plugins.names).toEqual(['飞书多维表格', '高德地图', 'Wolfram Alpha'])
  await plugins.filter.fill('needs configuration')
  await expect.poll(plugins.names).toEqual(['高德地图'])
  await plugins.filter.fill('embed')
  await expect.poll(plugins.names).toEqual(['Local embeddings', 'SiliconFlow'])
  await expect(plugins.row('SiliconFlow')).toContainText('embedText')
  await plugins.filter.fill('nonsense')
  await expect(page.getByText('11 plugins are hidden by the filter.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(plugins.row('Weather')).toBeVisible()
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Update waits' }).click()
  await expect.poll(plugins.names).toEqual(['Weather'])
})

test('disable, uninstall and restore, each with a way back', async ({ page }) => {
  const { byId } = scriptPlugins(main)
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await plugins.row('Weather').hover()
  await page.getByRole('button', { name: 'Disable Weather' }).click()
  await expect(plugins.row('Weather')).toContainText('disabled')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(plugins.row('Weather')).toContainText('active')

  await plugins.choose('ip-lookup', 'Uninstall')
  await expect(page.getByText('1 tool cannot be called any more. It can be restored for 30 d')).toBeVisible()
  await expect(plugins.row('ip-lookup')).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(plugins.row('ip-lookup')).toBeVisible()

  await plugins.grid.getByText('Uninstalled').click()
  await plugins.row('搜狐热闻').hover()
  await page.getByRole('button', { name: 'Restore 搜狐热闻' }).click()
  await expect.poll(() => byId.get('sohu_hot_news')?.restorableUntil).toBeNull()
  await expect(page.getByText('Restored 搜狐热闻')).toBeVisible()
})

test('what is selected is enabled, disabled and uninstalled together; what waits is activated', async ({ page }) => {
  scriptPlugins(main)
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  for (const name of ['httpbin', 'Local embeddings', 'Weather']) {
    await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
  }
  await page.getByRole('region', { name: '3 selected' }).getByRole('button', { name: 'Enable' }).click()
  await expect(page.getByText('Enabled 2 plugins')).toBeVisible()
  expect({ enable: main.inputsOf('plugins.enable'), activate: main.inputsOf('plugins.activate') }).toEqual({
    enable: [{ ids: ['embeddings'] }],
    activate: [{ versions: [{ id: 'httpbin', versionId: 1 }] }],
  })
  await page.getByRole('button', { name: 'Uninstall', exact: true }).click()
  await expect(page.getByText('Uninstalled 3 plugins')).toBeVisible()
  await expect(plugins.row('Weather')).toHaveCount(0)
})

test('recording, the Postman collection, a backup and the watched folders are one choice away', async ({ page }) => {
  scriptPlugins(main)
  main.answer('plugins', 'exportPostman', () => ({ kind: 'saved', file: '/tmp/weather.postman.json' }))
  main.answer('plugins', 'backup', () => ({ kind: 'saved', file: '/tmp/plugins.zip' }))
  main.answer('plugins', 'reload', () => ({ reloaded: ['weather'], failed: [], unchanged: ['lark'] }))
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await plugins.choose('GitHub v3 REST API', 'Record calls')
  await expect(page.getByText('Calls of GitHub v3 REST API are recorded from now on')).toBeVisible()
  await plugins.choose('Weather', 'Save as Postman collection')
  await expect(page.getByText('Saved to /tmp/weather.postman.json')).toBeVisible()
  const more = async (item: string) => {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await more('Back up plugins…')
  await expect(page.getByText('Saved to /tmp/plugins.zip')).toBeVisible()
  await more('Read watched folders again')
  await expect(page.getByText('1 read anew, 1 unchanged, 0 failed')).toBeVisible()
})

test('the list has a face for loading and one for nothing', async ({ page }) => {
  main.silence('plugins', 'updates')
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toBeVisible()
  main.emit('plugins', 'updates', { kind: 'snapshot', plugins: [] })
  await expect(page.getByRole('heading', { name: 'No plugins yet' })).toBeVisible()
  await expect(page.getByText('Drop a plugin package here, or import one.')).toBeVisible()
})

test('a thousand plugins open, sort, filter and change while one looks', async ({ page }) => {
  const scripted = scriptPlugins(main, manyPlugins(1000))
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await expect(plugins.row('plugin-0000')).toBeVisible()
  expect(await plugins.grid.getByRole('row').count()).toBeLessThan(60)
  await page.getByRole('button', { name: 'Calls, 1 h' }).click()
  await expect(plugins.row('plugin-0499')).toBeVisible()
  await plugins.filter.fill('plugin-0998')
  await expect.poll(plugins.names).toEqual(['plugin-0998'])
  scripted.change('plugin-0998', { state: 'disabled' })
  await expect(plugins.row('plugin-0998')).toContainText('disabled')
  await plugins.filter.fill('')
  await expect(plugins.row('plugin-0499')).toBeVisible()
  await plugins.grid.press('End')
  await expect(plugins.row('plugin-0000')).toBeVisible()
})

test('a whole round without a mouse: find, open, look through the tabs, disable, select, uninstall', async ({
  page,
}) => {
  scriptPlugins(main)
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await expect(plugins.row('Weather')).toBeVisible()
  const press = (key: string) => page.keyboard.press(key)
  await press('/')
  await page.keyboard.type('weather')
  await expect.poll(plugins.names).toEqual(['Weather'])
  for (let i = 0; i < 14; i++) {
    if (await page.evaluate(() => document.activeElement?.getAttribute('role') === 'row')) break
    await press('Tab')
  }
  await press('j')
  await expect(plugins.row('Weather')).toBeFocused()
  await press('v')
  await expect(plugins.drawer.getByRole('link', { name: 'Versions' })).toHaveAttribute('aria-current', 'page')
  await press('f')
  await expect(plugins.drawer.getByRole('link', { name: 'Findings' })).toHaveAttribute('aria-current', 'page')
  await press('c')
  await expect(plugins.drawer.getByRole('link', { name: 'Configuration' })).toHaveAttribute('aria-current', 'page')
  await press('m')
  await expect(plugins.drawer.getByRole('button', { name: /getAirQuality/ })).toBeVisible()
  await press('Escape')
  await expect(plugins.drawer).toHaveCount(0)
  await plugins.row('Weather').focus()
  await press('e')
  await expect(plugins.row('Weather')).toContainText('disabled')
  await press('x')
  await expect(page.getByText('1 selected')).toBeVisible()
  await press('Delete')
  await expect(page.getByText('Uninstalled Weather')).toBeVisible()
  await press('Control+k')
  await page.keyboard.type('wolfram')
  await expect(page.getByRole('option', { selected: true })).toContainText('Wolfram Alpha')
  await press('Enter')
  await expect(plugins.drawer.getByRole('heading', { name: 'Wolfram Alpha' })).toBeVisible()
})
