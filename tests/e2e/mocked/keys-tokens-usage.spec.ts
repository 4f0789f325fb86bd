import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
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
  await dialog.getByPlaceholder('Names, set apart by commas').fill('qwen-plus， gpt-4o')
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

test('usage is asked by range and grouping, and saved as CSV that no spreadsheet takes for formulas', async ({
  page,
}) => {
  scriptKeys(main)
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
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as CSV' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('usage-feature-30d-2026-03-18.csv')
  expect(readFileSync(await saved.path(), 'utf8')).toBe(
    '\ufefffeature,label,requests,errors,input_tokens,output_tokens,images,cost_usd,cost_cny,average_ms,first_token_ms\r\n' +
      "a,chat,900,3,600000,200000,0,2.4,0,820,240\r\nb,'=SUM(A1),1200,3,600000,200000,0,2.4,0,820,240\r\n",
  )
})
