import { expect, type Page, test } from '@playwright/test'
import type { ConversationUpdate, Message, MessageBody, Turn } from '../../../app/shared/contracts/agents.ts'
import {
  failedMessages,
  manyMessages,
  markdownMessages,
  roundsMessages,
  sampleAgents,
  sampleMessages,
  sampleSession,
  sampleSessions,
} from '../../lib/agents-samples.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { plugin, samplePlugins } from '../../lib/plugin-samples.ts'
import { type Scene, screen } from '../../lib/screens.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

const field = (page: Page) => page.getByRole('textbox', { name: /^Message to / })
const log = (page: Page) => page.getByRole('log')
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test.describe('the page of agents', () => {
  let main: ScriptedMain
  test.beforeEach(async () => {
    main = await startScriptedMain({ db: 'running' })
  })
  test.afterEach(() => main.stop())

  test('on a fresh console: create an agent, talk to it, go on, begin anew, remove both', async ({ page }) => {
    await openPage(page, main.url, '/agents')
    await expect(page.getByRole('heading', { name: 'No agents' })).toBeVisible()
    await button(page, 'New agent').click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
    await button(page, 'Create').click()
    await expect(dialog.getByRole('alert')).toHaveText('An agent needs a name.')
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
    await page.keyboard.type('Parrot')
    await dialog.getByRole('textbox', { name: 'Instructions' }).fill('Repeat what you hear.')
    await dialog.getByRole('button', { name: 'Model: sandbox-chat' }).click()
    await page.getByRole('textbox', { name: 'Name' }).press('Enter')
    await expect(dialog).toHaveCount(0)

    // Nothing is scripted: the sandbox answers.
    await expect(field(page)).toBeFocused()
    await page.keyboard.type('Good morning')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('to you')
    await page.keyboard.press('Enter')
    await expect(log(page)).toContainText('sandbox-chat · sandbox')
    await expect(log(page).getByText('Good morning\nto you', { exact: true })).toBeVisible()
    await expect(page).toHaveURL(/#\/agents\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/)
    await expect(field(page)).toHaveValue('')
    await field(page).fill('And again')
    await button(page, 'Send').click()
    await expect(log(page).getByText('sandbox-chat · sandbox')).toHaveCount(2)

    await page.getByRole('link', { name: 'New', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'Talk to Parrot' })).toBeVisible()
    const sessions = page.getByRole('region', { name: 'Conversations with Parrot' })
    await sessions.getByRole('link', { name: 'Good morning to you' }).click()
    await expect(log(page).getByText('And again', { exact: true })).toBeVisible()
    await sessions.getByRole('button', { name: 'Remove the conversation Good morning to you' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await expect(sessions).toContainText('Nothing was said yet.')
    await page.getByRole('button', { name: 'Remove Parrot' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByRole('heading', { name: 'No agents' })).toBeVisible()
  })

  test('words come as they are said, tools unfold, and stop is asked of main', async ({ page }) => {
    script(main, sampleMessages(), { startedAt: 1, text: '', calling: null })
    main.answer('agents', 'stop', () => undefined)
    await openPage(page, main.url, '/agents')
    await goTo(page, '/agents/harbour/today')
    await expect(log(page)).toContainText('The model is thinking…')
    main.emit('agents', 'conversation', { kind: 'text', text: 'One ' })
    main.emit('agents', 'conversation', { kind: 'text', text: 'moment.' })
    await expect(log(page).getByText('One moment.', { exact: true })).toBeVisible()
    const wish = { id: 'c9', name: 'tides__set_alert', arguments: '{}' }
    main.emit('agents', 'conversation', { kind: 'calling', wish })
    await expect(log(page)).toContainText('Calling tides__set_alert…')
    await button(page, 'Stop').click()
    await expect.poll(() => main.inputsOf('agents.stop')).toEqual([{ sessionId: 'today' }])
    main.emit('agents', 'conversation', { kind: 'turn', turn: null })
    await expect(button(page, 'Stop')).toHaveCount(0)

    const tool = log(page).locator('details').first()
    await expect(tool).toContainText('41 ms')
    await expect(tool.getByText('"harbour": "Husum"').first()).toBeHidden()
    await tool.locator('summary').focus()
    await page.keyboard.press('Enter')
    await expect(tool.getByText('"harbour": "Husum"').first()).toBeVisible()
    await expect(tool.getByText('"16:40"')).toBeVisible()
  })

  test('an answer is read as Markdown: code is copied, links lead to the web, nothing of it is trusted', async ({
    page,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    script(main, markdownMessages())
    await openPage(page, main.url, '/agents')
    await goTo(page, '/agents/harbour/today')
    await expect(log(page).getByRole('heading', { name: 'High water at Husum' })).toBeVisible()
    await expect(log(page).getByRole('cell', { name: '03:51' })).toBeVisible()
    await expect(log(page).getByText('When can I pass the lock?\n# not a heading', { exact: true })).toBeVisible()
    const link = log(page).getByRole('link', { name: 'the table' })
    await expect(link).toHaveAttribute('href', 'https://tides.example/husum?year=2026')
    await expect(link).toHaveAttribute('target', '_blank')
    await expect(log(page).getByRole('link', { name: 'The lock at noon' })).toBeVisible()
    await expect(log(page).locator('img, b')).toHaveCount(0)
    await expect(log(page).getByText('<b>not bold</b>')).toBeVisible()
    await button(page, 'Copy the code').click()
    await expect(button(page, 'Copied')).toBeVisible()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^def clearance[\s\S]*draught \+ 0\.3$/)
    await button(page, 'Copy the answer as Markdown').last().click()
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^### 结论\n胡苏姆/)
    expect(asked.filter((url) => url.includes('tides.example'))).toEqual([])
  })

  test('words that come keep their place when they are written down, and the reader keeps the end', async ({
    page,
  }) => {
    script(main, markdownMessages(), { startedAt: 1, text: '', calling: null })
    await openPage(page, main.url, '/agents')
    await goTo(page, '/agents/harbour/today')
    await expect(log(page)).toContainText('The model is thinking…')
    const text = '# Title\n\nSome **bold'
    main.emit('agents', 'conversation', { kind: 'text', text })
    const heading = log(page).getByRole('heading', { name: 'Title' })
    await expect(heading).toBeInViewport()
    await expect(log(page).getByText('Some bold', { exact: true })).toBeVisible()
    const before = await heading.elementHandle()
    const whole = `${text}** words.`
    const body: MessageBody = { kind: 'answered', text: whole, wishes: [], cut: false, model: 'm', vendor: 'v' }
    main.emit('agents', 'conversation', { kind: 'message', message: { number: 5, at: 1, body } })
    main.emit('agents', 'conversation', { kind: 'turn', turn: null })
    await expect(log(page).getByText('m · v')).toBeInViewport()
    expect(await heading.evaluate((now, then) => now === then, before)).toBe(true)
  })

  test('of a thousand messages the newest are shown, earlier ones when they are asked for', async ({ page }) => {
    script(main, manyMessages())
    await openPage(page, main.url, '/agents')
    await goTo(page, '/agents/harbour/today')
    await expect(log(page).getByText('Answer 500', { exact: true })).toBeInViewport()
    await expect(log(page).getByText('Answer 401', { exact: true })).toHaveCount(0)
    const top = log(page).getByText('Question 471', { exact: true })
    for (const count of [140, 80, 20]) {
      await button(page, `Show ${count} earlier messages`).click()
      // What was at the top stays where the reader is.
      if (count === 140) await expect(top).toBeInViewport()
    }
    await expect(log(page).getByText('Question 401', { exact: true })).toHaveCount(1)
    await expect(log(page)).toContainText('A conversation keeps its last 200 messages')
    await expect(log(page)).toBeFocused()
  })

  test('an agent says which of its plugins it cannot call', async ({ page }) => {
    script(main, sampleMessages(), null, ['weather', 'gone-7001'])
    await openPage(page, main.url, '/agents')
    await goTo(page, '/agents/harbour/today')
    const banner = page.getByRole('status').filter({ hasText: 'cannot call all of its plugins' })
    await expect(banner).toContainText('plugins: gone-7001 (not installed any more).')
    await banner.getByRole('button', { name: 'Edit Harbour master' }).click()
    await expect(page.getByRole('dialog').getByRole('checkbox', { name: 'gone-7001' })).toBeChecked()
  })

  test('what failed says why and leads to the routes; what was typed stays when it was not taken', async ({ page }) => {
    script(main, failedMessages())
    await openPage(page, main.url, '/agents')
    await goTo(page, '/agents/harbour/today')
    await expect(log(page)).toContainText('openai-main cooling, qwen budget')
    await expect(log(page)).toContainText('Stopped.')
    // Main knows nothing of that agent.
    await field(page).fill('Are you there?')
    await page.keyboard.press('Enter')
    await expect(page.getByText('There is no agent harbour.')).toBeVisible()
    await expect(field(page)).toHaveValue('Are you there?')
    await page.getByRole('link', { name: 'Open routing' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Routing')
  })
})

/** `plugins` are the agent's, of which the console has two. */
function script(main: ScriptedMain, messages: Message[], turn: Turn | null = null, plugins?: string[]): void {
  const snapshot: ConversationUpdate = { kind: 'snapshot', session: sampleSession('today'), messages, turn }
  const agents = sampleAgents().map((agent) => (plugins && agent.id === 'harbour' ? { ...agent, plugins } : agent))
  const installed = [...samplePlugins(), plugin('tides', { name: 'Tide tables' })]
  main.emit('plugins', 'updates', { kind: 'snapshot', plugins: installed })
  main.emit('agents', 'updates', { kind: 'snapshot', agents })
  main.emit('agents', 'sessions', { sessions: sampleSessions() })
  main.emit('agents', 'conversation', snapshot)
}

test.describe('pictured', () => {
  test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })
  test.slow()
  async function open({ page, main }: Scene, path = '/agents/harbour/today') {
    await openPage(page, main.url, '/agents')
    await goTo(page, path)
  }
  screen('agents', { chinese: true, dark: true, small: true }, async (scene) => {
    script(scene.main, sampleMessages())
    await open(scene)
    const tool = log(scene.page).locator('details').nth(1)
    await tool.locator('summary').click()
    await expect(tool).toContainText('the gauge is dry')
  })
  screen('agents-markdown', { chinese: true, dark: true, small: true }, async (scene) => {
    script(scene.main, markdownMessages().slice(0, 2))
    await open(scene)
    await expect(log(scene.page).getByRole('table')).toBeVisible()
    await log(scene.page).evaluate((box) => box.scrollTo(0, 0))
  })
  screen('agents-rounds', { chinese: true, dark: true }, async (scene) => {
    script(scene.main, roundsMessages())
    await open(scene)
    await expect(log(scene.page).getByText('AGENT_ROUNDS')).toBeVisible()
  })
  screen('agents-empty', { chinese: true, small: true }, async (scene) => {
    scene.main.emit('agents', 'updates', { kind: 'snapshot', agents: [] })
    await open(scene, '/agents')
    await expect(button(scene.page, 'New agent')).toBeVisible()
  })
  screen('agents-loading', {}, async (scene) => {
    scene.main.silence('agents', 'updates')
    await open(scene, '/agents')
    await expect(scene.page.getByRole('main').getByRole('status', { name: 'Loading' })).toBeVisible()
  })
  screen('agents-fresh', { chinese: true }, async (scene) => {
    script(scene.main, [])
    await open(scene, '/agents/translator')
    await expect(scene.page.getByRole('heading', { name: 'Talk to Translator' })).toBeVisible()
  })
  screen('agents-answering', { chinese: true, dark: true }, async (scene) => {
    script(scene.main, sampleMessages().slice(0, 2), { startedAt: 1, text: 'High water at Hus', calling: null })
    await open(scene)
    await expect(button(scene.page, 'Stop')).toBeVisible()
  })
  screen('agents-failed', { chinese: true, dark: true }, async (scene) => {
    script(scene.main, failedMessages())
    await open(scene)
    await expect(scene.page.getByRole('link', { name: 'Open routing' })).toBeVisible()
  })
  screen('agents-gone', { chinese: true }, async (scene) => {
    script(scene.main, [])
    scene.main.emit('agents', 'conversation', { kind: 'removed' })
    await open(scene)
    await expect(scene.page.getByRole('heading', { name: 'This conversation is not there any more' })).toBeVisible()
  })
  screen('agents-agent', { chinese: true, dark: true, small: true }, async (scene) => {
    script(scene.main, [], null, ['weather', 'gone-7001'])
    scene.main.answer('agents', 'models', () => ({ models: ['chat', 'gpt-4.1', 'qwen-plus', 'sandbox-chat'] }))
    await open(scene, '/agents/harbour')
    await scene.page.getByRole('button', { name: 'Edit Harbour master' }).first().focus()
    await scene.page.keyboard.press('Enter')
    await expect(scene.page.getByRole('dialog').getByRole('button', { name: 'Model: qwen-plus' })).toBeVisible()
  })
})
