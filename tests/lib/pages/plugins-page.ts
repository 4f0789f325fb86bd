import type { Page } from '@playwright/test'
import { listPage } from './list.ts'
import { goTo, openPage } from './open.ts'

/** The plugins page as a person meets it, in English. */
export function pluginsPage(page: Page) {
  return {
    ...listPage(page, 'Plugins'),
    uploads: page.getByRole('region', { name: 'Imports under way' }),
    open: (url: string) => openPage(page, url, '/plugins'),
    openTab: (id: string, tab: string) => goTo(page, `/plugins/${id}/${tab}`),
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
