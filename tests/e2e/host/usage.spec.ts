import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { runCommand, startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { openPage } from '../../lib/pages/open.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }

test('what a caller uses is on the page while one looks, and in the file that is downloaded', async ({ page }) => {
  const base = await freePorts(6)
  const console_ = await startConsole({ platform: ['--port-base', String(base)], env })
  try {
    const made = await runCommand(['tokens', 'create', '=1+1', '--data', console_.data], env)
    const token = /ph_[\w-]{16,}/.exec(made.stdout)?.[0]
    const chat = async () => {
      const response = await fetch(`http://127.0.0.1:${base}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ model: 'sandbox-chat', messages: [{ role: 'user', content: 'ping' }] }),
      })
      return response.status
    }
    await openPage(page, console_.url, '/keys/usage')
    await expect(page.getByRole('heading', { name: 'Nothing was used in this time' })).toBeVisible()
    await page.getByRole('combobox', { name: 'By' }).click()
    await page.getByRole('option', { name: 'Caller' }).click()
    await expect.poll(chat).toBe(200)
    const row = page.getByRole('grid', { name: 'Usage' }).getByRole('row', { name: '=1+1' })
    await expect(row).toContainText('1')
    expect(await chat()).toBe(200)
    await expect(page.getByRole('region', { name: 'Sums of the range' })).toContainText('Requests2')

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as CSV' }).click()
    const saved = await download
    const day = '\\d{4}-\\d{2}-\\d{2}'
    expect(saved.suggestedFilename()).toMatch(new RegExp(`^pilothouse-usage-caller-${day}-${day}\\.csv$`))
    const [head, line, end] = readFileSync(await saved.path(), 'utf8').split('\r\n')
    expect({ head: head?.split(',')[0], label: line?.split(',').slice(1, 4), end }).toEqual({
      head: '\ufeffcaller',
      label: ["'=1+1", '2', '0'],
      end: '',
    })
  } finally {
    await console_.stop()
  }
})
