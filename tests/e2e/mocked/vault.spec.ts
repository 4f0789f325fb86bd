import { expect, type Page, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

// The vault here is the real one, in a folder of its own; nothing of it is scripted.
let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain()
})
test.afterEach(() => main.stop())

const row = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
async function choose(page: Page, passphrase: string, again = passphrase): Promise<void> {
  await row(page, 'Passphrase').getByLabel('New passphrase', { exact: true }).fill(passphrase)
  await row(page, 'Passphrase').getByLabel('New passphrase again').fill(again)
}

test('an operator locks the vault, is told so above the keys, and opens it again at either place', async ({ page }) => {
  await openPage(page, main.url, '/settings/vault')
  const dataKey = row(page, 'Data key')
  await expect(dataKey).toContainText('in a file that only you can read')
  await expect(dataKey.getByRole('button')).toHaveCount(0)
  await choose(page, 'correct horse')
  await page.getByRole('button', { name: 'Set passphrase' }).click()
  await expect(dataKey).toContainText('in a file that only you can read, under a passphrase')

  await dataKey.getByRole('button', { name: 'Lock now' }).click()
  await expect(dataKey).toContainText('Locked')
  await expect(dataKey.getByLabel('Passphrase')).toBeFocused()
  await expect(row(page, 'Replace the data key')).toContainText('Only while the vault is open.')
  await expect(row(page, 'Replace the data key').getByRole('button')).toHaveCount(0)

  await goTo(page, '/keys')
  const banner = page.getByRole('status').filter({ hasText: 'The vault is locked' })
  await expect(banner.getByRole('button', { name: 'Unlock' })).toBeDisabled()
  await banner.getByLabel('Passphrase').fill('correct house')
  await banner.getByLabel('Passphrase').press('Enter')
  await expect(banner.getByRole('alert')).toHaveText('That is not the passphrase of the vault.')
  await expect(banner.getByLabel('Passphrase')).toHaveValue('')
  await banner.getByLabel('Passphrase').fill('correct horse')
  await expect(banner.getByRole('alert')).toHaveCount(0)
  await banner.getByRole('button', { name: 'Unlock' }).click()
  await expect(banner).toHaveCount(0)

  await goTo(page, '/settings/vault')
  await dataKey.getByRole('button', { name: 'Lock now' }).press('Enter')
  await expect(dataKey.getByLabel('Passphrase')).toBeFocused()
  await page.keyboard.type('correct horse')
  await page.keyboard.press('Enter')
  await expect(dataKey.getByRole('button', { name: 'Lock now' })).toBeFocused()
  await goTo(page, '/keys')
  await expect(page.getByRole('treegrid', { name: 'Keys' })).toBeVisible()
  await expect(banner).toHaveCount(0)
})

test('a passphrase is set, changed after a mistake that is said where it was made, used for a rotation, and removed', async ({
  page,
}) => {
  await openPage(page, main.url, '/settings/vault')
  const passphrase = row(page, 'Passphrase')
  const set = passphrase.getByRole('button', { name: 'Set passphrase' })
  await choose(page, 'short')
  await expect(passphrase.getByText('At least 8 characters.')).toBeVisible()
  await choose(page, 'correct horse', 'correct house')
  await expect(passphrase.getByText('The two are not the same.')).toBeVisible()
  await expect(set).toBeDisabled()
  await choose(page, 'correct horse')
  await set.click()
  await expect(page.getByText('The vault has a passphrase now.')).toBeVisible()

  const change = passphrase.getByRole('button', { name: 'Change passphrase' })
  await choose(page, 'battery staple')
  await expect(change).toBeDisabled()
  await passphrase.getByLabel('Present passphrase').fill('correct house')
  await change.click()
  await expect(passphrase.getByRole('alert')).toHaveText('That is not the passphrase of the vault.')
  await expect(passphrase.getByLabel('Present passphrase')).toHaveAttribute('aria-invalid', 'true')
  await passphrase.getByLabel('Present passphrase').fill('correct horse')
  await expect(passphrase.getByRole('alert')).toHaveCount(0)
  await change.click()
  await expect(page.getByText('The passphrase was changed.')).toBeVisible()
  for (const field of await passphrase.getByRole('textbox').all()) await expect(field).toHaveValue('')

  const rotation = row(page, 'Replace the data key')
  await rotation.getByLabel('Present passphrase').fill('correct horse')
  await rotation.getByLabel('Present passphrase').press('Enter')
  await expect(rotation.getByRole('alert')).toHaveText('That is not the passphrase of the vault.')
  await rotation.getByLabel('Present passphrase').fill('battery staple')
  await rotation.getByRole('button', { name: 'Replace the data key' }).click()
  await expect(page.getByText('1 secret was sealed again.')).toBeVisible()

  await passphrase.getByLabel('Present passphrase').fill('battery staple')
  await passphrase.getByRole('button', { name: 'Remove passphrase' }).click()
  await expect(page.getByText('The vault has no passphrase any more.')).toBeVisible()
  await expect(set).toBeVisible()
  await expect(row(page, 'Data key').getByRole('button')).toHaveCount(0)
  expect(main.calls.filter(({ path }) => path.startsWith('vault.')).map(({ input }) => input)).toEqual([
    { former: null, next: 'correct horse' },
    { former: 'correct house', next: 'battery staple' },
    { former: 'correct horse', next: 'battery staple' },
    { passphrase: 'correct horse' },
    { passphrase: 'battery staple' },
    { former: 'battery staple', next: null },
  ])
})

test('after too many mistakes the seconds are counted down, and at zero the passphrase is taken again', async ({
  page,
}) => {
  await page.clock.install()
  main.emit('vault', 'state', { state: { kind: 'locked' }, storage: 'key-file', hasPassphrase: true })
  main.answer('vault', 'unlock', () => {
    throw new AppError('VAULT_TRY_LATER', { seconds: 3 })
  })
  await openPage(page, main.url, '/keys')
  const banner = page.getByRole('status').filter({ hasText: 'The vault is locked' })
  const field = banner.getByLabel('Passphrase')
  const unlock = banner.getByRole('button', { name: 'Unlock' })
  await page.clock.pauseAt(new Date(Date.now() + 3_600_000))
  await field.fill('correct house')
  await field.press('Enter')
  await expect(banner.getByRole('alert')).toHaveText('Too many wrong passphrases. Try again in 3 s.')
  await field.fill('correct horse')
  await expect(unlock).toBeDisabled()
  await page.clock.runFor(1000)
  await expect(banner.getByRole('alert')).toHaveText('Too many wrong passphrases. Try again in 2 s.')
  await field.press('Enter')
  await page.clock.runFor(2000)
  await expect(banner.getByRole('alert')).toHaveCount(0)
  await expect(unlock).toBeEnabled()
  await unlock.click()
  await expect(banner.getByRole('alert')).toHaveText('Too many wrong passphrases. Try again in 3 s.')
  expect(main.inputsOf('vault.unlock')).toEqual([{ passphrase: 'correct house' }, { passphrase: 'correct horse' }])
})

test('the focus goes back from the banner to where it was, or to the page where that has gone', async ({ page }) => {
  const tell = (kind: 'open' | 'locked') =>
    main.emit('vault', 'state', { state: { kind }, storage: 'key-file', hasPassphrase: true })
  tell('locked')
  main.answer('vault', 'unlock', () => tell('open'))
  await openPage(page, main.url, '/keys')
  const filter = page.getByRole('searchbox', { name: 'Filter keys' })
  const field = page.getByLabel('Passphrase')
  const open = async () => {
    await page.keyboard.type('correct horse')
    await page.keyboard.press('Enter')
    await expect(field).toHaveCount(0)
  }
  await filter.focus()
  await field.click()
  await open()
  await expect(filter).toBeFocused()

  tell('locked')
  await expect(field).toBeVisible()
  await expect(filter).toBeFocused()
  await filter.blur()
  await field.click()
  await open()
  await expect(page.getByRole('main').getByRole('link', { name: 'Keys' })).toBeFocused()
})

test('a data key that cannot be used is told above the keys and first on the overview', async ({ page }) => {
  const failure = { code: 'DATA_KEY_UNUSABLE', details: { path: '/data/data-key.json', reason: 'it is not whole' } }
  main.emit('vault', 'state', { state: { kind: 'unusable', failure }, storage: null, hasPassphrase: false })
  await openPage(page, main.url, '/keys')
  const banner = page.getByRole('alert').filter({ hasText: 'No key can be asked until it can be read.' })
  await expect(banner).toContainText('/data/data-key.json')
  await banner.getByRole('link').click()
  await expect(page).toHaveURL(/#\/settings\/vault$/)
  await goTo(page, '/overview')
  await expect(page.getByText('Its data key cannot be used: no key can be asked.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'All is well' })).toBeHidden()
})
