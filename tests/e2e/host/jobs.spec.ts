import { expect, test } from '@playwright/test'
import { createSandbox } from '../../../app/main/platform/sandbox/sandbox.ts'
import { startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { openPage } from '../../lib/pages/open.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }

test('a picture that is asked for is on the page as a job while one looks, to its end and with what came of it', async ({
  page,
}) => {
  const sandbox = createSandbox()
  const { url: vendor } = await sandbox.listen()
  const base = await freePorts(6)
  const console_ = await startConsole({ platform: ['--port-base', String(base)], env })
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json', prefer: 'respond-async' }
    const answer = await fetch(`http://127.0.0.1:${base}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return { status: answer.status, json: await answer.json() }
  }
  try {
    await openPage(page, console_.url, '/keys/jobs')
    await expect(page.getByRole('heading', { name: 'No jobs yet' })).toBeVisible()
    const key = { vendor: 'aliyun', service: 'wanx', key_name: 'brush', api_key: 'sk-test-brush', base_url: vendor }
    await expect.poll(async () => (await post('/api/v1/keys', key)).status).toBe(201)
    const { status, json } = await post('/v1/images/generations', { model: 'wan2.2-t2i-flash', prompt: 'a boat', n: 2 })
    expect(status).toBe(202)
    const row = page.getByRole('grid', { name: 'Jobs' }).getByRole('row', { name: /brush/ })
    await row.click()
    const drawer = page.getByRole('complementary')
    await expect(drawer).toContainText(json.id)
    await expect(row).toContainText('succeeded')
    await expect(drawer.getByRole('link', { name: /^http:.*png/ })).toHaveCount(2)
    const decision = await drawer.getByRole('button', { name: 'Copy Decision' }).locator('..').textContent()
    await drawer.getByRole('link', { name: decision ?? '' }).click()
    await expect(page.getByRole('region', { name: 'Decisions' })).toContainText('brush')
  } finally {
    await console_.stop()
    await sandbox.close()
  }
})
