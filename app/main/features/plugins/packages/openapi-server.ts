import { below, rootSpot, type Spot } from './findings.ts'
import { at, isNode, listOf, nodeOf, type Reading, textOf } from './openapi-nodes.ts'

/** The server of the document; empty where it has none that can be used. */
export function chooseServer(reading: Reading): string {
  const { root, report } = reading
  const servers = listOf(root['servers'])
  const spot = at(reading, rootSpot(reading.file), 'servers', root['servers'])
  const usable = servers
    .map((one, i) => ({ i, url: serverAddress(reading, one, below(spot, i)) }))
    .filter(({ url }) => url !== '')
  const chosen = (usable.find(({ url }) => url.startsWith('https:')) ?? usable[0])?.url ?? ''
  if (chosen === '')
    report.add(
      report.strict ? 'error' : 'warning',
      'SERVER_MISSING',
      servers.length > 0 ? spot : rootSpot(reading.file),
    )
  else if (servers.length > 1)
    report.mend('SERVER_SEVERAL', spot, servers, [{ url: chosen }], { count: servers.length })
  root['servers'] = chosen === '' ? [] : [{ url: chosen }]
  return chosen
}

/** The address of one server with its variables filled in, without a slash at its end; empty where it cannot be called. */
export function serverAddress({ report }: Reading, server: unknown, spot: Spot): string {
  const template = textOf(nodeOf(server)['url'])
  const variables = nodeOf(nodeOf(server)['variables'])
  const urlSpot = below(spot, 'url')
  let unknown = ''
  const url = template.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : null
    const value = isNode(variable) ? textOf(variable['default']) || textOf(listOf(variable['enum'])[0]) : ''
    if (value === '') unknown = whole
    return value
  })
  const refuse = (reason: string) => {
    report.add(report.strict ? 'error' : 'warning', 'SERVER_INVALID', urlSpot, { url: template, reason })
    return ''
  }
  if (unknown !== '') return refuse(`${unknown} has no default`)
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return refuse('it names no host')
  // Of a host with thousands of letters canParse says that it can be parsed, and then it cannot.
  const parsed = URL.parse(url)
  if (parsed === null) return refuse('it is not an address')
  const { protocol, hostname } = parsed
  if (protocol !== 'http:' && protocol !== 'https:') return refuse('only http and https are called')
  if (hostname === '') return refuse('it names no host')
  if (url.length > 512) return refuse('it is longer than 512 characters')
  if (url !== template) report.mend('SERVER_VARIABLES', urlSpot, template, url, { url: template })
  return withoutSlashes(url)
}

/** Without those at its end; an expression would look for them from each slash anew. */
export function withoutSlashes(url: string): string {
  let end = url.length
  while (url[end - 1] === '/') end--
  return url.slice(0, end)
}
