import { expect, test } from '@playwright/test'
import { AppError } from '../../../app/shared/errors.ts'
import { tryItPage } from '../../lib/pages/try-it-page.ts'
import { type Scene, screen } from '../../lib/screens.ts'
import { answer, largeAnswer, scriptTryIt, unreachable } from '../../lib/try-it-samples.ts'

// The Tools tab in its states: what docs/screenshots shows and what axe reads.
test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
test.slow()

async function open({ page, main }: Scene, operation: string, result = answer) {
  scriptTryIt(main, result)
  const tools = tryItPage(page)
  await tools.open(main.url, operation)
  await tools.wholePage()
  return tools
}
const everyWay = { chinese: true, dark: true, small: true }

screen('try-it-tools', { chinese: true }, async (scene) => {
  const tools = await open(scene, '')
  await expect(tools.tool('oldReport')).toBeVisible()
})
screen('try-it', everyWay, async (scene) => {
  const tools = await open(scene, 'getForecast')
  await tools.drawer.getByRole('button', { name: 'Fill in the example' }).click()
  await tools.send.click()
  await expect(tools.response).toContainText('Status 200')
})
screen('try-it-drawer', { chinese: true, small: true }, async ({ page, main }) => {
  scriptTryIt(main)
  const tools = tryItPage(page)
  await tools.open(main.url, 'getForecast')
  await tools.field('city').fill('Hangzhou')
  await tools.send.click()
  await expect(tools.response).toContainText('Status 200')
})
screen('try-it-form', { chinese: true }, async (scene) => {
  const tools = await open(scene, 'createAlert')
  await tools.drawer.getByRole('button', { name: 'Fill in the example' }).click()
  await tools.field('message').scrollIntoViewIfNeeded()
})
screen('try-it-missing', { chinese: true }, async (scene) => {
  const tools = await open(scene, 'createAlert')
  await tools.field('latitude').fill('91')
  await tools.send.click()
  await expect(tools.drawer.getByText('This is required.').first()).toBeVisible()
})
screen('try-it-json', { chinese: true, dark: true }, async (scene) => {
  const tools = await open(scene, 'getForecast')
  await tools.mode('JSON').check()
  await tools.field('Arguments as JSON').fill('{\n  "city": "Hangzhou",\n  "days" 3\n}')
  await expect(tools.drawer.getByText('a colon is missing')).toBeVisible()
})
screen('try-it-code', { chinese: true }, async (scene) => {
  const tools = await open(scene, 'getForecast')
  await tools.drawer.getByRole('button', { name: 'Fill in the example' }).click()
  await tools.mode('Code').check()
  await expect(tools.drawer.getByText('curl -sS')).toBeVisible()
})
screen('try-it-large', { dark: true }, async (scene) => {
  const tools = await open(scene, 'ping', largeAnswer)
  await tools.send.click()
  await expect(tools.response.getByRole('tree')).toBeVisible()
  await tools.response.getByRole('button', { name: 'Fold all', exact: true }).click()
})
screen('try-it-failed', { chinese: true, dark: true }, async (scene) => {
  const tools = await open(scene, 'ping', unreachable)
  await tools.send.click()
  await expect(tools.response.getByRole('alert')).toBeVisible()
})
screen('try-it-headers', {}, async (scene) => {
  const tools = await open(scene, 'ping')
  await tools.send.click()
  await tools.response.getByRole('radio', { name: 'Request' }).check()
  await expect(tools.response).toContainText('Secrets are masked')
})
screen('try-it-running', {}, async (scene) => {
  const tools = await open(scene, 'ping')
  scene.main.answer('plugins', 'call', () => new Promise(() => {}))
  await tools.send.click()
  await expect(tools.drawer.getByText(/Running for/)).toBeVisible()
})
screen('try-it-disabled', { chinese: true }, async (scene) => {
  const tools = await open(scene, 'oldReport')
  await expect(tools.drawer.getByText(/oldReport cannot be called/)).toBeVisible()
})
screen('try-it-gone', {}, async (scene) => {
  scriptTryIt(scene.main)
  scene.main.answer('plugins', 'tool', () => {
    throw new AppError('TOOL_NOT_FOUND', { plugin: 'Weather', tool: 'noSuchTool' })
  })
  const tools = tryItPage(scene.page)
  await tools.open(scene.main.url, 'noSuchTool')
  await expect(tools.drawer.getByRole('alert')).toContainText('no tool noSuchTool')
})
