import type { Locator, Page } from '@playwright/test'
import { goTo, openPage } from './open.ts'

/** The routing page as a person meets it, in English. */
export function routingPage(page: Page) {
  const list = page.getByRole('navigation', { name: 'Features' })
  const picture = page.getByRole('region', { name: 'Candidates in the order in which they are tried' })
  const tier = (name: string): Locator => picture.getByRole('region', { name })
  const dialog = page.getByRole('dialog')
  return {
    list,
    picture,
    tier,
    dialog,
    yaml: page.getByRole('textbox', { name: 'Rules as YAML' }),
    link: (name: string): Locator => list.getByRole('link', { name: new RegExp(`\\b${name}\\b`) }),
    /** A card by its model and key. */
    card: (model: string, key: string): Locator =>
      picture.getByRole('listitem').filter({ has: page.getByRole('button', { name: `${model} (${key})` }) }),
    cardButton: (model: string, key: string): Locator => picture.getByRole('button', { name: `${model} (${key})` }),
    /** Models of the cards by tier, from left to right and from top to bottom. */
    async order(): Promise<string[]> {
      return picture.getByRole('region').evaluateAll((columns) =>
        columns.map((column) => {
          const cards = [...column.querySelectorAll('[data-card]')].map((card) => card.textContent)
          return `${column.getAttribute('aria-label')}: ${cards.join(' ')}`
        }),
      )
    },
    async open(url: string, feature = 'text_generation', tab = ''): Promise<void> {
      await openPage(page, url, `/routing/${feature}${tab && `/${tab}`}`)
    },
    goTo: (feature: string, tab = '') => goTo(page, `/routing/${feature}${tab && `/${tab}`}`),
    button: (name: string, exact = true): Locator => page.getByRole('button', { name, exact }),
    view: (name: 'Picture' | 'Both' | 'YAML') =>
      page.getByRole('group', { name: 'View' }).getByText(name, { exact: true }).click(),
  }
}
export type RoutingPage = ReturnType<typeof routingPage>
