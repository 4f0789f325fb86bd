import { expect, test } from '@playwright/test'
import { row, token, usageRows } from '../../lib/keys-samples.ts'
import { keysPage } from '../../lib/pages/keys-page.ts'
import { plugin } from '../../lib/plugin-samples.ts'
import { scriptKeys } from '../../lib/scripted-keys.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { pictureTime } from '../../lib/scripted-platform.ts'

let main: ScriptedMain
test.beforeEach(async ({ page }) => {
  main = await startScriptedMain()
  await page.clock.setFixedTime(pictureTime)
})
test.afterEach(() => main.stop())

test('a token is made with scopes and limits, shown once, changed and revoked', async ({ page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/tokens')
  await expect(keys.tokens.getByRole('row', { name: /nightly-report/ })).toContainText(
    'Features: chat, embedding · Models: qwen-plus · Plugins: none',
  )
  await page.getByRole('button', { name: 'Create a token…' }).click()
  const { dialog } = keys
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(dialog.getByText('A token needs a name')).toBeVisible()
  await dialog.getByLabel('Name', { exact: true }).fill('reports')
  await dialog.getByRole('group', { name: 'Models' }).getByText('Only these').click()
  await dialog.getByRole('combobox', { name: 'Models' }).fill('qwen-plus， gpt-4o')
  await page.keyboard.press('Tab')
  await dialog.getByRole('group', { name: 'Plugins' }).getByText('None').click()
  await dialog.getByLabel('Requests a minute').fill('60')
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(dialog.getByText('ph_sk-test-made-token-0001')).toBeVisible()
  await expect(dialog.getByText('it is shown this once')).toBeVisible()
  await dialog.getByRole('button', { name: 'I have stored it' }).click()
  await expect(page.getByText('ph_sk-test-made-token-0001')).toHaveCount(0)
  expect(main.inputsOf('gateway.createToken')).toEqual([
    {
      name: 'reports',
      scopes: { features: null, models: ['qwen-plus', 'gpt-4o'], plugins: [] },
      ...{ rpm: 60, tpm: null, expiresAt: null },
    },
  ])
  const row = keys.tokens.getByRole('row', { name: /reports/ })
  await expect(row).toContainText('Models: qwen-plus, gpt-4o · Plugins: none')
  await row.hover()
  await row.getByRole('button', { name: 'Change reports' }).click()
  await dialog.getByLabel('Tokens a minute').fill('5000')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('5,000 tokens/min')
  await row.hover()
  await row.getByRole('button', { name: 'Revoke reports?' }).click()
  await expect(dialog.getByText('never used')).toBeVisible()
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
  await expect(row).toContainText('revoked')
})

test('one of a thousand tokens is found by its words, and so is a row of the usage', async ({ page }) => {
  const many = Array.from({ length: 1000 }, (_, at) => token(`t${at}`, { name: `caller-${at}` }))
  const rows = Array.from({ length: 1000 }, (_, at) => row(`model-${at}`, { requests: 100_000 }))
  scriptKeys(main, [], many).uses((by, from, to) => (by === 'model' ? rows : usageRows(by, from, to)))
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/tokens')
  const found = (grid: typeof keys.tokens) => grid.getByRole('row', { name: /-777/ })
  await expect(keys.tokens).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('active caller-777')
  await expect(found(keys.tokens)).toBeVisible()
  await expect(keys.tokens.getByRole('row')).toHaveCount(2)
  await page.keyboard.type(' nobody')
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await expect(keys.tokens.getByRole('row', { name: /caller-0/ })).toBeVisible()

  await page.getByRole('link', { name: 'Usage' }).click()
  await page.getByRole('searchbox', { name: 'Find a row' }).fill('MODEL-777')
  await expect(found(keys.usage)).toContainText('< 0.1 %')
  await expect(keys.usage.getByRole('row')).toHaveCount(2)
})

test('what a token opens is picked from what there is by the keyboard alone; models may be others, plugins not', async ({
  page,
}) => {
  scriptKeys(main)
  main.emit('plugins', 'updates', { kind: 'snapshot', plugins: [plugin('weather', { name: '天气查询' })] })
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/tokens')
  await page.getByRole('button', { name: 'Create a token…' }).click()
  const { dialog } = keys
  await dialog.getByLabel('Name', { exact: true }).fill('picked')
  for (const kind of ['Features', 'Models', 'Plugins'])
    await dialog.getByRole('group', { name: kind }).getByText('Only these').click()
  const field = (kind: string) => dialog.getByRole('combobox', { name: kind })
  const chips = dialog.getByRole('button', { name: /^Take out/ })

  await field('Features').focus()
  await page.keyboard.type('image_to')
  await expect(page.getByRole('option')).toHaveText(['image_to_image', 'Add “image_to”'])
  await page.keyboard.press('Enter')

  await field('Models').focus()
  await page.keyboard.type('my-own-model')
  await page.keyboard.press('Enter')
  await page.keyboard.type('gpt-4o-mi')
  await expect(page.getByRole('option').first()).toHaveText('gpt-4o-mini')
  await page.keyboard.press('Enter')
  await page.keyboard.type('wrong')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Backspace')
  await expect(chips).toHaveText(['', '', ''])
  await expect(chips.last()).toHaveAccessibleName('Take out gpt-4o-mini')

  await field('Plugins').focus()
  await page.keyboard.type('nobody has this')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toBeVisible()
  await field('Plugins').fill('天气')
  await expect(page.getByRole('option')).toHaveText(['天气查询weather'])
  await page.keyboard.press('Enter')
  await expect(chips).toHaveCount(4)
  await dialog.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(dialog.getByText('ph_sk-test-made-token-0001')).toBeVisible()
  expect(main.inputsOf('gateway.createToken')).toEqual([
    {
      name: 'picked',
      scopes: { features: ['image_to_image'], models: ['my-own-model', 'gpt-4o-mini'], plugins: ['weather'] },
      ...{ rpm: null, tpm: null, expiresAt: null },
    },
  ])
})

test('usage is shown by range and grouping, follows what is used while one looks, and is saved as it is asked', async ({
  page,
}) => {
  const scripted = scriptKeys(main)
  main.answer('gateway', 'exportUsage', () => ({ kind: 'saved', file: 'usage.csv' }))
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/usage')
  const names = () => keys.usage.getByRole('row').evaluateAll((rows) => rows.slice(1).map((one) => one.textContent))
  await expect(keys.usage.getByRole('row', { name: /gpt-4o-mini/ })).toContainText('15,210')
  await expect(page.getByRole('region', { name: 'Sums of the range' })).toContainText('$15.61 + ¥27.00')
  await expect(page.getByRole('img', { name: 'Requests by hour' })).toBeVisible()
  await keys.usage.getByRole('button', { name: 'Cost' }).click()
  await expect.poll(async () => (await names())[0]).toContain('qwen-plus')

  await page.getByText('30 days').click()
  await page.getByRole('combobox', { name: 'By' }).click()
  await page.getByRole('option', { name: 'Feature' }).click()
  await expect(page.getByRole('img', { name: 'Requests by day' })).toBeVisible()
  await expect(keys.usage.getByRole('row', { name: /chat/ })).toContainText('900')
  scripted.uses((by) => [row(by === 'feature' ? 'chat' : '2026-03-18', { requests: 4321, errors: 0 })])
  await expect(keys.usage.getByRole('row', { name: /chat/ })).toContainText('4,321')
  await expect(page.getByRole('region', { name: 'Sums of the range' })).toContainText('4,321')

  await page.getByRole('button', { name: 'Save as CSV' }).click()
  await expect(page.getByText('Saved to usage.csv')).toBeVisible()
  expect(main.inputsOf('gateway.exportUsage')).toEqual([
    { from: Date.UTC(2026, 1, 17), to: Date.UTC(2026, 2, 19), by: 'feature' },
  ])
})
