import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
const passphrase = 'passphrase of the test'

test('an operator sets a passphrase; the next console starts locked, says so everywhere, and works once it is unlocked', async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-vault-'))
  const base = await freePorts(6)
  const start = () => startConsole({ data: folder, platform: ['--port-base', String(base)], env })
  const ask = async () => {
    const response = await fetch(`http://127.0.0.1:${base}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'sandbox-chat', messages: [{ role: 'user', content: 'ping' }] }),
    })
    return {
      status: response.status,
      code: ((await response.json()) as { error?: { code?: string } }).error?.code ?? null,
    }
  }
  let console_ = await start()
  try {
    await openPage(page, console_.url, '/settings/vault')
    await page.getByLabel('New passphrase', { exact: true }).fill(passphrase)
    await page.getByLabel('New passphrase again').fill(passphrase)
    await page.getByRole('button', { name: 'Set passphrase' }).click()
    await expect(page.getByText('The vault has a passphrase now.')).toBeVisible()
    await expect(page.getByText('under a passphrase')).toBeVisible()
    await expect.poll(ask).toEqual({ status: 200, code: null })
    await console_.stop()

    console_ = await start()
    await page.goto('about:blank')
    await openPage(page, console_.url, '/keys')
    await expect(page.getByText('The vault is locked')).toBeVisible()
    await expect.poll(ask).toEqual({ status: 503, code: 'KEY_VAULT_LOCKED' })
    const field = page.getByLabel('Passphrase')
    await field.fill('another passphrase')
    await page.getByRole('button', { name: 'Unlock' }).click()
    await expect(page.getByText('That is not the passphrase of the vault.')).toBeVisible()
    await field.fill(passphrase)
    await field.press('Enter')
    await expect(page.getByText('The vault is locked')).toBeHidden()
    await expect.poll(ask).toEqual({ status: 200, code: null })

    await goTo(page, '/settings/vault')
    await page.getByLabel('Present passphrase').last().fill(passphrase)
    await page.getByRole('button', { name: 'Replace the data key' }).click()
    await expect(page.getByText('1 secret was sealed again', { exact: false })).toBeVisible()
    await page.getByRole('button', { name: 'Lock now' }).click()
    await expect.poll(ask).toEqual({ status: 503, code: 'KEY_VAULT_LOCKED' })
    const { content } = JSON.parse(readFileSync(join(folder, 'data-key.json'), 'utf8'))
    expect(Object.keys(content)).toEqual(['locked'])
  } finally {
    await console_.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
