/** Where the page lives under Electron. A standard, secure origin of its own: no file:// and no port. */
export const appOrigin = 'app://pilothouse'

/** The scheme of links from outside: `pilothouse://services/NAME`. */
export const linkScheme = 'pilothouse'

const segment = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/
const longest = 2048

export const isAppUrl = (url: string): boolean => url === appOrigin || url.startsWith(`${appOrigin}/`)

/** The address of a page's route; routes are the page's own, after the `#`. */
export const urlOfRoute = (route: string): string => `${appOrigin}/#${route}`

/** A route made of plain words ("services/db" → "/services/db"), or null. Everything that comes from outside passes here. */
export function routeOf(path: string): string | null {
  if (path.length > longest) return null
  const parts = path.split('/').filter((part) => part !== '')
  return parts.length >= 1 && parts.length <= 3 && parts.every((part) => segment.test(part))
    ? `/${parts.join('/')}`
    : null
}

/** The route of a `pilothouse://` link, or null for anything else. */
export function routeOfLink(link: string): string | null {
  const start = `${linkScheme}://`
  return link.startsWith(start) ? routeOf(link.slice(start.length)) : null
}

/** The first route in a command line: a link, or `--page=services/NAME`. Chromium reorders the rest, so each is one word. */
export function routeOfArguments(argv: readonly string[]): string | null {
  for (const argument of argv) {
    const route = argument.startsWith('--page=') ? routeOf(argument.slice('--page='.length)) : routeOfLink(argument)
    if (route !== null) return route
  }
  return null
}

/** An address that may be handed to the system's browser, or null: http and https without credentials, nothing else. */
export function externalUrl(text: string): string | null {
  if (text.length > longest || !URL.canParse(text)) return null
  const url = new URL(text)
  const plain = ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
  return plain ? url.href : null
}

/** A link names a service as people do; the page knows it by its id. */
export function withServiceId(
  route: string,
  services: Iterable<{ readonly id: string; readonly name: string }>,
): string {
  const [, page, name, tab] = route.split('/')
  if (page !== 'services' || name === undefined) return route
  for (const service of services) {
    if (service.name === name || service.id === name)
      return ['', page, service.id, tab].filter((part) => part !== undefined).join('/')
  }
  return '/services'
}
