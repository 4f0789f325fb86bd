const key = 'reloaded-at'
/** Within this time a second failure is shown instead: reloading would go on for ever. */
const again = 10_000
const pause = 1000

/**
 * Loads the page again when a part of it did not arrive. Chromium drops what is under way whenever a network interface
 * comes or goes, and on a Docker machine every start and stop of a container brings or takes one. While the console is
 * away it waits: a reload would put the browser's own error in the place of the page.
 */
export function reloadOnBrokenLoads(): void {
  addEventListener('vite:preloadError', () => {
    if (Date.now() - Number(sessionStorage.getItem(key) ?? 0) < again) return
    sessionStorage.setItem(key, String(Date.now()))
    void reloadWhenAnswered()
  })
}

async function reloadWhenAnswered(): Promise<void> {
  const answer = await fetch(location.pathname, { cache: 'no-store' }).catch(() => null)
  if (answer?.ok) location.reload()
  else setTimeout(() => void reloadWhenAnswered(), pause)
}
