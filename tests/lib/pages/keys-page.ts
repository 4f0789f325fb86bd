import type { Page } from '@playwright/test'
import { listPage } from './list.ts'
import { goTo, openPage } from './open.ts'

/** The keys page as a person meets it, in English. */
export function keysPage(page: Page) {
  return {
    ...listPage(page, 'Keys'),
    tokens: page.getByRole('grid', { name: 'Tokens' }),
    usage: page.getByRole('grid', { name: 'Usage' }),
    jobs: page.getByRole('grid', { name: 'Jobs' }),
    open: (url: string, path = '/keys') => openPage(page, url, path),
    openTab: (id: string, tab: string) => goTo(page, `/keys/${encodeURIComponent(id)}/${tab}`),
    async more(item: string): Promise<void> {
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: item }).click()
    },
  }
}
export type KeysPage = ReturnType<typeof keysPage>
