import { expect, test } from '@playwright/test'
import type { VaultState } from '../../../app/shared/contracts/vault.ts'
import { AppError } from '../../../app/shared/errors.ts'
import { openPage } from '../../lib/pages/open.ts'
import { type Scene, screen } from '../../lib/screens.ts'
import { scriptKeys } from '../../lib/scripted-keys.ts'

// Every state of the vault, under Settings and above the keys: what docs/screenshots shows and what axe reads.
test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
test.slow()

const everyWay = { chinese: true, dark: true }
const open: VaultState = { state: { kind: 'open' }, storage: 'key-file', hasPassphrase: false }
const guarded: VaultState = { ...open, hasPassphrase: true }
const locked: VaultState = { ...guarded, state: { kind: 'locked' } }

async function openSettings({ main, page }: Scene, vault: VaultState) {
  main.emit('vault', 'state', vault)
  await openPage(page, main.url, '/settings/vault')
  const section = page.getByRole('region', { name: 'Vault', exact: true })
  await expect(section.getByRole('heading', { name: 'Data key', exact: true })).toBeVisible()
  return section
}
async function openKeys({ main, page }: Scene, vault = locked) {
  scriptKeys(main)
  main.emit('vault', 'state', vault)
  await openPage(page, main.url, '/keys')
  const banner = page.getByRole('status').filter({ hasText: 'The vault is locked' })
  await expect(banner).toBeVisible()
  return banner
}
const refuse = ({ main }: Scene, error: AppError) =>
  main.answer('vault', 'unlock', () => {
    throw error
  })

screen('vault-key-file', { ...everyWay, small: true }, async (scene) => {
  await openSettings(scene, open)
})
screen('vault-system', { chinese: true }, async (scene) => {
  await openSettings(scene, { ...open, storage: 'operating-system' })
})
screen('vault-opening', { chinese: true }, async (scene) => {
  await openSettings(scene, { ...open, state: { kind: 'opening' }, storage: null })
})
const failure = { code: 'DATA_KEY_UNUSABLE', details: { path: '/data/data-key.json', reason: 'it is not whole' } }
const unusable: VaultState = { ...open, state: { kind: 'unusable', failure }, storage: null }
screen('vault-unusable', { chinese: true }, async (scene) => {
  await openSettings(scene, unusable)
})
screen('vault-banner-unusable', { chinese: true }, async ({ main, page }) => {
  scriptKeys(main)
  main.emit('vault', 'state', unusable)
  await openPage(page, main.url, '/keys')
  await expect(page.getByRole('alert').filter({ hasText: 'No key can be asked until it can be read.' })).toBeVisible()
})
screen('vault-passphrase', everyWay, async (scene) => {
  const section = await openSettings(scene, guarded)
  await section.getByLabel('New passphrase', { exact: true }).fill('correct horse')
  await section.getByLabel('New passphrase again').fill('correct house')
  await expect(section.getByText('The two are not the same.')).toBeVisible()
})
screen('vault-locked', { ...everyWay, small: true }, async (scene) => {
  await openSettings(scene, locked)
})
screen('vault-wrong-passphrase', { chinese: true }, async (scene) => {
  refuse(scene, new AppError('VAULT_PASSPHRASE_WRONG'))
  const section = await openSettings(scene, locked)
  await section.getByRole('textbox', { name: 'Passphrase' }).fill('another passphrase')
  await section.getByRole('textbox', { name: 'Passphrase' }).press('Enter')
  await expect(section.getByText('That is not the passphrase of the vault.')).toBeVisible()
})
screen('vault-wrong-present', { chinese: true }, async (scene) => {
  scene.main.answer('vault', 'setPassphrase', () => {
    throw new AppError('VAULT_TRY_LATER', { seconds: 41 })
  })
  const section = await openSettings(scene, guarded)
  await section.getByLabel('Present passphrase').first().fill('correct house')
  await section.getByRole('button', { name: 'Remove passphrase' }).click()
  await expect(section.getByText('Too many wrong passphrases. Try again in 41 s.')).toBeVisible()
})
screen('vault-rotated', { chinese: true }, async (scene) => {
  scene.main.answer('vault', 'rotate', () => ({ resealed: 27 }))
  const section = await openSettings(scene, guarded)
  await section.getByLabel('Present passphrase').last().fill('correct horse')
  await section.getByRole('button', { name: 'Replace the data key' }).click()
  await expect(scene.page.getByText('27 secrets were sealed again')).toBeVisible()
})

screen('vault-banner', { ...everyWay, small: true }, async (scene) => {
  await openKeys(scene)
})
screen('vault-banner-wrong', everyWay, async (scene) => {
  refuse(scene, new AppError('VAULT_PASSPHRASE_WRONG'))
  const banner = await openKeys(scene)
  await banner.getByLabel('Passphrase').fill('another passphrase')
  await banner.getByRole('button', { name: 'Unlock' }).click()
  await expect(banner.getByText('That is not the passphrase of the vault.')).toBeVisible()
})
screen('vault-banner-later', { chinese: true, small: true }, async (scene) => {
  refuse(scene, new AppError('VAULT_TRY_LATER', { seconds: 41 }))
  const banner = await openKeys(scene)
  await banner.getByLabel('Passphrase').fill('another passphrase')
  await banner.getByRole('button', { name: 'Unlock' }).click()
  await expect(banner.getByText('Too many wrong passphrases. Try again in 41 s.')).toBeVisible()
})
