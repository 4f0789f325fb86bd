import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { endDeltas, sendDelta, startChatVendor } from '../../lib/chat-vendor.ts'
import { type ConsoleProcess, runCommand, startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { withConsole } from '../../lib/running-console.ts'
import { startTides, writeTidesPackage } from '../../lib/tides.ts'

// Agents on a real console: the page, the gateway, a plugin of a real service, and a vendor that does as it is told.

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
let folder: string
let base: number
let console_: ConsoleProcess
let tides: Awaited<ReturnType<typeof startTides>>
let vendor: Awaited<ReturnType<typeof startChatVendor>>
/** An answer that a test goes on with when it likes. */
let open: ServerResponse | null

const post = async (path: string, body: object, method = 'POST') => {
  const response = await fetch(`http://127.0.0.1:${base}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  // biome-ignore lint/suspicious/noExplicitAny: what comes is asserted
  return { status: response.status, json: (await response.json()) as any }
}
const log = (page: Page) => page.getByRole('log')
const field = (page: Page) => page.getByRole('textbox', { name: 'Message to Pilot' })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
async function say(page: Page, text: string): Promise<void> {
  await field(page).fill(text)
  await page.keyboard.press('Enter')
}

test.beforeEach(async () => {
  open = null
  tides = await startTides()
  vendor = await startChatVendor((_, response) => {
    sendDelta(response, { content: '# High water\n\nIt is at **04' })
    open = response
  })
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-agents-'))
  base = await freePorts(6)
  console_ = await startConsole({ data: join(folder, 'data'), platform: ['--port-base', String(base)], env })
  const imported = await runCommand([
    'plugins',
    'import',
    writeTidesPackage(folder, tides.url),
    '--data',
    console_.data,
  ])
  expect(imported.code).toBe(0)
  const key = { vendor: 'openai-compatible', service: 'lab', key_name: 'lab', api_key: 'sk-lab-0123456789' }
  expect((await post('/api/v1/keys', { ...key, base_url: vendor.url })).status).toBe(201)
  const candidates = [{ vendor: 'openai-compatible', service: 'lab', model: 'm', tier: 'primary', weight: 1 }]
  const rules = { description: '', strategy: 'weighted', candidates }
  expect((await post('/api/v1/features/chat', rules, 'PUT')).status).toBe(200)
})
test.afterEach(async () => {
  if (console_?.child.exitCode === null) await console_.stop()
  tides.stop()
  vendor.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('an agent is made, calls its tools, is stopped, fails in words, and all of it is there after a reload', async ({
  page,
}) => {
  test.slow()
  await openPage(page, console_.url, '/agents')
  await button(page, 'New agent').click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Pilot')
  await page.getByRole('checkbox', { name: 'Tide tables' }).check()
  await button(page, 'Create').click()

  await say(page, 'tool')
  const tool = log(page).locator('details').first()
  await expect(tool).toContainText(/Tide tables · high_water\{"harbour":"Husum"\}\d+ ms/)
  await expect(log(page).locator('code', { hasText: '{"harbour":"Husum","high"' }).first()).toBeVisible()
  await tool.locator('summary').click()
  await expect(tool.locator('pre').last()).toContainText('"16:40"')
  expect(tides.heard.at(-1)?.url).toBe('/tides?harbour=Husum')

  await say(page, 'slow')
  await expect(log(page).getByRole('heading', { name: 'High water' })).toBeVisible()
  await button(page, 'Stop').click()
  await expect(log(page)).toContainText('Stopped.')
  await expect.poll(vendor.hungUp).toBe(1)

  await say(page, 'broken')
  await expect(log(page).locator('details').nth(1)).toContainText('gauge')
  await log(page).locator('details').nth(1).locator('summary').click()
  await expect(log(page)).toContainText('answered 500.')
  await say(page, 'rounds')
  await expect(log(page)).toContainText('The model asked for tools 8 times in a row and gave no answer.')
  await expect(log(page).locator('details')).toHaveCount(9)
  await say(page, 'fail')
  await expect(log(page).getByRole('alert').last()).toContainText('the model is asleep')

  await page.reload()
  await expect(log(page).locator('details')).toHaveCount(9)
  await expect(log(page)).toContainText('Stopped.')
  await expect(log(page)).toContainText('AGENT_ROUNDS')

  await runCommand(['plugins', 'remove', 'tides', '--data', console_.data])
  const missing = page.getByRole('status').filter({ hasText: 'Pilot cannot call all of its plugins: Tide tables' })
  await expect(missing).toBeVisible()
  await say(page, 'tool')
  await expect(log(page)).toContainText('Pilot has no tool tides__high_water.')
})

test('an answer that a program asked for grows on the page, with the conversation new in the list', async ({
  page,
}) => {
  const { agent_id } = (await post('/api/agents', { name: 'Pilot', plugins: ['tides'] })).json
  await openPage(page, console_.url, '/agents')
  const sessions = page.getByRole('region', { name: 'Conversations with Pilot' })
  await expect(sessions).toContainText('Nothing was said yet.')
  const first = await post('/api/chat', { agent_id, message: 'tool' })
  await sessions.getByRole('link', { name: 'tool' }).click()
  await expect(log(page).locator('details')).toHaveCount(1)

  const { session_id } = first.json
  const answer = post('/api/chat', { agent_id, session_id, message: 'grow' })
  await expect(log(page).getByText('grow', { exact: true })).toBeVisible()
  await expect(log(page).getByText('It is at 04', { exact: true })).toBeVisible()
  await expect(button(page, 'Stop')).toBeVisible()
  sendDelta(open!, { content: ':12**.' })
  endDeltas(open!)
  await expect(log(page).getByText('It is at 04:12.', { exact: true })).toBeVisible()
  expect((await answer).json).toMatchObject({ message: '# High water\n\nIt is at **04:12**.', session_id })

  // The page can stop it as well.
  const stopped = post('/api/chat', { agent_id, session_id, message: 'more' })
  await expect(log(page).getByText('It is at 04', { exact: true })).toBeVisible()
  await button(page, 'Stop').click()
  expect((await stopped).json).toMatchObject({ code: 'CANCELLED' })
  await expect(log(page)).toContainText('Stopped.')
})

test('with a locked vault it says so, and is unlocked on the page', async ({ page }) => {
  await post('/api/agents', { name: 'Pilot' })
  const passphrase = 'passphrase of the test'
  await withConsole(console_.data, async (rpc) => {
    await rpc.vault.setPassphrase({ former: null, next: passphrase })
    await rpc.vault.lock()
  })
  await openPage(page, console_.url, '/agents')
  await say(page, 'hello')
  await expect(log(page).getByRole('alert')).toContainText('The vault is locked.')
  await page.getByLabel('Passphrase').fill(passphrase)
  await page.keyboard.press('Enter')
  await expect(page.getByText('The vault is locked: keys')).toHaveCount(0)
  await goTo(page, '/agents')
  await say(page, 'hello')
  await expect(log(page).getByRole('heading', { name: 'High water' })).toBeVisible()
  endDeltas(open!)
  await expect(log(page)).toContainText('m · openai-compatible')
})
