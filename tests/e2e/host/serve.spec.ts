import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type ConsoleProcess, runCommand, startConsole } from '../../lib/console.ts'

// No engine: what a console does by itself must not depend on one.
const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
const running: ConsoleProcess[] = []
const start = async (options: { data?: string; port?: number } = {}) => {
  const started = await startConsole({ ...options, env })
  running.push(started)
  return started
}
let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-host-'))
})
test.afterEach(async () => {
  for (const one of running.splice(0)) if (one.child.exitCode === null) await one.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('it says where it is in one line, ends on SIGTERM, and leaves only what it keeps', async () => {
  const console_ = await start({ data: folder })
  expect(console_).toMatchObject({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/),
    pid: console_.child.pid,
    data: folder,
    docker: { kind: expect.stringMatching(/^(connecting|failed)$/), version: null },
  })
  const asked = Date.now()
  expect(await console_.stop()).toBe(0)
  expect(Date.now() - asked).toBeLessThan(5000)
  expect(['instance.json', 'control.sock'].filter((name) => existsSync(join(folder, name)))).toEqual([])
  const log = readFileSync(join(folder, 'logs/pilothouse.log'), 'utf8')
  expect(log).toContain('"message":"started"')
  expect(log).toContain('"signal\\":\\"SIGTERM\\"')
})

test('a second console on the same data folder is refused, and the first one does not notice', async ({ request }) => {
  const first = await start({ data: folder })
  const second = await runCommand(['serve', '--data', folder], env)
  expect(second).toEqual({
    code: 1,
    stdout: '',
    stderr: `pilothouse: Another Pilothouse (process ${first.pid}) uses the data folder ${folder}. (DATA_FOLDER_IN_USE)\n`,
  })
  expect((await request.get(new URL('/', first.url).href)).status()).toBe(200)
})

test('a console that was killed does not keep the next one from starting', async () => {
  const first = await start({ data: folder })
  first.child.kill('SIGKILL')
  await first.stop()
  expect(existsSync(join(folder, 'instance.json'))).toBe(true)
  expect(await runCommand(['open', '--data', folder], env)).toMatchObject({ code: 1, stderr: /CONSOLE_NOT_RUNNING/ })
  const second = await start({ data: folder })
  expect(await second.stop()).toBe(0)
})

test('a taken port is said with its number', async () => {
  const first = await start()
  const { port } = new URL(first.url)
  expect(await runCommand(['serve', '--data', folder, '--port', port], env)).toEqual({
    code: 1,
    stdout: '',
    stderr: `pilothouse: Port ${port} on 127.0.0.1 is taken. (PORT_IN_USE)\n`,
  })
})

test('another address signs another browser in; a used one does not', async ({ browser }) => {
  const console_ = await start({ data: folder })
  const opened = await runCommand(['open', '--data', folder], env)
  expect(opened.code).toBe(0)
  for (const url of [console_.url, opened.stdout.trim()]) {
    const page = await browser.newPage()
    await page.goto(url)
    await expect(page.getByRole('navigation').first()).toBeVisible()
    expect(page.url()).not.toContain('token')
    await page.context().close()
  }
  const late = await browser.newPage()
  const answer = late.waitForResponse((response) => response.url().endsWith('/session'))
  await late.goto(console_.url)
  expect((await answer).status()).toBe(403)
  await late.context().close()
})

test('an open tab says that the console is gone, and comes back by itself when it is', async ({ page }) => {
  const first = await start({ data: folder })
  const port = Number(new URL(first.url).port)
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(first.url)
  await expect(page.getByRole('navigation').first()).toBeVisible()
  const banner = page.getByRole('status').filter({ hasText: 'does not answer' })
  await expect(banner).toBeHidden()
  await first.stop()
  await expect(banner).toBeVisible()
  await start({ data: folder, port })
  await expect(banner).toBeHidden()
  expect(problems).toEqual([])
})
