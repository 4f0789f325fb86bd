import type { Port } from '../../../shared/contracts/services.ts'

export interface PortLink {
  /** ":8080" for a published port, "9901" for one that is only exposed, with "/udp" where it is not TCP. */
  readonly label: string
  /** Where a browser finds it; null for what no browser can open. */
  readonly url: string | null
  /** "0.0.0.0:8080 → 80/tcp" for the tooltip and for copying. */
  readonly full: string
}

// Databases, queues and shells speak TCP, but a browser that opens them shows an error.
const notForBrowsers = new Set([
  22, 25, 53, 110, 143, 389, 465, 587, 993, 995, 1433, 1521, 1883, 2181, 2379, 3306, 3389, 4222, 5432, 5672, 5900, 6379,
  6380, 9042, 9092, 9300, 11211, 27017,
])
const secure = new Set([443, 8443, 9443])

/** The ports of a service, each once (the engine lists a port for IPv4 and for IPv6), published ones first. */
export function portLinks(ports: readonly Port[], host = 'localhost'): readonly PortLink[] {
  const links = new Map<string, PortLink>()
  const published = ports.filter((port) => port.hostPort !== null)
  for (const port of [...published, ...ports.filter((port) => port.hostPort === null)]) {
    const suffix = port.protocol === 'tcp' ? '' : `/${port.protocol}`
    const label = port.hostPort === null ? `${port.containerPort}${suffix}` : `:${port.hostPort}${suffix}`
    if (links.has(label)) continue
    // An exposed port that is also published is already there under the port of the host.
    if (
      port.hostPort === null &&
      published.some((one) => one.containerPort === port.containerPort && one.protocol === port.protocol)
    )
      continue
    links.set(label, { label, url: addressOf(port, host), full: fullText(port) })
  }
  return [...links.values()]
}

function addressOf(port: Port, host: string): string | null {
  if (port.hostPort === null || port.protocol !== 'tcp') return null
  if (notForBrowsers.has(port.containerPort) || notForBrowsers.has(port.hostPort)) return null
  const scheme = secure.has(port.containerPort) || secure.has(port.hostPort) ? 'https' : 'http'
  return `${scheme}://${bound(port.hostIp, host)}:${port.hostPort}`
}

function bound(hostIp: string | null, host: string): string {
  if (hostIp === null || hostIp === '' || hostIp === '0.0.0.0' || hostIp === '::') return host
  if (hostIp === '127.0.0.1' || hostIp === '::1') return 'localhost'
  return hostIp.includes(':') ? `[${hostIp}]` : hostIp
}

function fullText(port: Port): string {
  const inside = `${port.containerPort}/${port.protocol}`
  if (port.hostPort === null) return inside
  const ip = port.hostIp ?? ''
  return `${ip.includes(':') ? `[${ip}]` : ip}:${port.hostPort} → ${inside}`
}

/** The name under which the engine's published ports are reached from here. */
export function engineHost(endpoint: string): string {
  if (!/^(tcp|https?|ssh):\/\//.test(endpoint)) return 'localhost'
  try {
    return new URL(endpoint.replace(/^(tcp|ssh):/, 'http:')).hostname || 'localhost'
  } catch {
    return 'localhost'
  }
}
