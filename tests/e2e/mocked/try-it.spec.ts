import { expect, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import { goTo } from '../../lib/pages/open.ts'
import { tryItPage } from '../../lib/pages/try-it-page.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { answer, calls, largeAnswer, scriptTryIt, unreachable } from '../../lib/try-it-samples.ts'

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain()
})
test.afterEach(() => main.stop())
const sent = () => main.inputsOf('plugins.call').map((input) => (input as { arguments: unknown }).arguments)

test('tools are listed with what they do, the disabled ones with the reason and the way to it', async ({ page }) => {
  scriptTryIt(main)
  const tools = tryItPage(page)
  await tools.open(main.url)
  await tools.wholePage()
  await expect(tools.tool('getForecast')).toContainText('Forecast for a place')
  await expect(tools.tool('streamRadar').getByRole('img', { name: 'cannot be called' })).toBeVisible()
  await expect(tools.tool('oldReport').getByRole('link', { name: 'Show findings' })).toHaveAttribute(
    'href',
    '#/plugins/weather/findings',
  )
  await tools.drawer.getByRole('searchbox', { name: 'Filter tools' }).fill('post alert')
  await expect(tools.drawer.getByText('1 of 6 tools')).toBeVisible()
  await tools.tool('createAlert').click()
  await expect(page).toHaveURL(/#\/plugins\/weather\/tools\/createAlert$/)
  await expect(tools.drawer.getByText('This call may change data at the other end.')).toBeVisible()
})

test('what is required is asked for before anything is sent, then the answer is there with its figures', async ({
  page,
}) => {
  scriptTryIt(main, () => answer({ dropped: ['colour'], attempts: 2 }))
  const tools = tryItPage(page)
  await tools.open(main.url, 'getForecast')
  await tools.send.click()
  await expect(tools.drawer.getByText('This is required.')).toBeVisible()
  await expect(tools.field('city')).toBeFocused()
  expect(sent()).toEqual([])
  await tools.field('city').fill('杭州')
  await expect(tools.drawer.getByText('This is required.')).toHaveCount(0)
  await tools.field('days').fill('15')
  await expect(tools.drawer.getByText('At most 14.')).toBeVisible()
  await tools.field('days').fill('5')
  await tools.drawer.getByRole('combobox', { name: 'hourly' }).click()
  await page.getByRole('option', { name: 'true' }).click()
  await tools.send.click()
  await expect(tools.response).toContainText('Status 200')
  for (const fact of ['348 ms', 'first byte 312 ms', '614 B', '2 attempts', 'not sent: colour']) {
    await expect(tools.response).toContainText(fact)
  }
  expect(sent()).toEqual([{ city: '杭州', days: 5, hourly: true }])

  await tools.response.getByRole('radio', { name: 'Headers' }).check()
  await expect(tools.response).toContainText('x-ratelimit-remaining')
  await tools.response.getByRole('radio', { name: 'Request' }).check()
  await expect(tools.response).toContainText('Bearer sk-1****9f2a')
})

test('nested objects, variants, lists and free objects make the arguments that the schema asks for', async ({
  page,
}) => {
  scriptTryIt(main)
  const tools = tryItPage(page)
  await tools.open(main.url, 'createAlert')
  await tools.field('name').fill('Rain')
  await tools.field('latitude').fill('30.27')
  await tools.field('longitude').fill('120')
  await tools.drawer.getByRole('radio', { name: 'Rain' }).check()
  await tools.field('millimetres').fill('0')
  await expect(tools.drawer.getByText('More than 0.')).toBeVisible()
  await tools.field('millimetres').fill('2.5')
  const add = tools.drawer.getByRole('button', { name: 'Add an item to recipients' })
  for (const [index, address] of ['b@example.com', 'a@example.com'].entries()) {
    await add.click()
    await tools.field(`Item ${index + 1}`).fill(address)
  }
  await tools.drawer.getByRole('button', { name: 'Move recipients Item 2 up' }).click()
  await tools.field('labels').fill('{"team": ')
  await expect(tools.drawer.getByText('Line 1, column 10: the text ends too early.')).toBeVisible()
  await tools.field('labels').fill('{"team": "garden"}')
  await tools.drawer.getByRole('button', { name: 'radius' }).click()
  await tools.field('value').fill('3')
  await page.keyboard.press('Control+Enter')
  await expect(tools.response).toContainText('Status 200')
  expect(sent()).toEqual([
    {
      name: 'Rain',
      where: { latitude: 30.27, longitude: 120, area: { radius: { value: 3 } } },
      condition: { kind: 'rain', millimetres: 2.5 },
      recipients: ['a@example.com', 'b@example.com'],
      labels: { team: 'garden' },
    },
  ])
})

test('form and JSON are two views of the same call; a mistake is told with its place', async ({ page }) => {
  scriptTryIt(main)
  const tools = tryItPage(page)
  await tools.open(main.url, 'getForecast')
  await tools.drawer.getByRole('button', { name: 'Fill in the example' }).click()
  await expect(tools.field('city')).toHaveValue('Hangzhou')
  await tools.mode('JSON').check()
  const json = tools.field('Arguments as JSON')
  await expect(json).toHaveValue('{\n  "city": "Hangzhou",\n  "days": 3,\n  "units": "metric"\n}')
  await json.fill('{\n  "city": "Oslo",\n  "days" 4\n}')
  await expect(tools.drawer.getByText('Line 3, column 10: a colon is missing.')).toBeVisible()
  await tools.mode('Form').check()
  await tools.drawer.getByRole('button', { name: 'Back to the JSON' }).click()
  await expect(json).toHaveValue('{\n  "city": "Oslo",\n  "days" 4\n}')
  await json.fill('{"city": "Oslo", "days": 4, "further": [1]}')
  await tools.mode('Form').check()
  await expect(tools.field('days')).toHaveValue('4')
  await expect(tools.field('Further arguments')).toHaveValue(/"further"/)
  await tools.mode('Code').check()
  await expect(tools.drawer.getByText("--data '{")).toContainText('"further":[1]')
  await tools.drawer.getByRole('radio', { name: 'Python' }).check()
  await expect(tools.drawer.getByText('import requests')).toBeVisible()
})

test('what main refuses is marked at its field', async ({ page }) => {
  scriptTryIt(main)
  main.answer('plugins', 'call', () => {
    throw new AppError('ARGUMENT_INVALID', { name: 'where.latitude', reason: 'that is in the sea' })
  })
  const tools = tryItPage(page)
  await tools.open(main.url, 'createAlert')
  await tools.drawer.getByRole('button', { name: 'Fill in the example' }).click()
  await tools.send.click()
  await expect(tools.drawer.getByText('Refused: that is in the sea')).toBeVisible()
  await expect(tools.response.getByRole('alert')).toContainText('ARGUMENT_INVALID')
  await tools.field('latitude').fill('31')
  await expect(tools.drawer.getByText('Refused: that is in the sea')).toHaveCount(0)
})

test('a file is sent with its name; one that is too large is refused here', async ({ page }) => {
  scriptTryIt(main)
  const tools = tryItPage(page)
  await tools.open(main.url, 'uploadImage')
  await tools.send.click()
  await expect(tools.drawer.getByText('This is required.')).toBeVisible()
  const input = tools.drawer.locator('input[type=file]')
  await input.setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(5_000_001) })
  await expect(tools.drawer.getByText('large.png is 5 MB; at most 5 MB can be sent.')).toBeVisible()
  await input.setInputFiles({ name: 'sky.png', mimeType: 'image/png', buffer: Buffer.from('sky') })
  await expect(tools.drawer.getByText('sky.png')).toBeVisible()
  await tools.send.click()
  await expect(tools.response).toContainText('Status 200')
  expect(sent()).toEqual([{ image: { filename: 'sky.png', mediaType: 'image/png', base64: 'c2t5' } }])
})

test('a running call is counted, can be cancelled, and goes on when the page is left', async ({ page }) => {
  let end = () => {}
  scriptTryIt(main)
  main.answer('plugins', 'call', () => new Promise((resolve) => (end = () => resolve(answer()))))
  const tools = tryItPage(page)
  await tools.open(main.url, 'ping')
  await tools.send.click()
  await expect(tools.drawer.getByText(/Running for/)).toBeVisible()
  await tools.drawer.getByRole('button', { name: 'Cancel the call' }).click()
  const [called] = main.inputsOf('plugins.call') as { callId: string }[]
  await expect.poll(() => main.inputsOf('plugins.cancelCall')).toEqual([{ callId: called?.callId }])
  await goTo(page, '/images')
  end()
  await goTo(page, '/plugins/weather/tools/ping')
  await expect(tools.response).toContainText('Status 200')
})

test('a failure says what to do and shows what was sent', async ({ page }) => {
  scriptTryIt(main, unreachable)
  const tools = tryItPage(page)
  await tools.open(main.url, 'ping')
  await tools.send.click()
  const alert = tools.response.getByRole('alert')
  await expect(alert).toContainText('api.open-meteo.example cannot be reached: connection refused')
  await expect(alert).toContainText('UPSTREAM_UNREACHABLE')
  await expect(tools.response).toContainText('3 attempts')
  await expect(tools.response).toContainText('GET https://api.open-meteo.example/v1/forecast')
})

test('a megabyte of JSON folds, moves by keys and is shown raw without a pause', async ({ page }) => {
  scriptTryIt(main, largeAnswer)
  const tools = tryItPage(page)
  await tools.open(main.url, 'ping')
  await tools.send.click()
  const tree = tools.response.getByRole('tree')
  await expect(tree.getByRole('treeitem').first()).toHaveText('[')
  expect(await tree.getByRole('treeitem').count()).toBeLessThan(120)
  await tools.response.getByRole('button', { name: 'Fold all', exact: true }).click()
  await expect(tree.getByRole('treeitem').nth(1)).toContainText('6 entries')
  await tree.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await expect(tree.getByRole('treeitem').nth(2)).toContainText('"index": 0')
  await page.keyboard.press('End')
  await expect(tree.getByRole('treeitem').last()).toHaveText(']')
  const since = Date.now()
  await tools.response.getByRole('checkbox', { name: 'Raw text' }).check()
  await expect(tools.response.getByText('are shown.')).toBeVisible()
  await tools.response.getByRole('button', { name: 'Show all' }).click()
  await expect(tools.response.getByText('are shown.')).toHaveCount(0)
  expect(Date.now() - since).toBeLessThan(5000)
})

test('without a mouse: choose a tool, fill it in, send, read, repeat an earlier call, send again', async ({ page }) => {
  scriptTryIt(main)
  const tools = tryItPage(page)
  await tools.open(main.url)
  const press = (key: string) => page.keyboard.press(key)
  await tools.drawer.getByRole('searchbox', { name: 'Filter tools' }).focus()
  await page.keyboard.type('forecast')
  await expect(tools.drawer.getByText('1 of 6 tools')).toBeVisible()
  await press('Tab')
  for (let i = 0; i < 4 && !(await tools.tool('getForecast').evaluate((it) => it === document.activeElement)); i++) {
    await press('Tab')
  }
  await press('Enter')
  await expect(tools.field('city')).toBeVisible()
  for (let i = 0; i < 20 && !(await tools.field('city').evaluate((it) => it === document.activeElement)); i++) {
    await press('Tab')
  }
  await page.keyboard.type('Suzhou')
  await press('Control+Enter')
  await expect(tools.response).toContainText('Status 200')
  await expect(tools.field('city')).toBeFocused()
  const again = tools.history.getByRole('button', { name: /^Repeat the call of/ })
  await expect(again).toHaveCount(3)
  await again.first().focus()
  await press('Enter')
  await expect(tools.field('city')).toHaveValue('Ningbo')
  await press('Control+Enter')
  await expect.poll(sent).toEqual([{ city: 'Suzhou' }, { city: 'Ningbo', days: 7 }])
  expect(main.inputsOf('plugins.recordedCall')).toEqual([{ callId: calls[0]?.callId }])
})
