import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { pluginsPage } from '../../lib/pages/plugins-page.ts'
import { finding, imported, imports, provenance } from '../../lib/plugin-samples.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { type ScriptedPlugins, scriptPlugins } from '../../lib/scripted-plugins.ts'

let main: ScriptedMain
let scripted: ScriptedPlugins
test.beforeEach(async () => {
  main = await startScriptedMain()
  scripted = scriptPlugins(main)
})
test.afterEach(() => main.stop())

test('a dropped file is sent in parts, read, shown, and activated only then; the way back is one click', async ({
  page,
}) => {
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  scripted.hold()
  const over = await plugins.dragIn([{ name: 'weather.yaml', text: 'x'.repeat(1_300_000) }])
  await expect(page.getByText('Nothing is activated before you have seen it.')).toBeVisible()
  await over.drop()
  await expect(page.getByText('Nothing is activated before you have seen it.')).toHaveCount(0)
  await expect(plugins.uploads.getByText('0 B of 1.3 MB')).toBeVisible()
  scripted.release()

  await expect(plugins.dialog).toContainText('Read weather.yaml')
  await expect(plugins.uploads).toHaveCount(0)
  for (const words of ['OpenAPI', 'unsigned', 'replaces 1.4.0', '6 tools', '2 places mended', '2 warnings']) {
    await expect(plugins.dialog).toContainText(words)
  }
  expect(main.inputsOf('plugins.activate')).toEqual([])
  expect(main.inputsOf('plugins.finishUpload')).toEqual([{ uploadId: 'upload-1', activate: false }])
  const parts = main.inputsOf('plugins.appendUpload') as { file: number; offset: number; data: string }[]
  expect(parts.map(({ file, offset, data }) => [file, offset, Buffer.from(data, 'base64').length])).toEqual([
    [0, 0, 524_288],
    [0, 524_288, 524_288],
    [0, 1_048_576, 251_424],
  ])

  await plugins.dialog.getByRole('button', { name: 'Show 2 warnings' }).click()
  await expect(plugins.dialog).toContainText('weather.yaml:41:7')
  await expect(plugins.dialog).toContainText('Mended in the copy: It is made from the description or the operationId.')
  await plugins.dialog.getByRole('button', { name: 'Activate 1 plugin' }).click()
  await expect(page.getByText('Activated Weather')).toBeVisible()
  await expect(plugins.drawer.getByRole('heading', { name: 'Weather' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect
    .poll(() => main.inputsOf('plugins.activate'))
    .toEqual([{ versions: [{ id: 'weather', versionId: 13 }] }, { versions: [{ id: 'weather', versionId: 12 }] }])
})

test('several files are several packages, read one after the other and shown together', async ({ page }) => {
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  scripted.reads((name) =>
    imports({ taskId: name, name, plugins: [imported({ id: name, name, versionId: name.length })], findings: [] }),
  )
  await (
    await plugins.dragIn([
      { name: 'one.json', text: '{}' },
      { name: 'twelve.json', text: '{}' },
    ])
  ).drop()
  await expect(plugins.dialog).toContainText('Read 2 packages')
  await plugins.dialog.getByRole('checkbox', { name: 'Activate one.json' }).click()
  await plugins.dialog.getByRole('button', { name: 'Activate 1 plugin' }).click()
  await expect(page.getByText('Activated twelve.json')).toBeVisible()
  expect(main.inputsOf('plugins.activate')).toEqual([{ versions: [{ id: 'twelve.json', versionId: 11 }] }])
})

test('a chosen folder is one package with its paths, without what is hidden', async ({ page }, { outputDir }) => {
  const folder = join(outputDir, 'coze')
  mkdirSync(join(folder, 'pluginproduct'), { recursive: true })
  mkdirSync(join(folder, 'node_modules/left-pad'), { recursive: true })
  writeFileSync(join(folder, 'pluginproduct/plugin_meta.yaml'), '- plugin_id: 1')
  writeFileSync(join(folder, '.env'), 'SECRET=1')
  writeFileSync(join(folder, 'node_modules/left-pad/index.js'), '')
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await page.getByRole('button', { name: 'More' }).click()
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('menuitem', { name: 'Import a folder…' }).click()
  await (await chooser).setFiles(folder)
  await expect(plugins.dialog).toContainText('Read coze')
  expect(main.inputsOf('plugins.beginUpload')).toEqual([
    { name: 'coze', files: [{ path: 'pluginproduct/plugin_meta.yaml', size: 14 }] },
  ])
})

test('an import goes on while the page is left, and can be cancelled', async ({ page }) => {
  const plugins = pluginsPage(page)
  await openPage(page, main.url, '/overview')
  scripted.hold()
  await (await plugins.dragIn([{ name: 'a.json', text: 'x'.repeat(600_000) }])).drop()
  await expect(plugins.uploads).toContainText('a.json')
  await goTo(page, '/settings')
  await expect(plugins.uploads).toContainText('a.json')
  await page.getByRole('button', { name: 'Cancel the import of a.json' }).click()
  scripted.release()
  await expect(plugins.uploads).toHaveCount(0)
  await expect.poll(() => main.inputsOf('plugins.abandonUpload')).toEqual([{ uploadId: 'upload-1' }])
  expect(main.inputsOf('plugins.finishUpload')).toEqual([])
})

test('one of several that is cancelled before its turn does not keep the others back', async ({ page }) => {
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  let read = () => {}
  main.answer('plugins', 'finishUpload', async () => {
    await new Promise<void>((resolve) => {
      read = resolve
    })
    return imports({ name: 'a.json' })
  })
  await (
    await plugins.dragIn([
      { name: 'a.json', text: '{}' },
      { name: 'b.json', text: '{}' },
    ])
  ).drop()
  await expect(plugins.uploads).toContainText('reading what is in it…')
  await page.getByRole('button', { name: 'Cancel the import of b.json' }).click()
  await expect(plugins.uploads).not.toContainText('b.json')
  read()
  await expect(plugins.dialog).toContainText('Read a.json')
})

test('what fails stays with its reason and can be tried again', async ({ page }) => {
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  main.answer('plugins', 'finishUpload', () => {
    throw new AppError('DISK_FULL', { folder: '/var/lib/pilothouse' })
  })
  await (await plugins.dragIn([{ name: 'a.json', text: '{}' }])).drop()
  await expect(page.getByRole('alert')).toContainText('The disk that holds /var/lib/pilothouse is full')
  main.answer('plugins', 'finishUpload', () => imports({ name: 'a.json' }))
  await page.getByRole('button', { name: 'Try a.json again' }).click()
  await expect(plugins.dialog).toContainText('Read a.json')
  await plugins.dialog.getByRole('button', { name: 'Keep for later' }).click()
  await expect(page.getByText('Kept Weather for later; it is not in use')).toBeVisible()
  expect(main.inputsOf('plugins.activate')).toEqual([])
})

test('a hostile package shows what is wrong with it and offers nothing to activate', async ({ page }) => {
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  const bad = {
    severity: 'error',
    file: '../../etc/cron.d/x',
    line: null,
    column: null,
    path: '',
    fixable: false,
  } as const
  scripted.reads((name) =>
    imports({ name, kind: null, plugins: [], findings: [finding({ ...bad, code: 'ARCHIVE_PATH_UNSAFE' })] }),
  )
  await (await plugins.dragIn([{ name: 'evil.zip', text: 'PK' }])).drop()
  await expect(plugins.dialog).toContainText('Nothing in it can be used, and nothing was kept.')
  await expect(plugins.dialog).toContainText('could lead out of the folder')
  await expect(plugins.dialog).toContainText('../../etc/cron.d/x')
  await expect(plugins.dialog.getByRole('button', { name: /Activate/ })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(plugins.dialog).toHaveCount(0)
})

test('what somebody else made is activated only when it is ticked; what is in use already is not offered', async ({
  page,
}) => {
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  scripted.reads((name) =>
    imports({
      name,
      plugins: [
        imported({ provenance: provenance({ foreign: true }) }),
        imported({ id: 'b', name: 'Same', versionId: 4, unchanged: true }),
      ],
    }),
  )
  await (await plugins.dragIn([{ name: 'two.zip', text: 'PK' }])).drop()
  await expect(plugins.dialog).toContainText('known here from someone else')
  await expect(plugins.dialog).toContainText('the same files are in use already')
  await expect(plugins.dialog.getByRole('checkbox')).toHaveCount(1)
  await expect(plugins.dialog.getByRole('button', { name: 'Activate 0 plugins' })).toBeDisabled()
  await plugins.dialog.getByRole('checkbox', { name: 'Activate Weather' }).click()
  await expect(plugins.dialog.getByRole('button', { name: 'Activate 1 plugin' })).toBeEnabled()
})

test('a pasted curl command is a package; in a field it stays a text', async ({ page }) => {
  const plugins = pluginsPage(page)
  await plugins.open(main.url)
  await expect(plugins.row('Weather')).toBeVisible()
  const paste = (where: string) =>
    page.evaluate((selector) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'curl -s https://api.example/v1/ip')
      const target = document.querySelector(selector)!
      target.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, where)
  await paste('input[type=search]')
  await paste('body')
  await expect(plugins.dialog).toContainText('Read dropped.curl')
  expect(main.inputsOf('plugins.beginUpload')).toEqual([
    { name: 'dropped.curl', files: [{ path: 'dropped.curl', size: 33 }] },
  ])
})
