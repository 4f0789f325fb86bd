import { protocol } from 'electron'
import { pageHeaders, readPageFile } from '../lib/page-policy.ts'
import { appOrigin, isAppUrl } from './routes.ts'
import type { Say } from './words.ts'

/** Shown instead of the page when it stopped twice; plain HTML of ours, because the page's own code is what failed. */
export const crashedUrl = `${appOrigin}/crashed`

/** Before the app is ready: makes `app:` an origin like https, with storage, fetch and CSP. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built page on its own origin, with the headers of the browser host. */
export function servePage(root: string, say: () => Say): void {
  protocol.handle('app', async (request) => {
    if (!isAppUrl(request.url) || request.method !== 'GET')
      return new Response('not found', { status: 404, headers: pageHeaders })
    const { pathname } = new URL(request.url)
    if (request.url.startsWith(crashedUrl)) return html(crashedPage(say()))
    const file = await readPageFile(root, pathname)
    if (!file) return new Response('not found', { status: 404, headers: pageHeaders })
    return new Response(file.body, { headers: { ...pageHeaders, 'content-type': file.type } })
  })
}

const html = (text: string) =>
  new Response(text, { headers: { ...pageHeaders, 'content-type': 'text/html; charset=utf-8' } })

const crashedPage = (say: Say) => `<!doctype html>
<meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>${say('name')}</title>
<h1>${say('pageCrashed')}</h1>
<p>${say('pageCrashedAdvice')}</p>
<p><a href="/">${say('openAgain')}</a></p>
`
