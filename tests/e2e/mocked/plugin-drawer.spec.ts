import { expect, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import { type PluginsPage, pluginsPage } from '../../lib/pages/plugins-page.ts'
import { details, replayReport, sourceLines, testReport } from '../../lib/plugin-details-samples.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { type ScriptedPlugins, scriptPlugins } from '../../lib/scripted-plugins.ts'

let main: ScriptedMain
let scripted: ScriptedPlugins
let plugins: PluginsPage
test.beforeEach(async ({ page }) => {
  main = await startScriptedMain()
  scripted = scriptPlugins(main)
  plugins = pluginsPage(page)
})
test.afterEach(() => main.stop())
async function open(tab: string): Promise<void> {
  await plugins.open(main.url)
  await plugins.openTab('weather', tab)
  await expect(plugins.drawer.getByRole('heading', { name: 'Weather' })).toBeVisible()
}

test('versions say where they came from; two are compared, and one is rolled back to', async ({ page }) => {
  await open('versions')
  const versions = plugins.drawer.getByRole('listitem')
  await expect(versions.nth(0)).toContainText('never activated')
  await expect(versions.nth(1)).toContainText('in use')
  await expect(versions.nth(1)).toContainText('from a watched folder · the console itself')
  await expect(versions.nth(2)).toContainText('4 of 5 tools')
  await expect(plugins.drawer).toContainText('Calls that were right before can fail.')
  await expect(plugins.drawer).toContainText('parameter language · required now')
  await expect(plugins.drawer.getByText('breaking', { exact: true })).toHaveCount(3)
  await plugins.drawer.getByRole('button', { name: 'Compare 1.3.2 with the one in use' }).click()
  await expect
    .poll(() => main.inputsOf('plugins.diff'))
    .toEqual([
      { id: 'weather', from: 12, to: 13 },
      { id: 'weather', from: 12, to: 9 },
    ])
  await plugins.drawer.getByRole('button', { name: 'Roll back to 1.3.2' }).click()
  await expect(page.getByText('Rolled Weather back to 1.3.2')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect
    .poll(() => main.inputsOf('plugins.activate'))
    .toEqual([{ versions: [{ id: 'weather', versionId: 9 }] }, { versions: [{ id: 'weather', versionId: 12 }] }])
})

test('recorded calls run against the other version before it is activated', async () => {
  main.answer('plugins', 'replay', () => ({ taskId: 't', report: replayReport }))
  await open('versions')
  await plugins.drawer.getByText('Also repeat calls that may change something').click()
  await plugins.drawer.getByRole('button', { name: 'Replay against 1.5.0' }).click()
  await expect.poll(() => main.inputsOf('plugins.replay')).toEqual([{ id: 'weather', versionId: 13, unsafe: true }])
  main.emit('plugins', 'details', { kind: 'details', details: details({ lastReplay: replayReport }) })
  await expect(plugins.drawer).toContainText('9 the same')
  await expect(plugins.drawer).toContainText('/daily/0/precipitation')
  await expect(plugins.drawer).toContainText('The argument language is required.')
})

test('a finding opens to its lines, the place marked, and the filter leaves one severity', async ({ page }) => {
  await open('findings')
  const list = plugins.drawer.getByRole('region', { name: 'Findings' })
  await expect(list.getByRole('listitem')).toHaveCount(4)
  await plugins.drawer.getByRole('radio', { name: '1 error' }).click()
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await plugins.drawer.getByRole('radio', { name: 'All' }).click()
  await plugins.drawer.getByRole('button', { name: /has no type/ }).click()
  const source = plugins.drawer.getByRole('region', { name: 'Lines of weather.yaml' })
  await expect(source.getByRole('listitem')).toHaveCount(sourceLines.length)
  await expect(source.locator('[aria-current=true]')).toContainText('- name: units')
  await expect(source.locator('mark')).toHaveText('name')
  expect(main.inputsOf('plugins.source')).toEqual([
    { id: 'weather', versionId: 12, file: 'weather.yaml', from: 40, count: 15 },
  ])
  await expect(plugins.drawer).toContainText('2 places mended')
  await expect(plugins.drawer).toContainText('"schema":{"type":"string"}')
  await page.keyboard.press('Escape')
  await expect(plugins.drawer).toHaveCount(0)
})

test('configuration: an untouched secret goes back masked, and what main refuses is said at its field', async ({
  page,
}) => {
  await open('configuration')
  const field = (name: string) => plugins.drawer.getByLabel(name, { exact: true })
  await expect(field('API key (required)')).toHaveAttribute('placeholder', 'wx_1****9f3c')
  await expect(plugins.drawer.getByRole('button', { name: 'Save' })).toBeDisabled()
  await field('Contact address').fill('ops@example.com')
  main.answer('plugins', 'configure', () => {
    throw new AppError('ARGUMENT_INVALID', { name: 'contact', reason: 'no such mailbox' })
  })
  await plugins.drawer.getByRole('button', { name: 'Save' }).click()
  await expect(plugins.drawer.getByRole('alert')).toHaveText('no such mailbox')
  main.answer('plugins', 'configure', () => undefined)
  await field('Contact address').fill('sre@example.com')
  await expect(plugins.drawer.getByRole('alert')).toHaveCount(0)
  await plugins.drawer.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved the configuration of Weather')).toBeVisible()
  expect(main.inputsOf('plugins.configure').at(-1)).toEqual({
    id: 'weather',
    values: {
      api_key: 'wx_1****9f3c',
      base_url: 'https://api.open-meteo.example',
      units: 'metric',
      contact: 'sre@example.com',
      cache: 'true',
    },
  })
})

test('a plugin that signs in gives the address, and forgets the sign-in again', async ({ page }) => {
  const url = 'https://vendor.example/authorize?state=1'
  main.answer('plugins', 'beginSignIn', () => ({ url }))
  main.answer('plugins', 'signOut', () => undefined)
  main.emit('plugins', 'details', {
    kind: 'details',
    details: details({ signIn: { kind: 'authorizationCode', since: null, until: null } }),
  })
  await open('configuration')
  await plugins.drawer.getByRole('button', { name: 'Sign in…' }).click()
  await expect(plugins.drawer.getByRole('link', { name: 'Open in the browser' })).toHaveAttribute('href', url)
  main.emit('plugins', 'details', {
    kind: 'details',
    details: details({ signIn: { kind: 'authorizationCode', since: Date.now(), until: null } }),
  })
  await expect(plugins.drawer.getByRole('link', { name: 'Open in the browser' })).toHaveCount(0)
  await plugins.drawer.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('Signed Weather out')).toBeVisible()
})

test('calls come in live, open to what was kept, and are repeated in the form', async ({ page }) => {
  await open('calls')
  await expect(plugins.drawer.getByText('The newest 4 calls')).toBeVisible()
  await plugins.drawer.getByRole('button', { name: /searchPlaces/ }).click()
  await expect(plugins.drawer).toContainText('were not recorded')
  await plugins.drawer.getByRole('button', { name: /getForecast/ }).click()
  await expect(plugins.drawer.getByText('"place": "Hangzhou"')).toBeVisible()
  await plugins.drawer.getByRole('button', { name: 'Repeat' }).click()
  await expect(page).toHaveURL(/#\/plugins\/weather\/tools\/getForecast$/)
})

test('clearing the calls asks first and says what is lost', async () => {
  main.answer('plugins', 'clearCalls', () => undefined)
  await open('calls')
  await plugins.drawer.getByRole('button', { name: 'Clear…' }).click()
  await expect(plugins.dialog).toContainText('The history and every recorded argument and answer are lost')
  await plugins.dialog.getByRole('button', { name: 'Clear' }).click()
  await expect.poll(() => main.inputsOf('plugins.clearCalls')).toEqual([{ id: 'weather' }])
})

test('a test reaches the servers and calls what is safe; the rest only when ticked', async ({ page }) => {
  main.answer('plugins', 'test', () => ({ taskId: 't', report: testReport }))
  await open('tools')
  await plugins.drawer.getByRole('button', { name: 'Actions for Weather' }).click()
  await page.getByRole('menuitem', { name: 'Test endpoints…' }).click()
  await expect(plugins.dialog).toContainText('4 operations that change nothing')
  await plugins.dialog.getByRole('checkbox', { name: /createAlert/ }).click()
  await plugins.dialog.getByRole('button', { name: 'Test', exact: true }).click()
  await expect.poll(() => main.inputsOf('plugins.test')).toEqual([{ id: 'weather', unsafe: ['createAlert'] }])
  main.emit('plugins', 'details', { kind: 'details', details: details({ lastTest: testReport }) })
  await expect(plugins.drawer).toContainText('75 %')
  await expect(plugins.drawer).toContainText('404: it has no /health')
  await expect(plugins.drawer).toContainText('api.open-meteo.example answered 429.')
})

test('a folder is watched, a refusal is said at the field, and watching ends', async ({ page }) => {
  main.answer('plugins', 'watch', () => {
    throw new AppError('WATCHED_FOLDER_UNUSABLE', { path: '/nowhere', reason: 'no such folder' })
  })
  main.answer('plugins', 'unwatch', () => undefined)
  await plugins.open(main.url)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Watched folders…' }).click()
  await plugins.dialog.getByRole('textbox').fill('/nowhere')
  await page.keyboard.press('Enter')
  await expect(plugins.dialog.getByRole('alert')).toContainText('/nowhere cannot be watched: no such folder')
  const folder = { path: '/srv/crm', readAt: Date.now(), pluginCount: 1, failure: null, findings: [] }
  main.emit('plugins', 'watchedFolders', { folders: [folder] })
  await plugins.dialog.getByRole('button', { name: 'Stop watching /srv/crm' }).click()
  await expect.poll(() => main.inputsOf('plugins.unwatch')).toEqual([{ path: '/srv/crm' }])
})

test('a backup says what it would bring back before it does; closing takes it away again', async ({ page }) => {
  const answer = { createdAt: Date.now(), added: ['old_crm'], replaced: ['weather'], unreadableSecrets: 1 }
  main.answer('plugins', 'restoreBackup', () => answer)
  await plugins.open(main.url)
  const choose = async () => {
    await page.getByRole('button', { name: 'More' }).click()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('menuitem', { name: 'Restore a backup…' }).click()
    await (await chooser).setFiles({ name: 'plugins.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') })
    await expect(plugins.dialog).toContainText('1 plugin comes back')
  }
  await choose()
  await page.keyboard.press('Escape')
  await expect.poll(() => main.inputsOf('plugins.abandonUpload')).toEqual([{ uploadId: 'upload-1' }])
  await choose()
  await expect(plugins.dialog).toContainText('1 secret was sealed for another data folder')
  await plugins.dialog.getByRole('button', { name: 'Restore' }).click()
  await expect(page.getByText('Restored 2 plugins')).toBeVisible()
  expect(main.inputsOf('plugins.restoreBackup').at(-1)).toEqual({ uploadId: 'upload-2', apply: true })
})

test('a plugin that goes, one that is unknown and one that waits for its configuration say so', async ({ page }) => {
  await plugins.open(main.url)
  await plugins.openTab('nobody', 'tools')
  await expect(plugins.drawer).toContainText('This plugin does not exist')
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await plugins.openTab('gaode_map', 'findings')
  await expect(plugins.drawer).toContainText('It needs a value for key.')
  await plugins.drawer.getByRole('link', { name: 'Configure' }).click()
  await expect(page).toHaveURL(/gaode_map\/configuration$/)
  await plugins.openTab('sohu_hot_news', 'versions')
  await expect(plugins.drawer).toContainText('nothing can be called until it is restored')
  scripted.byId.delete('sohu_hot_news')
  scripted.tell()
  await expect(plugins.drawer).toContainText('This plugin does not exist')
})
