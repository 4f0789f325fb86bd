const key = 'reloaded-at'
/** Within this time a second failure is shown instead: the console is away, and reloading would go on for ever. */
const again = 10_000

/**
 * Loads the page again when a part of it did not arrive. Chromium drops what is under way whenever a network interface
 * comes or goes, and on a Docker machine every start and stop of a container brings or takes one.
 */
export function reloadOnBrokenLoads(): void {
  addEventListener('vite:preloadError', () => {
    if (Date.now() - Number(sessionStorage.getItem(key) ?? 0) < again) return
    sessionStorage.setItem(key, String(Date.now()))
    location.reload()
  })
}
