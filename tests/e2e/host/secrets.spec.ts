import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { unzipSync } from 'fflate'
import { type ConsoleProcess, runCommand, startConsole } from '../../lib/console.ts'
import { freePorts } from '../../lib/free-ports.ts'
import { goTo, openPage } from '../../lib/pages/open.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
const planted = {
  former: 'sk-test-planted-former-0123456789',
  key: 'sk-test-planted-rotated-0123456789',
  refused: 'sk-test-planted-refused-0123456789',
  plugin: 'sk-test-planted-plugin-0123456789',
  passphrase: 'planted passphrase of the export',
}

let folder: string
let base: number
let console_: ConsoleProcess
let vendor: Awaited<ReturnType<typeof startVendor>>

/** A vendor that repeats in its words what it was sent: the secret of whoever asks among them. */
async function startVendor() {
  const heard = new Set<string>()
  let down = false
  const server: Server = createServer((request, response) => {
    const secret = (request.headers.authorization ?? '').replace('Bearer ', '')
    heard.add(secret)
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const refuse = (status: number) =>
      answer(status, {
        error: { message: `Incorrect API key provided: ${secret}`, type: secret, code: 'invalid_api_key' },
      })
    if (down) refuse(500)
    else if (secret !== planted.former) refuse(401)
    else if (request.url?.endsWith('/models'))
      answer(200, { object: 'list', data: [{ id: 'gpt-6-luna', object: 'model' }] })
    else {
      const message = { role: 'assistant', content: 'pong' }
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
      answer(200, {
        id: '1',
        object: 'chat.completion',
        model: 'gpt-6-luna',
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage,
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    heard,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    goDown: () => {
      down = true
    },
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-secrets-'))
  base = await freePorts(6)
  vendor = await startVendor()
  console_ = await startConsole({ data: join(folder, 'data'), platform: ['--port-base', String(base)], env })
})
test.afterEach(async () => {
  if (console_.child.exitCode === null && console_.child.signalCode === null) await console_.stop()
  vendor.stop()
  rmSync(folder, { recursive: true, force: true })
})

const at = (offset: number, path: string) => `http://127.0.0.1:${base + offset}${path}`
async function send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(url, { method, headers: { 'content-type': 'application/json', ...headers }, ...sent })
  return { status: response.status, text: await response.text() }
}
const command = (...args: string[]) => runCommand([...args, '--data', console_.data], env)
function writePlugin(): string {
  const root = join(folder, 'vendor')
  const properties = { api_key: { type: 'string', secret: true, title: 'Key' } }
  mkdirSync(root)
  writeFileSync(join(root, 'config.schema.json'), JSON.stringify({ type: 'object', required: ['api_key'], properties }))
  const capabilities = [{ type: 'chat', models: ['small'] }]
  const facts = { id: 'vendor', name: 'Vendor', version: '1.0.0', description: 'models', author: 'Ann', license: 'MIT' }
  writeFileSync(join(root, 'manifest.json'), JSON.stringify({ ...facts, provider: 'openai', capabilities }))
  return root
}

/** As they are, and as they would look encoded. */
const forms = (secret: string) => {
  const bytes = Buffer.from(secret)
  return [secret, bytes.toString('base64').slice(0, -4), bytes.toString('hex'), encodeURIComponent(secret)]
}
const found = (secrets: Readonly<Record<string, string>>, text: string | Buffer): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) => (forms(secret).some((form) => text.includes(form)) ? [name] : []))
const filesBelow = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isFile())

/** Everything that the page is told, and every text that it asks for. */
function listenTo(page: Page): { readonly frames: string[]; readonly bodies: string[] } {
  const frames: string[] = []
  const bodies: string[] = []
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => frames.push(String(payload)))
    socket.on('framesent', ({ payload }) => frames.push(String(payload)))
  })
  page.on('console', (message) => bodies.push(message.text()))
  return { frames, bodies }
}

test('no secret is in anything that the console writes, sends to a page, or hands out', async ({ page }) => {
  const answers: { status: number; text: string }[] = []
  const told = async (...sent: Parameters<typeof send>) => {
    const answer = await send(...sent)
    answers.push(answer)
    return answer
  }
  // Planted: a key with its former secret, one that is refused, a token, a plugin's secret.
  const facts = { vendor: 'openai', service: 'gpt-4', base_url: vendor.url }
  const added = await told('POST', at(1, '/api/v1/keys'), { ...facts, key_name: 'Main', api_key: planted.former })
  const { id } = JSON.parse(added.text)
  await told('POST', at(1, `/api/v1/keys/${id}/rotate`), { api_key: planted.key })
  await told('POST', at(1, '/api/v1/keys'), { ...facts, key_name: 'Refused', tier: 'backup', api_key: planted.refused })
  const made = await command('tokens', 'create', 'agent')
  const token = /ph[\w-]*_?[\w-]{16,}/.exec(made.stdout)?.[0] ?? ''
  const secrets = { ...planted, token }
  expect(await command('plugins', 'import', writePlugin())).toMatchObject({ code: 0 })
  await told('PUT', at(2, '/api/plugins/vendor/config'), { api_key: planted.plugin })

  // Used, with failures: the new secret is refused and the former one answers; then nobody does.
  const watched = listenTo(page)
  await openPage(page, console_.url, '/keys')
  const chat = { model: 'gpt-6-luna', messages: [{ role: 'user', content: 'ping' }] }
  const used = await told('POST', at(0, '/v1/chat/completions'), chat, { authorization: `Bearer ${token}` })
  for (const name of ['Main', 'Refused']) await told('POST', at(1, `/api/v1/keys/${name}/test`), {})
  vendor.goDown()
  const failed = await told(
    'POST',
    at(0, '/v1/chat/completions'),
    { ...chat, stream: true },
    { authorization: `Bearer ${token}` },
  )
  await told('POST', at(0, '/v1/chat/completions'), chat, { authorization: `Bearer ${token}x` })
  await told('POST', at(1, '/api/v1/keys'), { ...facts, key_name: 'Again', api_key: planted.key })
  await told('GET', at(1, '/api/v1/keys'))
  await told('GET', at(2, '/api/plugins/vendor/config'))
  await told('GET', at(0, '/metrics'))

  // Seen on every page that could show one.
  const shown: readonly (readonly [string, Locator])[] = [
    [`/keys/${id}`, page.getByRole('complementary').getByText('Last error')],
    [
      `/keys/${id}/tests`,
      page
        .getByRole('complementary')
        .getByText(/HTTP 401/)
        .first(),
    ],
    ['/keys/tokens', page.getByRole('grid', { name: 'Tokens' }).getByText('agent')],
    ['/keys/usage', page.getByRole('grid', { name: 'Usage' }).getByText('gpt-6-luna')],
    ['/plugins/vendor/configuration', page.getByRole('complementary').getByLabel('Key')],
    ['/routing/chat/decisions', page.getByRole('region', { name: 'Decisions' }).getByText('Refused').first()],
    ['/settings/audit', page.getByText('key Main').first()],
    ['/settings/log', page.getByText('gateway').first()],
  ]
  for (const [path, proof] of shown) {
    await goTo(page, path)
    await expect(proof).toBeVisible()
    watched.bodies.push(await page.content())
  }
  // Handed out.
  await goTo(page, '/settings/data')
  const backups = () => readdirSync(join(console_.data, 'backups')).filter((name) => name.endsWith('.db')).length
  const ofItself = backups() // the day's own, made at the start
  await page.getByRole('button', { name: 'Back up now' }).click()
  await expect.poll(backups).toBe(ofItself + 1)
  await goTo(page, '/settings/support')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export the bundle' }).click()
  const bundle = unzipSync(readFileSync(await (await download).path()))
  // And torn down in the middle of it all.
  const ended = once(console_.child, 'exit')
  console_.child.kill('SIGKILL')
  await ended

  const written = filesBelow(console_.data)
  expect({
    used: [used.status, failed.status],
    heard: [...vendor.heard].filter((secret) => Object.values(planted).includes(secret)).sort(),
    token: token.length > 16,
    files: written.flatMap((path) => found(secrets, readFileSync(path)).map((name) => `${name} in ${path}`)),
    bundle: Object.entries(bundle).flatMap(([path, bytes]) =>
      found(secrets, Buffer.from(bytes)).map((name) => `${name} in ${path}`),
    ),
    frames: watched.frames.flatMap((frame) => found(secrets, frame).map((name) => `${name} in ${frame.slice(0, 200)}`)),
    pages: watched.bodies.flatMap((body) => found(secrets, body)),
    answers: answers.flatMap(({ text }) => found(secrets, text).map((name) => `${name} in ${text.slice(0, 200)}`)),
  }).toEqual({
    used: [200, 502],
    heard: [planted.former, planted.refused, planted.key].sort(),
    token: true,
    ...{ files: [], bundle: [], frames: [], pages: [], answers: [] },
  })
  // The search would have found them.
  expect(written.map((path) => path.slice(console_.data.length + 1))).toEqual(
    expect.arrayContaining(['pilothouse.db', 'pilothouse.db-wal', 'data-key.json']),
  )
  expect(watched.frames.length).toBeGreaterThan(20)
  expect(found(secrets, `Bearer ${planted.key}`)).toEqual(['key'])
})
