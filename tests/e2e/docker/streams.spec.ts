import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { type ConsoleProcess, startConsole } from '../../lib/console.ts'
import { docker, dockerMissing, ensureTestImage, runContainer } from '../../lib/docker.ts'

const missing = dockerMissing()
test.skip(missing !== null, missing ?? '')

let console_: ConsoleProcess
const made: string[] = []
test.beforeEach(async () => {
  ensureTestImage()
  console_ = await startConsole()
})
test.afterEach(async () => {
  await console_.stop()
  if (made.length > 0) docker('rm', '-fv', ...made.splice(0))
})
function run(name: string, script: string, ...options: string[]): string {
  const id = runContainer(`view-${name}`, ['sh', '-c', script], ...options)
  made.push(id)
  return id
}
/** What the page says on its console besides its own words: a style or script that the policy refused among them. */
function complaints(page: Page): string[] {
  const found: string[] = []
  page.on(
    'console',
    // Containers that start bring a network each, and Chromium drops what is under way; the page loads again.
    (message) =>
      void (message.type() === 'error' && !/404|NETWORK_CHANGED/.test(message.text()) && found.push(message.text())),
  )
  page.on('pageerror', (error) => void found.push(String(error)))
  return found
}
async function open(page: Page, id: string, tab: string): Promise<void> {
  await page.goto(console_.url)
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/services/${id}/${tab}`)
}

test('a log is followed, searched, and kept through a restart', async ({ page }) => {
  const found = complaints(page)
  const script = `echo "boot $(cat /tmp/n 2>/dev/null)"; echo again > /tmp/n; seq 1 3000
    printf '\\033[31mred\\033[0m \\033[38;2;10;200;30mexact\\033[0m plain\\n'; sleep 0.3; echo 'level=error msg="it broke"' >&2
    sleep 0.3
    echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; dd if=/dev/zero bs=1048576 count=1 2>/dev/null; echo; echo last; while :; do sleep 1; done`
  const id = run('log', script)
  await open(page, id, 'logs')
  const log = page.getByRole('log')
  await expect(log.getByText('last', { exact: true })).toBeVisible()
  await expect(log.getByText('cut: 1 MB')).toBeAttached()
  await expect(log.getByText('it broke')).toBeVisible()
  await page.screenshot({ path: 'test-results/logs.png' })

  await page.getByLabel('Find in the log').fill('29[89]\\d')
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await expect(page.getByText('of 20', { exact: false })).toBeVisible()
  await page.getByLabel('Find in the log').press('Enter')
  await expect(page.getByText('1 of 20')).toBeVisible()
  await expect(log.getByText('2980', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Show only lines found' }).click()
  await expect(log.getByText('2999', { exact: true })).toBeVisible()
  await expect(log.getByText('last', { exact: true })).toHaveCount(0)
  await page.screenshot({ path: 'test-results/logs-found.png' })

  // An expression that would take for ever costs nothing but its own result.
  const field = page.getByLabel('Find in the log')
  await field.fill('(x+x+)+y')
  await expect(page.getByText('takes too long')).toBeVisible()

  await field.fill('^boot again')
  await expect(page.getByText('0 of 0')).toBeVisible()
  docker('restart', '-t', '0', id)
  await expect(page.getByText('0 of 1', { exact: true })).toBeVisible({ timeout: 20_000 })
  await field.fill('')
  await expect(log.getByText('last', { exact: true })).toBeVisible()
  await log.hover()
  await page.mouse.wheel(0, -3000)
  docker('restart', '-t', '0', id)
  await page.getByRole('button', { name: /new lines/ }).click()
  await expect(log.getByText('last', { exact: true })).toBeVisible()
  await page.keyboard.press('e')
  await expect(log.getByText('it broke')).toBeVisible()

  await page.getByRole('button', { name: 'Clear the view' }).click()
  await expect(page.getByText('Nothing new since the view was cleared')).toBeVisible()
  await page.getByRole('button', { name: 'Show the cleared lines again' }).click()
  await page.getByRole('button', { name: 'Times' }).click()
  await page.getByRole('button', { name: 'Line numbers' }).click()
  await page.getByRole('button', { name: 'Wrap long lines' }).click()
  await expect(log.locator('time').first()).toBeVisible()
  await page.screenshot({ path: 'test-results/logs-wrapped.png' })
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the whole log' }).click()
  const text = readFileSync(await (await download).path(), 'utf8')
  expect([text.split('\n').filter((line) => line.endsWith(' 3000')).length, text.length > 3_000_000]).toEqual([3, true])
  expect(found).toEqual([])
})

test('a terminal: colours, cursor, size, end and again, without a word from the policy', async ({ page }) => {
  const found = complaints(page)
  const id = run('terminal', 'sleep 1000')
  await open(page, id, 'terminal')
  const terminal = page.getByRole('group', { name: /Terminal in/ })
  const rows = terminal.locator('.xterm-rows')
  await expect(rows).toContainText('#')
  await page.keyboard.type(
    "printf '\\033[31mred\\033[0m \\033[38;2;10;200;30mexact\\033[0m \\033[44mon blue\\033[0m\\n'; stty size\n",
  )
  await expect(rows).toContainText(/red exact on blue.*\d+ \d+/s)
  const colours = await rows
    .locator('span', { hasText: /^(red|exact)$/ })
    .evaluateAll((spans) => spans.map((span) => getComputedStyle(span).color))
  expect(new Set(colours).size).toBe(2)
  // It blinks.
  await expect
    .poll(() =>
      rows
        .locator('.xterm-cursor')
        .evaluate((cursor) => getComputedStyle(cursor).outlineStyle + getComputedStyle(cursor).backgroundColor),
    )
    .not.toBe('nonergba(0, 0, 0, 0)')
  await page.screenshot({ path: 'test-results/terminal.png' })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot({ path: 'test-results/terminal-dark.png' })
  await page.keyboard.type('exit 3\n')
  await expect(page.getByText('exit code 3')).toBeVisible()
  await page.getByRole('button', { name: 'Open again' }).click()
  await expect(page.getByText('exit code 3')).toHaveCount(0)
  await expect(rows).toContainText('#')
  await page.getByRole('link', { name: 'Summary' }).click()
  await expect.poll(() => docker('top', id, '-eo', 'pid,args')).not.toContain('/bin/sh')
  expect(found).toEqual([])
})
