import { chromium, type Page } from '@playwright/test'
import { browserLaunch } from '../../tests/lib/browser.ts'

/** A page with a stopwatch in it: times are taken where the paint happens, not where the test runs. */
export async function openPage(url: string): Promise<{ page: Page; close(): Promise<void> }> {
  const browser = await chromium.launch(await browserLaunch())
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
  await page.addInitScript(stopwatch)
  await page.goto(url)
  return { page, close: () => browser.close() }
}

declare global {
  interface Window {
    /** Milliseconds since 1970 when the screen first showed what `shown` looks for. */
    painted(shown: () => boolean): Promise<number>
    /** The row of a service, by its id. */
    rowOf(id: string): Element | null
    /** What the state mark of a row draws: changes when, and only when, the state does. */
    markOf(id: string): string
  }
}

function stopwatch(): void {
  window.rowOf = (id) => document.querySelector(`[role="row"][data-key="${id}"]`)
  window.markOf = (id) => window.rowOf(id)?.querySelector('svg')?.innerHTML ?? ''
  window.painted = (shown) =>
    new Promise((resolve) => {
      const look = () => {
        if (!shown()) return false
        observer.disconnect()
        // The frame with the change is on screen when the task after it runs.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve(performance.timeOrigin + performance.now())
          port2.postMessage(null)
        })
        return true
      }
      const observer = new MutationObserver(look)
      if (!look()) {
        observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true })
      }
    })
}
