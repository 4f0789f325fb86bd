import type { Locator, Page } from '@playwright/test'
import { goTo, openPage } from './open.ts'

/** The Tools tab of the Weather plugin as a person meets it, in English. */
export function tryItPage(page: Page) {
  const drawer = page.getByRole('complementary')
  return {
    drawer,
    tools: drawer.getByRole('grid', { name: 'Tools' }),
    tool: (name: string): Locator => drawer.getByRole('grid', { name: 'Tools' }).getByRole('row', { name }),
    field: (name: string): Locator => drawer.getByRole('textbox', { name, exact: true }),
    send: drawer.getByRole('button', { name: 'Send', exact: true }),
    mode: (name: 'Form' | 'JSON' | 'Code'): Locator => drawer.getByRole('radio', { name, exact: true }),
    response: drawer.getByRole('region', { name: 'Response' }),
    history: drawer.getByRole('region', { name: 'Calls of this tool' }),
    /** The drawer at the tools, or at one of them. */
    async open(url: string, operation = ''): Promise<void> {
      await openPage(page, url, '/plugins')
      await goTo(page, `/plugins/weather/tools${operation && `/${operation}`}`)
    },
    async wholePage(): Promise<void> {
      await drawer.getByRole('button', { name: 'Show on the whole page' }).click()
    },
  }
}
export type TryItPage = ReturnType<typeof tryItPage>
