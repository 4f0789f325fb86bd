import { expect, type Page, test } from '@playwright/test'
import { expectNoAxeFindings } from '../../lib/axe.ts'
import { serveKitGallery } from '../../lib/kit-gallery.ts'

let gallery: Awaited<ReturnType<typeof serveKitGallery>>
test.beforeAll(async () => {
  gallery = await serveKitGallery()
})
test.afterAll(() => gallery.stop())

const refused: string[] = []
test.beforeEach(({ page }) => {
  refused.length = 0
  page.on('console', (message) => message.text().includes('Content Security Policy') && refused.push(message.text()))
})
test.afterEach(() => expect(refused).toEqual([]))

const open = (page: Page, view: string) => page.goto(`${gallery.url}?view=${view}`)
const row = (page: Page, name: string) =>
  page.getByRole('row', { name: new RegExp(`${name.replace(/[()]/g, '\\$&')}(?!\\d)`) })
const facts = (page: Page) => page.getByLabel('Facts')

for (const theme of ['light', 'dark']) {
  for (const language of ['en', 'zh-CN']) {
    test(`axe finds nothing in the kit, ${theme}, ${language}`, async ({ page }) => {
      test.slow()
      await open(page, `controls&theme=${theme}&language=${language}`)
      await expectNoAxeFindings(page, 'controls')
      await page.getByRole('button', { name: 'More' }).click()
      await expect(page.getByRole('menu')).toBeVisible()
      await expectNoAxeFindings(page, 'menu')
      await page.keyboard.press('Escape')
      await page.getByRole('combobox', { name: 'Policy' }).click()
      await expect(page.getByRole('listbox')).toBeVisible()
      await expectNoAxeFindings(page, 'select')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Remove…' }).click()
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await expectNoAxeFindings(page, 'confirmation')
      await open(page, `table&groups&open=i3&theme=${theme}&language=${language}`)
      await row(page, 'item 0').hover()
      await expectNoAxeFindings(page, 'table and drawer')
    })
  }
}

test('30,000 rows keep a page of a few dozen, and the last one is a key away', async ({ page }) => {
  await open(page, 'table&rows=30000')
  await row(page, 'item 0').focus()
  expect(await page.getByRole('row').count()).toBeLessThan(60)
  await page.keyboard.press('End')
  await expect(row(page, 'item 29999')).toBeFocused()
  await expect(row(page, 'item 29999')).toHaveAttribute('aria-rowindex', '30001')
  expect(await page.getByRole('row').count()).toBeLessThan(60)
  await page.keyboard.press('Control+a')
  await expect(facts(page)).toContainText('30000 selected')
})

test('arrows move, Space selects, Shift extends, Enter opens and Escape comes back', async ({ page }) => {
  await open(page, 'table')
  await row(page, 'item 0').focus()
  await page.keyboard.press('j')
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(facts(page)).toContainText('3 selected')
  await page.keyboard.press('k')
  await expect(row(page, 'item 2')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'i2' })).toBeVisible()
  await page.getByRole('link', { name: 'Logs' }).focus()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('complementary')).toBeHidden()
  await expect(row(page, 'item 2')).toBeFocused()
})

test('a click with Shift or Ctrl selects, the header selects what the filter left', async ({ page }) => {
  await open(page, 'table')
  await row(page, 'item 1').click({ modifiers: ['Control'] })
  await row(page, 'item 4').click({ modifiers: ['Shift'] })
  await expect(facts(page)).toContainText('4 selected')
  await expect(page.getByRole('checkbox', { name: 'Select all' })).toHaveJSProperty('indeterminate', true)
  await page.getByRole('searchbox', { name: 'Filter' }).fill('item 5')
  await page.getByRole('checkbox', { name: 'Select all' }).click()
  await expect(facts(page)).toContainText('11 selected')
})

test('the header of a group stays in view, and folds its rows', async ({ page }) => {
  await open(page, 'table&groups&rows=300')
  await page.getByRole('treegrid').hover()
  await page.mouse.wheel(0, 2000)
  await expect(row(page, 'alpha (100)')).toBeInViewport()
  await row(page, 'alpha (100)').click()
  await expect(row(page, 'alpha (100)')).toHaveAttribute('aria-expanded', 'false')
  await row(page, 'alpha (100)').focus()
  await page.keyboard.press('ArrowDown')
  await expect(row(page, 'beta (100)')).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(row(page, 'beta (100)')).toHaveAttribute('aria-expanded', 'false')
})

test('a column sorts up, down and not at all', async ({ page }) => {
  await open(page, 'table')
  const size = page.getByRole('columnheader', { name: 'Size' })
  const first = page.getByRole('row').nth(1)
  await size.getByRole('button').click()
  await expect(size).toHaveAttribute('aria-sort', 'ascending')
  await expect(first).toContainText('item 0')
  await size.getByRole('button').click()
  await expect(size).toHaveAttribute('aria-sort', 'descending')
  await expect(first).toContainText('item 30')
  await size.getByRole('button').click()
  await expect(size).toHaveAttribute('aria-sort', 'none')
})

test('what is least important leaves first where the list is narrow', async ({ page }) => {
  await open(page, 'table')
  const headers = () => page.getByRole('columnheader').allTextContents()
  expect(await headers()).toEqual(['', 'Name', 'State', 'Link', 'Size', 'Actions'])
  await page.setViewportSize({ width: 560, height: 600 })
  await expect.poll(headers).toEqual(['', 'Name', 'State', 'Size', 'Actions'])
})

test('the drawer is resized by keyboard and mouse, and can have the page', async ({ page }) => {
  await open(page, 'table&open=i3')
  const drawer = page.getByRole('complementary')
  const width = async () => Math.round((await drawer.boundingBox())!.width)
  expect(await width()).toBe(480)
  await page.getByRole('separator').focus()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(width).toBe(504)
  const box = (await drawer.boundingBox())!
  await page.mouse.move(box.x, 300)
  await page.mouse.down()
  await page.mouse.move(box.x - 100, 300)
  await page.mouse.up()
  await expect.poll(width).toBe(604)
  await page.getByRole('button', { name: 'Show on the whole page' }).click()
  await expect.poll(width).toBe(1280)
})

test('the confirmation waits for the name, and starts where nothing is lost', async ({ page }) => {
  await open(page, 'controls')
  await page.getByRole('button', { name: 'Remove…' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Remove db?' })
  await expect(dialog.getByRole('textbox')).toBeFocused()
  await expect(dialog.getByRole('button', { name: 'Remove' })).toBeDisabled()
  await page.keyboard.type('db')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await expect(dialog).toBeHidden()
})

test('rows on screen are told once they stand still', async ({ page }) => {
  await open(page, 'table&rows=1000')
  await expect(facts(page)).not.toContainText(', 0 visible')
  await page.getByRole('searchbox', { name: 'Filter' }).fill('item 999')
  await expect(facts(page)).toContainText(', 1 visible')
})
