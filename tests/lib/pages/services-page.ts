import type { Locator, Page } from '@playwright/test'
import { goTo, openPage } from './open.ts'

/** The services page as a person meets it, in English. */
export function servicesPage(page: Page) {
  const grid = page.getByRole('treegrid', { name: 'Services' })
  // A row's name begins with its checkbox ("Select db"), so the name is looked for as a word.
  const row = (name: string): Locator =>
    grid.getByRole('row').filter({ has: page.getByRole('checkbox', { name: `Select ${name}`, exact: true }) })
  const drawer = page.getByRole('complementary')
  return {
    grid,
    row,
    drawer,
    dialog: page.getByRole('dialog').or(page.getByRole('alertdialog')),
    toast: page.getByRole('status'),
    filter: page.getByRole('searchbox', { name: 'Filter services' }),
    open: (url: string) => openPage(page, url, '/services'),
    openTab: (id: string, tab: string) => goTo(page, `/services/${id}/${tab}`),
    group: (name: string): Locator => grid.getByRole('row').filter({ has: page.getByText(name, { exact: true }) }),
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
export type ServicesPage = ReturnType<typeof servicesPage>
