import { expect, type Page } from '@playwright/test'
import axe from 'axe-core'

/**
 * What axe finds on the page as it is now must be nothing. Left out are the focus guards of Base UI, which send the
 * focus on the moment they get it, and, while a menu or list floats above the page, the advice that everything lie
 * within a landmark: it is meant for the page itself.
 */
export async function expectNoAxeFindings(page: Page, where: string): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const found = await page.evaluate(async () => {
    // Half-way between two themes a colour is neither's.
    const ending = document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity)
    await Promise.all(ending.map(({ finished }) => finished.catch(() => {})))
    const floats = document.querySelector('[data-layer]') !== null
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(
      { exclude: ['[data-base-ui-focus-guard]'] },
      { resultTypes: ['violations'], rules: floats ? { region: { enabled: false } } : {} },
    )
    return violations.map(({ id, nodes }) => ({
      id,
      where: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`),
    }))
  })
  expect(found, where).toEqual([])
}
