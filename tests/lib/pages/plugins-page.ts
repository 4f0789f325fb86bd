import type { Locator, Page } from '@playwright/test'
import { goTo, openPage } from './open.ts'

/** The plugins page as a person meets it, in English. */
export function pluginsPage(page: Page) {
  const grid = page.getByRole('treegrid', { name: 'Plugins' })
  const row = (name: string): Locator =>
    grid.getByRole('row').filter({ has: page.getByRole('checkbox', { name: `Select ${name}`, exact: true }) })
  const drawer = page.getByRole('complementary')
  return {
    grid,
    row,
    drawer,
    dialog: page.getByRole('dialog').or(page.getByRole('alertdialog')),
    filter: page.getByRole('searchbox', { name: 'Filter plugins' }),
    uploads: page.getByRole('region', { name: 'Imports under way' }),
    open: (url: string) => openPage(page, url, '/plugins'),
    openTab: (id: string, tab: string) => goTo(page, `/plugins/${id}/${tab}`),
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
    /** Drops files on the window, as the desktop would; they stand over it until `drop` is called. */
    async dragIn(files: readonly { readonly name: string; readonly text: string }[]) {
      const transfer = await page.evaluateHandle((all) => {
        const made = new DataTransfer()
        for (const { name, text } of all) made.items.add(new File([text], name))
        return made
      }, files)
      await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer })
      return { drop: () => page.dispatchEvent('body', 'drop', { dataTransfer: transfer }) }
    },
  }
}
export type PluginsPage = ReturnType<typeof pluginsPage>
