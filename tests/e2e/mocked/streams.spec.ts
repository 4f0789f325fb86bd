import { expect, type Page, test } from '@playwright/test'
import type { LogLine } from '../../../app/shared/contracts/services.ts'
import { AppError } from '../../../app/shared/errors.ts'
import { expectNoAxeFindings } from '../../lib/axe.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'

let main: ScriptedMain
test.beforeEach(async () => {
  main = await startScriptedMain({ db: 'running', old: 'stopped' })
})
test.afterEach(() => main.stop())

async function open(page: Page, name: string, tab: string): Promise<void> {
  await page.goto(main.url)
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  await page.goto(`${page.url().replace(/#.*/, '')}#/services/${main.docker.id(name)}/${tab}`)
}
const line = (text: string, n = 0): LogLine => ({
  time: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString().replace('Z', '000000Z'),
  stream: 'stdout',
  text,
  cutFrom: null,
})

test('the faces of a log: nothing yet, lines, lines skipped, the end, and why it cannot be read', async ({ page }) => {
  main.emit('services', 'logs', { kind: 'snapshot', lines: [] })
  await open(page, 'db', 'logs')
  await expect(page.getByRole('heading', { name: 'No output yet' })).toBeVisible()
  main.emit('services', 'logs', {
    kind: 'lines',
    lines: [line('WARN low on space'), line('\u001b[32mfine\u001b[0m', 1)],
  })
  await expect(page.getByText('low on space')).toBeVisible()
  main.emit('services', 'logs', { kind: 'snapshot', lines: [line('{"level":"error","msg":"much later"}', 99)] })
  await expect(page.getByText('Lines were skipped here')).toBeVisible()
  main.emit('services', 'logs', { kind: 'ended', reason: null, failure: null })
  await expect(page.getByText('The container has ended. The log goes on here')).toBeVisible()
  await page.getByLabel('Find in the log').fill('(')
  await page.getByRole('button', { name: 'Regular expression' }).click()
  await expect(page.getByText('Not a regular expression')).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectNoAxeFindings(page, `log, ${colorScheme}`)
    await page.screenshot({ path: `test-results/log-faces-${colorScheme}.png` })
  }
  await page.getByLabel('Leave out lines with…').fill('[^q]')
  await page.getByLabel('Find in the log').fill('')
  await expect(page.getByRole('heading', { name: 'No line passes the filter' })).toBeVisible()
  await page.getByRole('button', { name: 'Show all lines' }).click()
  await expect(page.getByText('low on space')).toBeVisible()
  const failure = new AppError('DOCKER_REFUSED', { status: 501, reason: 'driver does not support reading' })
  main.emit('services', 'logs', {
    kind: 'ended',
    reason: 'no',
    failure: { code: failure.code, details: failure.details },
  })
  await expect(page.getByText('driver does not support reading')).toBeVisible()
})

test('fifty thousand lines and a flood leave the page quick, and say what is no longer shown', async ({ page }) => {
  main.emit('services', 'logs', { kind: 'snapshot', lines: [] })
  await open(page, 'db', 'logs')
  await expect(page.getByRole('heading', { name: 'No output yet' })).toBeVisible()
  const log = page.getByRole('log')
  for (let batch = 0; batch < 40; batch++) {
    const lines = Array.from({ length: 2000 }, (_, n) =>
      line(`line ${batch * 2000 + n} of a flood, long enough to be true`),
    )
    main.emit('services', 'logs', { kind: 'lines', lines })
    // As much as a link lets out unread.
    if (batch % 8 === 7) await expect(log.getByText(`line ${batch * 2000 + 1999} `)).toBeVisible()
  }
  await expect(log.getByText('line 79999 ')).toBeVisible()
  await expect(page.getByText(/older lines are no longer shown/)).toBeVisible()
  expect(await log.locator('[data-seq]').count()).toBeLessThan(120)

  await page.getByLabel('Find in the log').fill('line 4000')
  await expect(page.getByText('0 of 10')).toBeVisible()
  await page.getByLabel('Find in the log').press('Enter')
  await expect(log.getByText('line 40000 ')).toBeVisible()
  // What is read stays in its place while older lines are dropped above it.
  const before = await log.getByText('line 40000 ').boundingBox()
  main.emit('services', 'logs', { kind: 'lines', lines: Array.from({ length: 3000 }, (_, n) => line(`more ${n}`)) })
  await expect(page.getByRole('button', { name: '3,000 new lines' })).toBeVisible()
  expect((await log.getByText('line 40000 ').boundingBox())?.y).toBe(before?.y)
})

test('a terminal that cannot be opened says why, and one for a stopped service is not tried', async ({ page }) => {
  main.answer('terminals', 'open', () => {
    throw new AppError('TERMINAL_NO_SHELL', { name: 'db' })
  })
  await open(page, 'db', 'terminal')
  await expect(page.getByRole('heading', { name: 'No shell was found in db.' })).toBeVisible()
  await expectNoAxeFindings(page, 'terminal without a shell')
  await page.getByLabel('Command').fill('psql -c "select 1')
  await expect(page.getByText('A quote is not closed.')).toBeVisible()
  await page.getByLabel('Command').fill('psql -c "select 1"')
  await page.getByLabel('Command').press('Enter')
  await expect.poll(() => main.inputsOf('terminals.open').at(-1)).toMatchObject({ command: ['psql', '-c', 'select 1'] })

  await page.goto(`${page.url().replace(/#.*/, '')}#/services/${main.docker.id('old')}/terminal`)
  await expect(page.getByText('old is not running')).toBeVisible()
})

test('an open terminal has no findings in either theme', async ({ page }) => {
  await open(page, 'db', 'terminal')
  await expect.poll(() => main.docker.execs.length).toBe(1)
  main.docker.execs[0]!.print('\u001b[1;34mblue\u001b[0m and \u001b[93myellow\u001b[0m $ ')
  await expect(page.locator('.xterm-rows')).toContainText('blue and yellow $')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectNoAxeFindings(page, `terminal, ${colorScheme}`)
  }
})
