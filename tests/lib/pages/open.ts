import { expect, type Page } from '@playwright/test'

/** Signs in with the printed address and goes to a page by its path, e.g. `/services`. */
export async function openPage(page: Page, url: string, path: string): Promise<void> {
  await page.goto(url)
  const [, name] = path.split('/')
  await page.locator(`nav a[href="#/${name}"]`).click()
  await goTo(page, path)
}

/** Goes to an address inside the console, as a link or a bookmark would. */
export const goTo = (page: Page, path: string): Promise<void> =>
  page.evaluate((hash) => {
    location.hash = hash
  }, path)

/** Opens the palette and types into it, once it takes what is typed. */
export async function typeIntoPalette(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type(words)
}
