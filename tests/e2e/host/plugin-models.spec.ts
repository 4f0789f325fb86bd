import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@playwright/test'
import { runCommand, startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { openPage } from '../../lib/pages/open.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
const provider = {
  'manifest.yaml':
    'name: river\nauthor: lab\nversion: 1.0.0\nlabel: { en_US: River models }\nplugins: { models: [provider/river.yaml] }\n',
  'provider/river.yaml': `provider: river
label: { en_US: River models }
supported_model_types: [llm]
configurate_methods: [predefined-model]
provider_credential_schema:
  credential_form_schemas:
    - { variable: api_key, type: secret-input, required: true, label: { en_US: Key } }
    - { variable: base_url, type: text-input, required: true, label: { en_US: Address } }
models: { llm: { predefined: ['models/llm/*.yaml'] } }
`,
  'models/llm/river-chat.yaml': 'model: river-chat\nmodel_type: llm\nmodel_properties: { mode: chat }\n',
}

/** A vendor of one model, which takes one key; answers with the key that it was asked with. */
async function startRiver() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`)
    const message = { role: 'assistant', content: 'the river is high' }
    const body = request.url?.endsWith('/models')
      ? { data: [{ id: 'river-chat' }] }
      : { choices: [{ index: 0, message }], usage: { prompt_tokens: 3, completion_tokens: 4 } }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked, stop: () => server.close() }
}

test('the models of a plugin are asked through the gateway, and no longer once the plugin is disabled', async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-river-'))
  for (const [path, text] of Object.entries(provider)) {
    mkdirSync(dirname(join(folder, 'river', path)), { recursive: true })
    writeFileSync(join(folder, 'river', path), text)
  }
  const river = await startRiver()
  const base = await freePorts(6)
  const console_ = await startConsole({ platform: ['--port-base', String(base)], env })
  const send = async (method: string, path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`http://127.0.0.1:${base}${path}`, { method, headers, body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const chat = async () => {
    const answer = await send('POST', '/v1/chat/completions', {
      model: 'chat',
      messages: [{ role: 'user', content: 'x' }],
    })
    const choices = answer.body['choices'] as { message: { content: string } }[] | undefined
    return choices?.[0]?.message.content ?? answer.status
  }
  try {
    expect(await runCommand(['plugins', 'import', join(folder, 'river'), '--data', console_.data], env)).toMatchObject({
      code: 0,
    })
    const plugins = (await (await fetch(`http://127.0.0.1:${base}/api/plugins`)).json()) as {
      data: { plugins: { id: string }[] }
    }
    const id = plugins.data.plugins[0]!.id
    await openPage(page, console_.url, `/plugins/${encodeURIComponent(id)}/configuration`)
    const button = page.getByRole('button', { name: 'Use through the gateway' })
    await button.click()
    await expect(page.getByRole('alert')).toContainText('River models')
    expect(
      (await send('PUT', `/api/plugins/${id}/config`, { api_key: 'sk-test-river-0001', base_url: river.url })).status,
    ).toBe(200)
    await button.click()
    await page.getByRole('link', { name: 'River models' }).click()
    await expect(page.getByRole('complementary')).toContainText('River models')
    await expect.poll(() => river.asked).toContain('/v1/models Bearer sk-test-river-0001')

    const { body: listed } = await send('GET', '/api/v1/keys', undefined as never)
    const key = (listed['keys'] as { plugin_id: string | null; service: string }[]).find(
      ({ plugin_id }) => plugin_id === id,
    )!
    const candidates = [
      { vendor: 'openai-compatible', service: key.service, model: 'river-chat', tier: 'primary' },
      { vendor: 'sandbox', service: 'sandbox', model: 'sandbox-chat', tier: 'backup' },
    ]
    expect((await send('PUT', '/api/v1/features/chat', { strategy: 'weighted', candidates })).status).toBe(200)
    expect(await chat()).toBe('the river is high')

    // Another secret of the plugin is the key's at once.
    await send('PUT', `/api/plugins/${id}/config`, { api_key: 'sk-test-river-0002' })
    await expect
      .poll(async () => {
        await chat()
        return river.asked.at(-1)
      })
      .toBe('/v1/chat/completions Bearer sk-test-river-0002')
    await send('POST', `/api/plugins/${id}/disable`, {})
    await expect.poll(chat).not.toBe('the river is high')
    await expect(page.getByRole('complementary').getByRole('strong')).toHaveText('disabled: its plugin is not in use')
  } finally {
    await console_.stop()
    river.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
