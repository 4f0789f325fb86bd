import type { Locator, Page } from '@playwright/test'

/** A list whose rows are selected by name and have a menu each, as a person meets it, in English. */
export function listPage(page: Page, title: string) {
  const grid = page.getByRole('treegrid', { name: title })
  // A row's name begins with its checkbox ("Select db"), so the row is looked for by that.
  const row = (name: string): Locator =>
    grid.getByRole('row').filter({ has: page.getByRole('checkbox', { name: `Select ${name}`, exact: true }) })
  return {
    grid,
    row,
    drawer: page.getByRole('complementary'),
    dialog: page.getByRole('dialog').or(page.getByRole('alertdialog')),
    filter: page.getByRole('searchbox', { name: `Filter ${title.toLowerCase()}` }),
    /** Names of the rows on screen, from top to bottom. */
    names: async (): Promise<string[]> => {
      const labels = await grid.getByRole('checkbox', { name: /^Select / }).evaluateAll((boxes) =>
        boxes
          .map((box) => ({ label: box.getAttribute('aria-label') ?? '', top: box.getBoundingClientRect().top }))
          .sort((a, b) => a.top - b.top)
          .map(({ label }) => label.replace('Select ', '')),
      )
      return labels.filter((label) => label !== 'all')
    },
    /** Chooses from the row's ⋯ menu. */
    async choose(name: string, item: string): Promise<void> {
      await row(name).hover()
      await row(name)
        .getByRole('button', { name: `Actions for ${name}` })
        .click()
      await page.getByRole('menuitem', { name: item }).click()
    },
  }
}
