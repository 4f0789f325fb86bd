import { expect, test } from '@playwright/test'
import { startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'
import { routingPage } from '../../lib/pages/routing-page.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }

test('the list of routes counts a key that no rule names, and a locked vault stops a dry run until it is opened', async ({
  page,
}) => {
  const base = await freePorts(6)
  const console_ = await startConsole({ platform: ['--port-base', String(base)], env })
  try {
    const routing = routingPage(page)
    await openPage(page, console_.url, '/routing/chat')
    const mark = (words: string) => routing.link('chat').getByRole('img', { name: words })
    await expect(mark('every key can be asked')).toBeVisible()
    const added = await fetch(`http://127.0.0.1:${base + 1}/api/v1/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ vendor: 'openai', service: 'gpt-4', key_name: 'late', api_key: 'sk-test-late-0123456789' },
        expires_at: Date.now() - 1000,
      }),
    })
    expect(added.status).toBe(201)
    await expect(routing.card('gpt-6-luna', 'late')).toContainText('expired')
    await expect(mark('some keys cannot be asked')).toBeVisible()

    await goTo(page, '/settings/vault')
    await page.getByLabel('New passphrase', { exact: true }).fill('passphrase of the test')
    await page.getByLabel('New passphrase again').fill('passphrase of the test')
    await page.getByRole('button', { name: 'Set passphrase' }).click()
    await page.getByRole('button', { name: 'Lock now' }).click()
    await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible()
    await routing.goTo('chat')
    await routing.button('Ask').click()
    await routing.button('Unlock the vault…').click()
    await page.keyboard.type('passphrase of the test')
    await page.keyboard.press('Enter')
    await expect(page.getByText(/^Sandbox at Sandbox is asked first/)).toBeVisible()
  } finally {
    await console_.stop()
  }
})

test('a request of the gateway is among the decisions while one looks', async ({ page }) => {
  const base = await freePorts(6)
  const console_ = await startConsole({ platform: ['--port-base', String(base)], env })
  try {
    const chat = (model: string) =>
      fetch(`http://127.0.0.1:${base}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'ping' }] }),
      })
    const rows = page.getByRole('region', { name: 'Decisions' }).getByRole('button', { expanded: false })
    await openPage(page, console_.url, '/routing/chat/decisions')
    await expect(page.getByRole('heading', { name: 'No decisions yet' })).toBeVisible()
    expect((await chat('sandbox-chat')).status).toBe(200)
    await expect(rows).toHaveCount(1)
    await expect(rows.first()).toContainText('sandbox-chat')
    expect((await chat('no-such-model')).ok).toBe(false)
    await expect(rows).toHaveCount(2)
    await expect(rows.first()).toContainText('nobody could be asked')
  } finally {
    await console_.stop()
  }
})
