import { expect, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import {
  endingKey,
  importedKey,
  keyTest,
  manyKeys,
  refusedTest,
  row,
  sampleKeys,
  token,
  usageRows,
} from '../../lib/keys-samples.ts'
import { keysPage } from '../../lib/pages/keys-page.ts'
import { openPage } from '../../lib/pages/open.ts'
import { samplePlugins } from '../../lib/plugin-samples.ts'
import { endpoint, type Scene, screen } from '../../lib/screens.ts'
import { scriptKeys } from '../../lib/scripted-keys.ts'
import { before, pictureTime } from '../../lib/scripted-platform.ts'
import { scriptRouting } from '../../lib/scripted-routing.ts'

// Every state of the keys page: what docs/screenshots shows and what axe reads.
test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
test.slow()

async function openList({ main, page }: Scene, rows = sampleKeys()) {
  const scripted = scriptKeys(main, rows)
  const keys = keysPage(page)
  await keys.open(main.url)
  await expect(keys.grid).toBeVisible()
  return { ...scripted, ...keys }
}

const sealedExport = JSON.stringify(
  {
    ...{ format: 'pilothouse-keys', version: 1, cipher: 'aes-256-gcm', kdf: 'scrypt', N: 32_768, r: 8, p: 1 },
    ...{ salt: 'AAAAAAAAAAAAAAAAAAAAAA==', nonce: 'AAAAAAAAAAAAAAAA', tag: 'AAAAAAAAAAAAAAAAAAAAAA==', data: 'AAAA' },
  },
  null,
  2,
)

screen('keys', { chinese: true, dark: true, small: true }, async (scene) => {
  await openList(scene)
})
async function openWithTroubles({ main, page }: Scene): Promise<void> {
  scriptRouting(main).standings([{ name: 'text_to_image', choices: 3, ready: 0, brought: [] }])
  const [first, ...others] = sampleKeys()
  const { id, name } = { id: 'soon', name: 'a guest' }
  const soon = { ...first!, id, name, state: { kind: 'ready' as const }, expiresAt: pictureTime + 2 * 24 * 3_600_000 }
  scriptKeys(main, [soon, first!, ...others])
  await openPage(page, main.url, '/overview')
  const attention = page.getByRole('region', { name: /things need attention/ })
  await expect(attention).toContainText('2 more under Keys')
  await expect(attention).toContainText('No key can serve it now.')
}
screen('overview-keys', { chinese: true, containers: () => ({ gateway: {} }) }, openWithTroubles)
screen('overview-without-docker', { dark: true, containers: () => ({}) }, async (scene) => {
  const details = { endpoint, reason: 'connect ENOENT /var/run/docker.sock' }
  const failed = { kind: 'failed', endpoint, since: before(95_000), retryAt: before(-8000) } as const
  scene.main.emit('docker', 'state', { ...failed, code: 'DOCKER_UNREACHABLE', details })
  await openWithTroubles(scene)
  await expect(scene.page.getByRole('heading', { name: /^Docker does not answer/ })).toBeVisible()
  await expect(scene.page.getByRole('region', { name: 'Last changes' })).toBeVisible()
})
screen('keys-loading', {}, async ({ main, page }) => {
  main.silence('keys', 'updates')
  await keysPage(page).open(main.url)
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toBeVisible()
})
screen('keys-empty', { chinese: true }, async ({ main, page }) => {
  scriptKeys(main, [])
  await keysPage(page).open(main.url)
  await expect(page.getByRole('heading', { name: 'No keys yet' })).toBeVisible()
})
screen('keys-filtered-to-nothing', {}, async (scene) => {
  const keys = await openList(scene)
  await keys.filter.fill('state:cooling vendor:aliyun')
  await expect(scene.page.getByText('Nothing matches the filter')).toBeVisible()
})
screen('keys-thousand', {}, async (scene) => {
  await openList(scene, manyKeys(1000))
})
screen('keys-selection', { chinese: true }, async (scene) => {
  await openList(scene)
  for (const name of ['openai-second', 'workstation']) {
    await scene.page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
  }
  await expect(scene.page.getByText('2 selected')).toBeVisible()
})
screen('keys-menu', { chinese: true }, async (scene) => {
  const keys = await openList(scene)
  await keys.row('openai-second').hover()
  await scene.page.getByRole('button', { name: 'Actions for openai-second' }).click()
  await expect(scene.page.getByRole('menu')).toBeVisible()
})
screen('keys-remove', { chinese: true }, async (scene) => {
  const keys = await openList(scene)
  await keys.choose('openai-pictures', 'Remove…')
  await expect(keys.dialog.getByText('No other key serves')).toBeVisible()
})
screen('keys-disable', { chinese: true }, async (scene) => {
  const keys = await openList(scene)
  await keys.choose('Sandbox', 'Disable…')
  await keys.dialog.getByLabel('Reason').fill('we are online now')
})

screen('keys-add', { chinese: true, dark: true }, async (scene) => {
  const keys = await openList(scene)
  await scene.page.getByRole('button', { name: 'Add a key…' }).click()
  await keys.dialog.getByLabel('Secret').fill('sk-test-good-0001')
  await expect(keys.dialog.getByText('Answered in 182 ms')).toBeVisible()
})
screen('keys-add-refused', { chinese: true, dark: true }, async (scene) => {
  const keys = await openList(scene)
  keys.vendorAnswers(() => refusedTest())
  await scene.page.getByRole('button', { name: 'Add a key…' }).click()
  await keys.dialog.getByLabel('Secret').fill('sk-test-openai-main')
  await keys.dialog.getByRole('button', { name: 'Limits, budget, expiry and names of models…' }).click()
  await keys.dialog.getByLabel('Requests a minute').fill('many')
  await keys.dialog.getByLabel('Requests a minute').fill('')
  await expect(keys.dialog.getByText('Incorrect API key provided')).toBeVisible()
  await keys.dialog.getByRole('button', { name: 'Save anyway' }).click()
  await expect(keys.dialog.getByText('has the same secret already')).toBeVisible()
})
screen('keys-import', { chinese: true, dark: true }, async (scene) => {
  const keys = await openList(scene)
  keys.importFinds([
    importedKey(),
    importedKey({ name: 'DASHSCOPE_API_KEY', vendor: 'aliyun', service: 'qwen', maskedSecret: 'sk-t****9002' }),
    importedKey({ name: 'OPENAI_API_KEY_2', outcome: 'duplicate', reason: 'openai-main' }),
    importedKey({
      ...{ name: 'ACME_API_KEY', vendor: null, service: '', tier: '', maskedSecret: 'sk-t****9004' },
      ...{ outcome: 'unreadable', reason: 'the vendor ACME is not known' },
    }),
  ])
  await keys.more('Import…')
  await keys.dialog
    .getByLabel('Text with keys')
    .fill('OPENAI_API_KEY=sk-test-9001\nDASHSCOPE_API_KEY=sk-test-9002\nOPENAI_API_KEY_2=sk-test-openai-main\n')
  await expect(keys.dialog.getByText('2 new, 1 here already, 1 unreadable')).toBeVisible()
})
screen('keys-import-sealed', { chinese: true, dark: true }, async (scene) => {
  const keys = await openList(scene)
  scene.main.answer('keys', 'importText', () => {
    throw new AppError('KEY_FILE_PASSPHRASE')
  })
  await keys.more('Import…')
  await keys.dialog.getByLabel('Text with keys').fill(sealedExport)
  await keys.dialog.getByLabel('Passphrase').fill('correct house')
  await keys.dialog.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(keys.dialog.getByText('That passphrase does not open the file.')).toBeVisible()
})
screen('keys-import-opened', { chinese: true }, async (scene) => {
  const keys = await openList(scene)
  keys.importFinds([
    importedKey({ name: 'openai-main', outcome: 'duplicate', reason: 'openai-main' }),
    importedKey({ name: '百炼-图像', vendor: 'aliyun', service: 'wanx', maskedSecret: 'sk-t****9002' }),
  ])
  await keys.more('Import…')
  await keys.dialog.getByLabel('Text with keys').fill(sealedExport)
  await keys.dialog.getByLabel('Passphrase').fill('correct horse')
  await keys.dialog.getByLabel('Passphrase').press('Enter')
  await expect(keys.dialog.getByText('1 new, 1 here already, 0 unreadable')).toBeVisible()
})
screen('keys-export', { chinese: true }, async (scene) => {
  const keys = await openList(scene)
  await keys.more('Export…')
  await keys.dialog.getByLabel('Passphrase', { exact: true }).fill('correct horse')
  await keys.dialog.getByLabel('Passphrase again').fill('correct house')
  await keys.dialog.getByRole('button', { name: /^Export/ }).click()
  await expect(keys.dialog.getByText('This is not the same passphrase')).toBeVisible()
})

screen('key-summary', { chinese: true, dark: true }, async (scene) => {
  const keys = await openList(scene)
  await keys.openTab('openai-main', 'summary')
  await scene.main.answer('keys', 'reveal', () => ({ secret: 'sk-test-revealed-0001', until: pictureTime + 30_000 }))
  await keys.drawer.getByRole('button', { name: /^Reveal/ }).click()
  await expect(keys.drawer.getByText('sk-test-revealed-0001')).toBeVisible()
})
screen('key-benched', { chinese: true }, async (scene) => {
  const keys = await openList(scene)
  await keys.openTab('openai-old', 'summary')
  await expect(keys.drawer.getByText('The vendor refused it.')).toBeVisible()
})
screen('key-balance', { chinese: true, dark: true }, async (scene) => {
  const keys = await openList(scene, [...sampleKeys(), endingKey()])
  await keys.openTab('deepseek', 'summary')
  await expect(keys.drawer.getByText('At the use of the last 7 days it ends in 4 days.')).toBeVisible()
})
screen('key-use', { chinese: true, dark: true }, async (scene) => {
  const keys = await openList(scene)
  await keys.openTab('openai-main', 'use')
  await expect(keys.drawer.getByRole('img', { name: 'Requests, last 24 hours' })).toBeVisible()
})
screen('key-tests', { chinese: true }, async (scene) => {
  const keys = await openList(scene)
  await keys.openTab('openai-main', 'tests')
  await expect(keys.drawer.getByText('gpt-3.5-turbo')).toBeVisible()
})
screen('key-changes', { chinese: true }, async (scene) => {
  scene.main.answer('audit', 'list', () => ({
    entries: (['reveal', 'change', 'disable', 'rotate', 'test', 'add'] as const).map((action, index) => ({
      ...{ sequence: 90 - index, time: before(index * 3_600_000), actor: 'browser', action: `key.${action}` },
      ...{ target: 'key openai-main', targetId: 'openai-main', before: null, after: null, outcome: 'done' },
      ...{ ends: null, code: null, hash: '' },
    })),
  }))
  const keys = await openList(scene)
  await keys.openTab('openai-main', 'changes')
  await expect(keys.drawer.getByText('Reveal the secret of openai-main')).toBeVisible()
})
screen('key-rotate', { chinese: true }, async (scene) => {
  const keys = await openList(scene)
  keys.vendorAnswers(() => keyTest())
  await keys.openTab('openai-main', 'summary')
  await keys.drawer.getByRole('button', { name: 'Rotate…' }).click()
  await keys.dialog.getByLabel('New secret').fill('sk-test-new-0002')
  await expect(keys.dialog.getByText('Answered in 182 ms')).toBeVisible()
})

async function openTokens({ main, page }: Scene) {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/tokens')
  await expect(keys.tokens).toBeVisible()
  return keys
}
screen('tokens', { chinese: true, dark: true, small: true }, async (scene) => {
  await openTokens(scene)
})
screen('tokens-empty', { chinese: true }, async ({ main, page }) => {
  scriptKeys(main, [], [])
  await keysPage(page).open(main.url, '/keys/tokens')
  await expect(page.getByRole('heading', { name: 'No tokens yet' })).toBeVisible()
})
screen('tokens-create', { chinese: true, dark: true }, async (scene) => {
  const keys = await openTokens(scene)
  await scene.page.getByRole('button', { name: 'Create a token…' }).click()
  await keys.dialog.getByRole('group', { name: 'Models' }).getByText('Only these').click()
  await keys.dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(keys.dialog.getByText('Name at least one')).toBeVisible()
})
screen('tokens-pick', { chinese: true, dark: true }, async (scene) => {
  scene.main.emit('plugins', 'updates', { kind: 'snapshot', plugins: samplePlugins() })
  const keys = await openTokens(scene)
  await scene.page.getByRole('button', { name: 'Create a token…' }).click()
  for (const kind of ['Models', 'Plugins'])
    await keys.dialog.getByRole('group', { name: kind }).getByText('Only these').click()
  const pick = async (kind: string, typed: string) => {
    await keys.dialog.getByRole('combobox', { name: kind }).fill(typed)
    await scene.page.keyboard.press('Enter')
  }
  for (const model of ['gpt-4o-mini', 'qwen-plus', 'text-embedding-3-large', 'my-own-model-of-the-lab'])
    await pick('Models', model)
  await pick('Plugins', 'weather')
  await keys.dialog.getByRole('combobox', { name: 'Models' }).fill('gpt')
  await expect(scene.page.getByRole('option').first()).toBeVisible()
})
screen('tokens-thousand', { chinese: true }, async ({ main, page }) => {
  const many = Array.from({ length: 1000 }, (_, at) =>
    token(`t${at}`, { name: `caller-${at}`, rpm: at % 3 ? null : 60 }),
  )
  scriptKeys(main, [], many)
  await keysPage(page).open(main.url, '/keys/tokens')
  await expect(page.getByText('caller-0', { exact: true })).toBeVisible()
})
screen('tokens-made', { chinese: true, dark: true }, async (scene) => {
  const keys = await openTokens(scene)
  await scene.page.getByRole('button', { name: 'Create a token…' }).click()
  await keys.dialog.getByLabel('Name', { exact: true }).fill('reports')
  await keys.dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(keys.dialog.getByText('ph_sk-test-made-token-0001')).toBeVisible()
})
screen('tokens-revoke', { chinese: true }, async (scene) => {
  const keys = await openTokens(scene)
  await keys.tokens.getByRole('row', { name: /ai-hub/ }).hover()
  await scene.page.getByRole('button', { name: 'Revoke ai-hub?' }).click()
  await expect(keys.dialog.getByText('are refused from the next request on')).toBeVisible()
})
screen('usage', { chinese: true, dark: true, small: true }, async ({ main, page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/usage')
  await expect(keys.usage.getByText('gpt-4o-mini')).toBeVisible()
})
screen('usage-days', { chinese: true }, async ({ main, page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/usage')
  await page.getByText('30 days').click()
  await page.getByRole('combobox', { name: 'By' }).click()
  await page.getByRole('option', { name: 'Day' }).click()
  await expect(page.getByRole('img', { name: 'Requests by day' })).toBeVisible()
  await expect(keys.usage.getByText('Mar 18')).toBeVisible()
})
screen('usage-thousand', { chinese: true }, async ({ main, page }) => {
  const rows = Array.from({ length: 1000 }, (_, at) => row(`model-${at}`, { requests: 100_000 - at * 97 }))
  scriptKeys(main).uses((by, from, to) => (by === 'model' ? rows : usageRows(by, from, to)))
  await keysPage(page).open(main.url, '/keys/usage')
  await expect(page.getByText('model-0', { exact: true })).toBeVisible()
})
screen('usage-few', { chinese: true }, async ({ main, page }) => {
  scriptKeys(main).uses((by, _, to) => [
    row(by === 'model' ? 'sandbox-chat' : new Date(to - 1800_000).toISOString(), { requests: 1, errors: 0, cost: [] }),
  ])
  await keysPage(page).open(main.url, '/keys/usage')
  await expect(page.getByText('sandbox-chat', { exact: true })).toBeVisible()
})
screen('usage-empty', { chinese: true }, async ({ main, page }) => {
  scriptKeys(main).uses(() => [])
  await keysPage(page).open(main.url, '/keys/usage')
  await expect(page.getByRole('heading', { name: 'Nothing was used in this time' })).toBeVisible()
})
