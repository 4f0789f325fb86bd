import { expect, type Page, test } from '@playwright/test'
import { contentSecurityPolicy } from '../../../app/main/lib/page-policy.ts'
import { defaultSettings } from '../../../app/shared/contracts/settings.ts'
import { keysPage } from '../../lib/pages/keys-page.ts'
import { scriptKeys } from '../../lib/scripted-keys.ts'
import { type ScriptedMain, startScriptedMain } from '../../lib/scripted-main.ts'
import { pictureTime } from '../../lib/scripted-platform.ts'

// What recharts does to the page: its rules of style, its weight, its colours, its width, and what it tells to whom.
test.use({ locale: 'en-GB', timezoneId: 'Asia/Shanghai' })

let main: ScriptedMain
test.beforeEach(async ({ page }) => {
  main = await startScriptedMain()
  scriptKeys(main)
  await page.clock.setFixedTime(pictureTime)
})
test.afterEach(() => main.stop())

const chartOf = (page: Page) => page.getByRole('img', { name: 'Requests by hour' })
/** The bars of one colour, from left to right, in pixels of the page. */
const barsOf = (page: Page, color: string) =>
  chartOf(page)
    .locator(`.recharts-rectangle[fill="${color}"]`)
    .evaluateAll((all) =>
      all.map((one) => {
        const { left, right, top, bottom } = one.getBoundingClientRect()
        return { left, right, top, bottom, fill: getComputedStyle(one).fill }
      }),
    )

test('the chart library comes with the first chart, and the policy of the page refuses nothing of it', async ({
  page,
}) => {
  const [loaded, wrong]: [string[], string[]] = [[], []]
  let policy: string | undefined
  page.on('request', (request) => loaded.push(request.url()))
  page.on('response', (answer) => {
    if (answer.request().isNavigationRequest()) policy = answer.headers()['content-security-policy']
  })
  page.on('pageerror', (error) => wrong.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text())
  })
  const drawing = () => loaded.filter((url) => url.includes('ChartPlot')).length
  const keys = keysPage(page)
  await keys.open(main.url)
  await expect(keys.grid).toBeVisible()
  expect(drawing()).toBe(0)

  await keys.openTab('openai-main', 'use')
  await expect(keys.drawer.getByRole('img', { name: 'Cost, last 24 hours' })).toBeVisible()
  await page.getByRole('link', { name: 'Usage' }).click()
  await chartOf(page).hover()
  await expect(page.getByText(/requests?, \d+ failed$/).and(page.getByRole('status'))).toBeVisible()
  expect(drawing()).toBe(1)
  expect(policy).toBe(contentSecurityPolicy)
  expect(await page.locator('style').count()).toBe(0)
  expect(wrong).toEqual([])
})

test('bars stand on zero, a time without use is a gap, and what failed is at the foot', async ({ page }) => {
  await keysPage(page).open(main.url, '/keys/usage')
  await expect(chartOf(page)).toBeVisible()
  const good = await barsOf(page, 'var(--accent)')
  const bad = await barsOf(page, 'var(--fail)')
  // 24 hours, of which three had no use; 787 requests of 05:00 are the ninth, 210 of them failed.
  expect(good).toHaveLength(21)
  const step = good[1]!.left - good[0]!.left
  expect(good.slice(1).map(({ left }, index) => Math.round((left - good[index]!.left) / step))).toEqual([
    ...[1, 1, 1, 1, 4],
    ...Array.from({ length: 15 }, () => 1),
  ])
  const axis = (await chartOf(page).locator('.recharts-cartesian-axis-line').first().boundingBox())!.y
  for (const { bottom } of bad) expect(Math.abs(bottom - axis)).toBeLessThan(1)
  const ninth = good[8]!
  const failed = bad.find(({ left }) => Math.abs(left - ninth.left) < 1)!
  expect(Math.abs(failed.top - ninth.bottom)).toBeLessThan(0.1)
  expect((failed.bottom - failed.top) / (failed.bottom - ninth.top)).toBeCloseTo(210 / 787, 2)
})

test('the mouse, the arrow keys and a table nobody sees tell the same', async ({ page }) => {
  await keysPage(page).open(main.url, '/keys/usage')
  await expect(chartOf(page)).toBeVisible()
  const row = page.getByRole('table', { name: 'Requests by hour' }).getByRole('row')
  await expect(row).toHaveCount(21)
  await expect(row.nth(8)).toHaveText('Mar 18, 05:00787 requests, 210 failed')
  await expect(chartOf(page)).toHaveAccessibleDescription('top: 1,172')

  const told = page.getByText('Mar 18, 05:00 · 787 requests, 210 failed')
  const { left, right, top } = (await barsOf(page, 'var(--accent)'))[8]!
  await page.mouse.move((left + right) / 2, top + 2)
  await expect(told).toBeVisible()
  await page.mouse.move(0, 0)
  await expect(told).toHaveCount(0)
  await chartOf(page).focus()
  for (let i = 0; i < 11; i++) await page.keyboard.press('ArrowRight')
  await expect(told).toBeVisible()
})

test('colours follow the theme, the drawing follows the width, and then it rests', async ({ page }) => {
  main.emit('settings', 'updates', { ...defaultSettings, theme: 'light' })
  await keysPage(page).open(main.url, '/keys/usage')
  const colours = async () => ({
    bar: (await barsOf(page, 'var(--accent)'))[0]?.fill,
    words: await chartOf(page)
      .locator('text')
      .evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).fill))]),
  })
  await expect.poll(colours).toEqual({ bar: 'rgb(0, 104, 122)', words: ['rgb(70, 82, 90)'] })
  main.emit('settings', 'updates', { ...defaultSettings, theme: 'dark' })
  await expect.poll(colours).toEqual({ bar: 'rgb(88, 196, 216)', words: ['rgb(184, 194, 200)'] })

  const width = () => chartOf(page).evaluate((svg) => [svg.clientWidth, svg.closest('figure')?.clientWidth])
  for (const wide of [960, 1600]) {
    await page.setViewportSize({ width: wide, height: 800 })
    await expect.poll(width).toEqual([wide - 88, wide - 88])
  }
  const changes = await chartOf(page).evaluate(async (svg) => {
    let count = 0
    new MutationObserver((records) => {
      count += records.length
    }).observe(svg, { subtree: true, childList: true, attributes: true })
    for (let frame = 0; frame < 30; frame++) await new Promise(requestAnimationFrame)
    return count
  })
  expect(changes).toBe(0)
})
