import type { Locator, Page } from '@playwright/test'
import { listPage } from './list.ts'
import { goTo, openPage } from './open.ts'

/** The services page as a person meets it, in English. */
export function servicesPage(page: Page) {
  const list = listPage(page, 'Services')
  return {
    ...list,
    toast: page.getByRole('status'),
    open: (url: string) => openPage(page, url, '/services'),
    openTab: (id: string, tab: string) => goTo(page, `/services/${id}/${tab}`),
    group: (name: string): Locator => list.grid.getByRole('row').filter({ has: page.getByText(name, { exact: true }) }),
  }
}
export type ServicesPage = ReturnType<typeof servicesPage>
