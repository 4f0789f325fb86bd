import { expect, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import { importedKey } from '../../lib/keys-samples.ts'
import { keysPage } from '../../lib/pages/keys-page.ts'
import { scriptKeys } from '../../lib/scripted-keys.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { pictureTime } from '../../lib/scripted-platform.ts'

let main: ScriptedMain
test.beforeEach(async ({ page }) => {
  main = await startScriptedMain()
  await page.clock.setFixedTime(pictureTime)
})
test.afterEach(() => main.stop())

test('keys of another program are shown line by line before they are added', async ({ page }) => {
  const scripted = scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  scripted.importFinds([
    importedKey({ name: 'channel 1' }),
    importedKey({ name: 'channel 2', outcome: 'duplicate', reason: 'openai-main' }),
    importedKey({ name: 'channel 3', vendor: null, outcome: 'unreadable', reason: 'type 99 is unknown' }),
  ])
  await keys.more('Import…')
  const chooser = page.waitForEvent('filechooser')
  await keys.dialog.getByRole('button', { name: 'Choose a file…' }).click()
  await (await chooser).setFiles({ name: 'channels.json', mimeType: 'application/json', buffer: Buffer.from('[{}]') })
  await expect(keys.dialog.getByRole('radio', { name: 'one-api JSON' })).toBeChecked()
  await expect(keys.dialog.getByText('1 new, 1 here already, 1 unreadable')).toBeVisible()
  await expect(keys.dialog.getByText('type 99 is unknown')).toBeVisible()
  await keys.dialog.getByRole('button', { name: 'Add 1 key' }).click()
  await expect(page.getByText('Added 1 key')).toBeVisible()
  expect(main.inputsOf('keys.importText')).toEqual([
    { format: 'one-api', text: '[{}]', apply: false },
    { format: 'one-api', text: '[{}]', apply: true },
  ])
})

test('an export of this console is opened with its passphrase, seen, and taken', async ({ page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  main.answer('keys', 'importText', (input) => {
    if ((input as { passphrase?: string }).passphrase !== 'correct horse') throw new AppError('KEY_FILE_PASSPHRASE')
    return { keys: [importedKey({ name: 'moved' }), importedKey({ outcome: 'duplicate', reason: 'openai-main' })] }
  })
  await keys.more('Import…')
  const text = '{ "format": "pilothouse-keys", "version": 1 }'
  const chooser = page.waitForEvent('filechooser')
  await keys.dialog.getByRole('button', { name: 'Choose a file…' }).click()
  await (await chooser).setFiles({ name: 'keys.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  await expect(keys.dialog.getByRole('radio', { name: 'Pilothouse' })).toBeChecked()
  const passphrase = keys.dialog.getByLabel('Passphrase')
  await passphrase.fill('correct house')
  await keys.dialog.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(keys.dialog.getByRole('alert')).toHaveText('That passphrase does not open the file.')
  await expect(passphrase).toHaveAttribute('aria-invalid', 'true')
  await expect(keys.dialog.getByRole('button', { name: 'Add 0 keys' })).toBeDisabled()

  await passphrase.fill('correct horse')
  await expect(keys.dialog.getByRole('alert')).toHaveCount(0)
  await passphrase.press('Enter')
  await expect(keys.dialog.getByText('1 new, 1 here already, 0 unreadable')).toBeVisible()
  await keys.dialog.getByRole('button', { name: 'Add 1 key' }).click()
  await expect(page.getByText('Added 1 key')).toBeVisible()
  expect(main.inputsOf('keys.importText')).toEqual([
    { format: 'pilothouse', text, passphrase: 'correct house', apply: false },
    { format: 'pilothouse', text, passphrase: 'correct horse', apply: false },
    { format: 'pilothouse', text, passphrase: 'correct horse', apply: true },
  ])
})

test('an export wants a passphrase twice', async ({ page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  await keys.more('Export…')
  const save = keys.dialog.getByRole('button', { name: 'Export 10 keys' })
  await keys.dialog.getByLabel('Passphrase', { exact: true }).fill('short')
  await save.click()
  await expect(keys.dialog.getByText('At least 8 characters', { exact: true })).toBeVisible()
  await keys.dialog.getByLabel('Passphrase', { exact: true }).fill('correct horse')
  await keys.dialog.getByLabel('Passphrase again').fill('correct house')
  await expect(keys.dialog.getByText('This is not the same passphrase')).toBeVisible()
  await keys.dialog.getByLabel('Passphrase again').fill('correct horse')
  await save.click()
  await expect(page.getByText('Saved to /tmp/keys.pilothouse.json')).toBeVisible()
  expect(main.inputsOf('keys.export')).toEqual([{ passphrase: 'correct horse' }])
})
