import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/**
 * What axe finds on the page as it is now must be nothing. Left out are the focus guards of Base UI, which send the
 * focus on the moment they get it, and, while a menu or list floats above the page, the advice that everything lie
 * within a landmark: it is meant for the page itself. `colours` is all that another theme can change.
 */
export async function expectNoAxeFindings(
  page: Page,
  where: string,
  what: 'everything' | 'colours' = 'everything',
): Promise<void> {
  const axe = new AxeBuilder({ page }).exclude('[data-base-ui-focus-guard]')
  if (what === 'colours') axe.withRules(['color-contrast', 'link-in-text-block'])
  else if ((await page.locator('[data-layer]').count()) > 0) axe.disableRules('region')
  const { violations } = await axe.analyze()
  const found = violations.map(({ id, nodes }) => ({
    id,
    where: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`),
  }))
  expect(found, where).toEqual([])
}
