import { expect, test } from '@playwright/test'
import type { JobRow } from '../../../app/shared/contracts/gateway.ts'
import { job, manyJobs } from '../../lib/job-samples.ts'
import { keysPage } from '../../lib/pages/keys-page.ts'
import { typeIntoPalette } from '../../lib/pages/open.ts'
import { scriptJobs } from '../../lib/scripted-jobs.ts'
import { scriptKeys } from '../../lib/scripted-keys.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { pictureTime } from '../../lib/scripted-platform.ts'

let main: ScriptedMain
test.beforeEach(async ({ page }) => {
  main = await startScriptedMain()
  await page.clock.setFixedTime(pictureTime)
  scriptKeys(main)
})
test.afterEach(() => main.stop())

test('jobs are listed with their state, key, caller and times, and narrowed to one state', async ({ page }) => {
  const { asked } = scriptJobs(main)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/jobs')
  const cells = (name: RegExp) => keys.jobs.getByRole('row', { name }).getByRole('gridcell')
  await expect(cells(/nightly-report/)).toHaveText([
    ...['succeeded', 'text_to_image', 'wan2.2-t2i-flash', 'Aliyun DashScope', '百炼-万相', 'nightly-report'],
    ...['5 minutes ago', '1 min'],
  ])
  await expect(cells(/running/).last()).toHaveText('48 s')
  await expect(cells(/nightly-report/).locator('time')).toHaveAttribute('title', /2026/)
  await expect(keys.jobs.getByRole('row', { name: /^unknown.*removed/ })).toHaveCount(1)
  await expect(
    cells(/^unknown.*removed/)
      .first()
      .locator('span')
      .first(),
  ).toHaveAttribute('title', /not submitted twice/)

  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Failed' }).click()
  await expect(page.getByText('2 jobs', { exact: true })).toBeVisible()
  await expect(keys.jobs.getByRole('row')).toHaveCount(3)
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'All states' }).click()
  await expect(keys.jobs.getByRole('row')).toHaveCount(9)
  expect(asked).toEqual([
    { state: null, limit: 100 },
    { state: 'failed', limit: 100 },
    { state: null, limit: 100 },
  ])
})

test('a job is followed to its end at its own address, with the keyboard alone', async ({ page }) => {
  const { save } = scriptJobs(main)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/jobs')
  await expect(keys.jobs).toBeVisible()
  await keys.jobs.getByRole('row', { name: /submitting/ }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#\/keys\/jobs\/job-running$/)
  await expect(keys.drawer).toContainText('is asked until it ends')
  save(job('job-running', { at: pictureTime - 48_000, updatedAt: pictureTime }))
  await expect(keys.drawer.getByRole('link', { name: /dashscope-result.test.*1\.png/ })).toHaveAttribute(
    'href',
    /^https:\/\/dashscope-result\.test\/1d\/20260318\/1\.png\?/,
  )
  await expect(keys.drawer).toContainText('Output data may contain inappropriate content.')
  await expect(keys.drawer.getByRole('link', { name: 'decision-of-job-running' })).toHaveAttribute(
    'href',
    '#/routing/text_to_image/decisions',
  )
  await expect(keys.drawer.getByRole('link', { name: '百炼-万相' })).toHaveAttribute('href', /^#\/keys\/%E7.*summary$/)
  await page.reload()
  await expect(keys.drawer.getByRole('button', { name: 'Copy the output' })).toBeVisible()
  await keys.drawer.getByRole('button', { name: 'Copy Task of the vendor' }).press('Enter')
  await expect(keys.drawer.getByRole('button', { name: 'Copied' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/#\/keys\/jobs$/)
})

test('a failed and an unknown job say why and what to do; one that is not kept says so', async ({ page }) => {
  scriptJobs(main)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/jobs/job-refused')
  await expect(keys.drawer).toContainText(
    'Aliyun DashScope: Input data may contain inappropriate content. DataInspectionFailed',
  )
  await expect(keys.drawer).toContainText('Change the request before it is sent again.')
  const unknown = keys.jobs.getByRole('row', { name: /^unknown/ })
  for (const [row, words] of [
    [keys.jobs.getByRole('row', { name: /wanx-v1/ }), 'It can be asked for anew'],
    [unknown.first(), 'look there for the task below'],
    [unknown.last(), 'look at the vendor before it is asked for anew'],
  ] as const) {
    await row.click()
    await expect(keys.drawer).toContainText(words)
  }
  await page.goto(`${page.url().split('#')[0]}#/keys/jobs/none`)
  await expect(keys.drawer.getByRole('heading', { name: 'This job is not here' })).toBeVisible()
  await keys.drawer.getByRole('button', { name: 'Back to the list' }).click()
  await expect(keys.drawer).toHaveCount(0)
})

test('jobs come as they begin and wait where rows would move under a reader, each row as it is now', async ({
  page,
}) => {
  const rows = manyJobs(1000)
  const { save, asked } = scriptJobs(main, rows)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/jobs')
  const row = (name: string) => keys.jobs.getByRole('row', { name: new RegExp(` ${name} `) })
  const place = (name: string) => row(name).getAttribute('aria-rowindex')
  let begun = 0
  const begin = () =>
    save(job(`newer-${++begun}`, { at: pictureTime + begun, model: `newer-${begun}`, state: 'running' }))
  const end = (one: JobRow) => save({ ...one, state: 'failed', error: 'gone' })
  const newer = page.getByRole('button', { name: /^Show \d+ newer$/ })

  await expect(row('model-0')).toContainText('running')
  begin()
  await expect(row('newer-1')).toBeVisible()
  await expect.poll(() => place('model-0')).toBe('3')

  await row('model-2').click()
  begin()
  end(rows[1]!)
  await expect(row('model-1')).toContainText('failed')
  await expect(newer).toHaveText('Show 1 newer')
  expect([await place('model-0'), await row('newer-2').count()]).toEqual(['3', 0])
  await newer.click()
  await expect(row('newer-2')).toBeVisible()
  await expect(newer).toHaveCount(0)
  await page.keyboard.press('Escape')

  await keys.jobs.evaluate((grid) => grid.scrollTo(0, 400))
  await expect(row('model-10')).toBeVisible()
  const stood = await place('model-10')
  for (let count = 0; count < 3; count++) begin()
  await expect(newer).toHaveText('Show 3 newer')
  expect(await place('model-10')).toBe(stood)
  // Those that newer ones would push out of what is told are asked for.
  await expect.poll(() => asked.at(-1)?.limit).toBe(200)
  await newer.click()
  await expect(row('newer-5')).toBeInViewport()
})

test('a job that leaves the state that is looked at says so, and goes when nobody reads', async ({ page }) => {
  const rows = manyJobs(6)
  const { save } = scriptJobs(main, rows)
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/jobs')
  await page.getByRole('combobox', { name: 'State' }).click()
  await page.getByRole('option', { name: 'Running' }).click()
  await expect(keys.jobs.getByRole('row')).toHaveCount(5)
  await keys.jobs.getByRole('row', { name: /model-2/ }).click()
  save({ ...rows[1]!, state: 'succeeded' })
  await expect(keys.jobs.getByRole('row', { name: /model-1/ })).toContainText('no longer running')
  await expect(keys.jobs.getByRole('row')).toHaveCount(5)
  await page.keyboard.press('Escape')
  await expect(keys.jobs.getByRole('row')).toHaveCount(4)
})

test('more of a thousand jobs are shown by a button and as one scrolls, and few are drawn', async ({ page }) => {
  scriptJobs(main, manyJobs(1000))
  const keys = keysPage(page)
  await keys.open(main.url, '/keys/jobs')
  await expect(page.getByText('100 of 1,000 jobs')).toBeVisible()
  await page.getByRole('button', { name: 'Show more' }).press('Enter')
  await expect(page.getByText('200 of 1,000 jobs')).toBeVisible()
  const toEnd = () => keys.jobs.evaluate((grid) => grid.scrollTo(0, grid.scrollHeight))
  await expect(async () => {
    await toEnd()
    await expect(page.getByText('1,000 jobs', { exact: true })).toBeVisible({ timeout: 100 })
  }).toPass()
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)
  await toEnd()
  await expect(keys.jobs.getByRole('row', { name: /model-999/ })).toBeInViewport()
  expect(await keys.jobs.getByRole('row').count()).toBeLessThan(60)
})

test('the palette leads to jobs, tokens and usage', async ({ page }) => {
  scriptJobs(main)
  const keys = keysPage(page)
  await keys.open(main.url, '/overview')
  for (const [typed, title] of [
    ['jobs', 'Jobs'],
    ['用量', 'Usage'],
    ['tokens', 'Tokens'],
  ] as const) {
    await typeIntoPalette(page, typed)
    await expect(page.getByRole('option').first()).toContainText(`Go to ${title}`)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('link', { name: title, exact: true })).toHaveAttribute('aria-current', 'page')
  }
})
