import { expect, test } from '@playwright/test'
import type { KeyTest } from '../../../app/shared/contracts/keys.ts'
import { AppError } from '../../../app/shared/errors.ts'
import { endingKey, keyTest, manyKeys, refusedTest, sampleKeys } from '../../lib/keys-samples.ts'
import { keysPage } from '../../lib/pages/keys-page.ts'
import { typeIntoPalette } from '../../lib/pages/open.ts'
import { scriptKeys } from '../../lib/scripted-keys.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { pictureTime } from '../../lib/scripted-platform.ts'

let main: ScriptedMain
test.beforeEach(async ({ page }) => {
  main = await startScriptedMain()
  await page.clock.setFixedTime(pictureTime)
})
test.afterEach(() => main.stop())

test('keys say how they are, what they were used for and what it cost', async ({ page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  await expect
    .poll(keys.names)
    .toEqual([
      ...['百炼-主用', '百炼-备用', '百炼-万相', 'openai-pictures', 'openai-main', 'openai-second', 'openai-old'],
      ...['workstation', 'lab', 'Sandbox'],
    ])
  for (const [name, words] of [
    ['openai-main', ['ready', 'gpt-4', 'primary', 'sk-t****0001', '18,204', '0.2 %', '$131.20 of $200', 'in 11 days']],
    ['openai-second', ['cooling down', '42 s', '8.7 %', 'Rate limit reached']],
    ['openai-old', ['refused as a bad key', '100 %']],
    ['openai-pictures', ['budget spent', '13 d']],
    ['百炼-备用', ['expired', '2 days ago']],
    ['workstation', ['breaker open', '3 min 5 s']],
    ['lab', ['disabled: moving to the new rack']],
  ] as const) {
    for (const word of words) await expect(keys.row(name)).toContainText(word)
  }
  await expect(page.getByRole('img', { name: '5 need attention' })).toBeVisible()
  await expect(keys.row('openai-main').getByRole('meter')).toHaveAttribute('aria-valuenow', '66')
})

test('a countdown goes on while nothing else in the list is painted', async ({ page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  const timer = keys.row('openai-second').getByRole('timer')
  await expect(timer).toHaveText('42 s')
  await page.evaluate(() => {
    const painted: string[] = []
    new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement
        painted.push(element?.closest('[role="timer"]') ? 'timer' : (element?.outerHTML.slice(0, 80) ?? ''))
      }
    }).observe(document.querySelector('[role="treegrid"]')!, { subtree: true, childList: true, characterData: true })
    Object.assign(window, { painted })
  })
  await page.clock.setFixedTime(pictureTime + 5_000)
  await expect(timer).toHaveText('37 s')
  expect(new Set(await page.evaluate(() => (window as unknown as { painted: string[] }).painted))).toEqual(
    new Set(['timer']),
  )
  await page.clock.setFixedTime(pictureTime + 43_000)
  await expect(timer).toHaveText('any moment')
})

test('the filter understands words, states, vendors and tiers in both languages, and can be cleared', async ({
  page,
}) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  await expect(keys.row('Sandbox')).toBeVisible()
  await page.keyboard.press('/')
  await page.keyboard.type('tier:primary vendor:openai')
  await expect.poll(keys.names).toEqual(['openai-pictures', 'openai-main', 'openai-second'])
  await keys.filter.fill('状态:欠费')
  await expect.poll(keys.names).toEqual(['百炼-万相'])
  await keys.filter.fill('new rack')
  await expect.poll(keys.names).toEqual(['lab'])
  await keys.filter.fill('nonsense')
  await expect(page.getByText('10 keys are hidden by the filter.')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).click()
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Failing' }).click()
  await expect.poll(keys.names).toEqual(['百炼-备用', '百炼-万相', 'openai-pictures', 'openai-old', 'workstation'])
})

test('disable asks why and can be undone; remove names its victims and what nobody serves then', async ({ page }) => {
  const { byId } = scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  await keys.choose('openai-main', 'Disable…')
  await keys.dialog.getByLabel('Reason').fill('audit of costs')
  await keys.dialog.getByRole('button', { name: 'Disable' }).click()
  await expect(keys.row('openai-main')).toContainText('disabled: audit of costs')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(keys.row('openai-main')).toContainText('ready')

  for (const name of ['openai-pictures', 'Sandbox']) {
    await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).click()
  }
  await page.getByRole('button', { name: 'Remove…' }).click()
  await expect(keys.dialog.getByText('openai-pictures')).toBeVisible()
  await expect(keys.dialog.getByText('No other key serves: OpenAI dalle, Sandbox sandbox')).toBeVisible()
  await keys.dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(byId.size).toBe(10)
  await page.getByRole('button', { name: 'Remove…' }).click()
  await keys.dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(keys.row('Sandbox')).toHaveCount(0)
  expect(main.inputsOf('keys.remove')).toEqual([{ ids: ['openai-pictures', 'Sandbox'] }])
})

test('a new key is tried while it is typed, and what answered is saved', async ({ page }) => {
  const scripted = scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  let answer: (test: KeyTest) => void = () => {}
  scripted.vendorAnswers((secret) =>
    secret === 'sk-test-good-0001' ? keyTest() : new Promise((resolve) => (answer = resolve)),
  )
  await page.getByRole('button', { name: 'Add a key…' }).click()
  const { dialog } = keys
  const save = dialog.getByRole('button', { name: 'Save', exact: true })
  await expect(dialog.getByLabel('Name')).toHaveValue('openai-gpt-4')
  await expect(dialog.getByLabel('Secret')).toHaveAttribute('type', 'password')
  await dialog.getByLabel('Secret').fill('sk-test-slow-0001')
  await expect(dialog.getByText('Asking the vendor…')).toBeVisible()
  await expect(save).toBeDisabled()
  await expect.poll(() => main.inputsOf('keys.tryOut').length).toBe(1)
  // The answer to what has been changed since does not count.
  await dialog.getByLabel('Secret').fill('sk-test-good-0001')
  answer(refusedTest())
  await expect(dialog.getByText('Answered in 182 ms · 7 models')).toBeVisible()
  await expect(dialog.getByText('gpt-4o, gpt-4o-mini')).toBeVisible()
  await dialog.getByRole('button', { name: 'Limits, budget, expiry and names of models…' }).click()
  await dialog.getByLabel('Budget a month, USD').fill('12.5')
  await dialog.getByLabel('Requests a minute').fill('none')
  await expect(dialog.getByText('A whole number from 1, or nothing')).toBeVisible()
  await expect(save).toBeDisabled()
  await dialog.getByLabel('Requests a minute').fill('1,200')
  await save.click()
  await expect(page.getByText('Added openai-gpt-4')).toBeVisible()
  expect(main.inputsOf('keys.add')).toEqual([
    {
      ...{ vendor: 'openai', service: 'gpt-4', name: 'openai-gpt-4', tier: 'primary', baseUrl: null, weight: 1 },
      ...{ rpm: 1200, tpm: null, concurrency: null, monthlyBudget: 12_500_000, expiresAt: null, modelMapping: {} },
      secret: 'sk-test-good-0001',
    },
  ])
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(keys.drawer.getByRole('heading', { name: 'openai-gpt-4' })).toBeVisible()
})

test('a key that the vendor refuses is saved on purpose only, and a duplicate names the other', async ({ page }) => {
  const scripted = scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  scripted.vendorAnswers(() => refusedTest())
  await expect(keys.row('Sandbox')).toBeVisible()
  await page.keyboard.press('n')
  const { dialog } = keys
  await dialog.getByRole('combobox', { name: 'Vendor' }).click()
  await page.getByRole('option', { name: 'OpenAI-compatible' }).click()
  await dialog.getByLabel('Secret').fill('sk-test-openai-main')
  await expect(dialog.getByRole('button', { name: 'Save anyway' })).toBeDisabled()
  await dialog.getByLabel('Base URL').fill('http://10.0.0.1:8000/v1')
  await dialog.getByRole('button', { name: 'Service: vllm' }).click()
  await expect(dialog.getByText('Incorrect API key provided')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await dialog.getByRole('button', { name: 'Save anyway' }).click()
  await expect(dialog.getByText('The key openai-main has the same secret already.')).toBeVisible()
  await dialog.getByLabel('Secret').fill('sk-test-other-0001')
  await dialog.getByRole('button', { name: 'Save anyway' }).click()
  await expect(keys.row('openai-compatible-vllm')).toContainText('sk-t****0001')
})

test('the drawer shows, edits, reveals for a while, rotates, tests and resets', async ({ page }) => {
  const scripted = scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  await keys.row('openai-main').click()
  const { drawer } = keys
  await expect(drawer.getByText('still tried; ends in 21 hours')).toBeVisible()

  await drawer.getByLabel('Requests a minute').fill('900')
  await drawer.getByLabel('Tier', { exact: true }).fill('backup')
  await drawer.getByRole('button', { name: 'Save' }).click()
  await expect(drawer.getByText('OpenAI · gpt-4 · backup')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(drawer.getByText('OpenAI · gpt-4 · primary')).toBeVisible()
  expect(main.inputsOf('keys.change')).toEqual([
    { id: 'openai-main', facts: { tier: 'backup', rpm: 900 } },
    { id: 'openai-main', facts: { tier: 'primary', rpm: 600 } },
  ])

  await drawer.getByLabel('Base URL (optional)').fill('https://proxy.test/v1')
  await expect(drawer.getByRole('button', { name: 'Save' })).toBeDisabled()
  await drawer.getByLabel('Secret for the new address').fill('sk-test-openai-main')
  await drawer.getByRole('button', { name: 'Save' }).click()
  await expect(drawer.getByLabel('Secret for the new address')).toHaveCount(0)
  expect(main.inputsOf('keys.change').at(-1)).toEqual({
    ...{ id: 'openai-main', facts: { baseUrl: 'https://proxy.test/v1' }, secret: 'sk-test-openai-main' },
  })

  main.answer('keys', 'reveal', () => ({ secret: 'sk-test-revealed-0001', until: pictureTime + 1500 }))
  await drawer.getByRole('button', { name: /^Reveal/ }).click()
  await expect(drawer.getByText('sk-test-revealed-0001')).toBeVisible()
  await expect(drawer.getByRole('timer')).toHaveText('2 s')
  await expect(drawer.getByText('sk-test-revealed-0001')).toHaveCount(0)

  await drawer.getByRole('button', { name: 'Rotate…' }).click()
  await keys.dialog.getByLabel('New secret').fill('sk-test-new-0002')
  await keys.dialog.getByText('7 d').click()
  await keys.dialog.getByRole('button', { name: 'Rotate', exact: true }).click()
  await expect(page.getByText('openai-main has its new secret')).toBeVisible()
  expect(main.inputsOf('keys.rotate')).toEqual([{ id: 'openai-main', secret: 'sk-test-new-0002', graceHours: 168 }])

  await drawer.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(page.getByText('openai-main answered in 182 ms and offers 7 models')).toBeVisible()
  scripted.vendorAnswers(() => refusedTest())
  await drawer.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(page.getByRole('alert').getByText('Incorrect API key provided')).toBeVisible()

  await keys.openTab('openai-second', 'summary')
  await drawer.getByRole('button', { name: 'Reset the pause' }).click()
  await expect(keys.row('openai-second')).toContainText('ready')
  await keys.openTab('gone', 'summary')
  await expect(drawer.getByText('This key is not here')).toBeVisible()
})

test('an account that ends within a week is marked in the list, and the drawer says when', async ({ page }) => {
  const { change } = scriptKeys(main, [...sampleKeys(), endingKey()])
  const keys = keysPage(page)
  await keys.open(main.url)
  const mark = keys.grid.getByRole('img', { name: /left/ })
  await expect(keys.row('deepseek').getByRole('img', { name: /left/ })).toHaveAccessibleName(
    '¥42.50 left · At the use of the last 7 days it ends in 4 days.',
  )
  await expect(mark).toHaveCount(1)
  await keys.row('deepseek').click()
  const { drawer } = keys
  await expect(drawer.getByText('¥42.50 told by the vendor 3 hours ago')).toBeVisible()
  await expect(drawer.getByText('it ends in 4 days.')).toBeVisible()

  const balance = {
    amount: 900_000_000,
    currency: 'CNY',
    at: pictureTime,
    runsOutAt: pictureTime + 90 * 86_400_000,
  } as const
  change('deepseek', { balance })
  await expect(drawer.getByText('it ends in 90 days.')).toBeVisible()
  await expect(mark).toHaveCount(0)
  change('deepseek', { balance: { ...balance, amount: 0, runsOutAt: null } })
  await expect(drawer.getByText('Nothing is left.')).toBeVisible()
  await expect(mark).toHaveCount(1)
  change('deepseek', { balance: null })
  await expect(drawer.getByText('Balance')).toHaveCount(0)
})

test('the list, the tokens and the usage have a face for loading, for nothing and for a refusal', async ({ page }) => {
  main.silence('keys', 'updates')
  main.silence('gateway', 'tokens')
  let refused = false
  main.tellBy('gateway', 'usage', () => {
    if (refused) throw new AppError('STORE_DAMAGED', { reason: 'test' })
    return { rows: [] }
  })
  const keys = keysPage(page)
  await keys.open(main.url)
  const loading = page.getByRole('main').getByRole('status', { name: 'Loading' })
  await expect(loading).toBeVisible()
  main.emit('keys', 'updates', { kind: 'snapshot', keys: [] })
  await expect(page.getByRole('heading', { name: 'No keys yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Tokens' }).click()
  await expect(loading).toBeVisible()
  main.emit('gateway', 'tokens', { kind: 'snapshot', tokens: [] })
  await expect(page.getByRole('heading', { name: 'No tokens yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Usage' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing was used in this time' })).toBeVisible()
  refused = true
  await page.getByText('7 days').click()
  await expect(page.getByRole('alert')).toContainText('STORE_DAMAGED')
})

test('a thousand keys open, sort, filter and change while one looks', async ({ page }) => {
  const scripted = scriptKeys(main, manyKeys(1000))
  const keys = keysPage(page)
  await keys.open(main.url)
  await expect(keys.row('key-0001')).toBeVisible()
  expect(await keys.grid.getByRole('row').count()).toBeLessThan(60)
  await page.getByRole('button', { name: 'Today' }).click()
  await keys.filter.fill('key-0998')
  await expect.poll(keys.names).toEqual(['key-0998'])
  scripted.change('key-0998', { state: { kind: 'cooling', until: pictureTime + 9000 } })
  await expect(keys.row('key-0998')).toContainText('cooling down')
})

test('a whole round without a mouse: find, open, look through the tabs, disable, test, remove', async ({ page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  await expect(keys.row('openai-main')).toBeVisible()
  const press = (key: string) => page.keyboard.press(key)
  await press('/')
  await page.keyboard.type('openai-main')
  await expect.poll(keys.names).toEqual(['openai-main'])
  for (let i = 0; i < 14; i++) {
    if (await page.evaluate(() => document.activeElement?.getAttribute('role') === 'row')) break
    await press('Tab')
  }
  await press('j')
  await expect(keys.row('openai-main')).toBeFocused()
  for (const [key, tab] of [
    ['u', 'Use'],
    ['v', 'Tests'],
    ['c', 'Changes'],
  ] as const) {
    await press(key)
    await expect(keys.drawer.getByRole('link', { name: tab })).toHaveAttribute('aria-current', 'page')
  }
  await press('Escape')
  await expect(keys.drawer).toHaveCount(0)
  await keys.row('openai-main').focus()
  await press('t')
  await expect(page.getByText('openai-main answered in 182 ms')).toBeVisible()
  await press('e')
  await expect(keys.dialog.getByLabel('Reason')).toBeFocused()
  await page.keyboard.type('no reason')
  await press('Enter')
  await expect(keys.row('openai-main')).toContainText('disabled: no reason')
  await keys.row('openai-main').focus()
  await press('e')
  await expect(keys.row('openai-main')).toContainText('ready')
  await press('Delete')
  await expect(keys.dialog.getByText('Remove openai-main?')).toBeVisible()
  await press('Escape')
  await expect(keys.row('openai-main')).toBeVisible()
})

test('from any page the palette opens a key by its name and adds another', async ({ page }) => {
  scriptKeys(main)
  const keys = keysPage(page)
  await keys.open(main.url)
  await expect(keys.row('lab')).toBeVisible()
  await page.keyboard.press('Control+1')
  await typeIntoPalette(page, 'add a key')
  await expect(page.getByRole('option', { selected: true })).toContainText('Add a key')
  await page.keyboard.press('Enter')
  await expect(keys.dialog.getByRole('heading', { name: 'Add a key', exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(keys.dialog).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await page.keyboard.type('workstation')
  await expect(page.getByRole('option', { selected: true })).toContainText('workstation')
  await page.keyboard.press('Enter')
  await expect(keys.drawer.getByText('OpenAI-compatible · ollama · local')).toBeVisible()
})
