import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { DockerContext, DockerEndpoint } from '../../shared/contracts/docker.ts'
import { AppError } from '../../shared/errors.ts'
import { contextNames, currentContext, readContext, readTls, type Tls } from './contexts.ts'

/** What of the machine decides where Docker is; handed in so that tests have their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: NodeJS.Platform
}
export const surroundings = (): Surroundings => ({ env: process.env, home: homedir(), platform: process.platform })

export type Address =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: Tls | null }
  | {
      readonly kind: 'ssh'
      readonly host: string
      readonly user: string | null
      readonly port: number | null
      /** The socket on the other machine when it is not that machine's default. */
      readonly path: string | null
    }

export interface Target {
  /** As people write it: `unix:///var/run/docker.sock`. */
  readonly endpoint: string
  readonly chosenBy: string
  readonly address: Address
}

/** Where Docker is, by the rules of Docker's own command line. Throws DOCKER_UNREACHABLE where they lead nowhere. */
export async function resolveEndpoint(chosen: DockerEndpoint, around: Surroundings): Promise<Target> {
  if (chosen.kind === 'address') return await fromAddress(chosen.address, 'settings', around)
  if (chosen.kind === 'context') return await fromContext(chosen.name, around)
  const host = around.env['DOCKER_HOST']
  if (host) return await fromAddress(host, 'DOCKER_HOST', around)
  return await fromContext(await currentContext(around), around)
}

/** The contexts that Docker's command line knows, its default first. Unreadable ones are left out. */
export async function listContexts(around: Surroundings): Promise<DockerContext[]> {
  const host = around.env['DOCKER_HOST']
  const current = host ? 'default' : await currentContext(around).catch(() => 'default')
  const found: DockerContext[] = [
    {
      name: 'default',
      address: host ?? (await fromContext('default', around)).endpoint,
      current: current === 'default',
    },
  ]
  for (const folder of await contextNames(around)) {
    const context = await readContext(folder, around).catch(() => null)
    if (context) found.push({ name: context.name, address: context.host, current: context.name === current })
  }
  return found
}

async function fromContext(name: string, around: Surroundings): Promise<Target> {
  if (name === 'default') {
    const path = await defaultSocket(around)
    const scheme = around.platform === 'win32' ? 'npipe' : 'unix'
    return { endpoint: `${scheme}://${path}`, chosenBy: 'default socket', address: { kind: 'socket', path } }
  }
  const context = await readContext({ name }, around)
  return { endpoint: context.host, chosenBy: `context ${name}`, address: parseAddress(context.host, context.tls) }
}

async function fromAddress(text: string, chosenBy: string, around: Surroundings): Promise<Target> {
  const { env } = around
  const verify = Boolean(env['DOCKER_TLS_VERIFY'])
  const encrypted = verify || Boolean(env['DOCKER_TLS']) || text.startsWith('https://')
  const folder = env['DOCKER_CERT_PATH'] || env['DOCKER_CONFIG'] || join(around.home, '.docker')
  const address = parseAddress(text, null)
  if (address.kind !== 'tcp' || !encrypted) return { endpoint: text, chosenBy, address }
  const tls = await readTls(folder, verify || text.startsWith('https://'), text)
  return { endpoint: text, chosenBy, address: parseAddress(text, tls) }
}

const nowhere = (endpoint: string, reason: string) =>
  new AppError('DOCKER_UNREACHABLE', { endpoint: endpoint.slice(0, 200), reason })

/** Reads `unix://`, `npipe://`, `tcp://`, `http(s)://`, `ssh://` or a plain path. */
export function parseAddress(text: string, tls: Tls | null): Address {
  if (text.startsWith('/')) return { kind: 'socket', path: text }
  const [, scheme, rest = ''] = /^(unix|npipe):\/\/(.+)$/.exec(text) ?? []
  if (scheme) return { kind: 'socket', path: rest }
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw nowhere(text, 'it is not an address')
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port === '' ? null : Number(url.port)
  // A name that starts with "-" would be an option of ssh.
  const plain = /^[A-Za-z0-9_:][A-Za-z0-9_.:%-]*$/
  if (!plain.test(host)) throw nowhere(text, 'it names no host')
  switch (url.protocol) {
    case 'tcp:':
    case 'http:':
      return { kind: 'tcp', host, port: port ?? (tls ? 2376 : 2375), tls }
    case 'https:':
      return { kind: 'tcp', host, port: port ?? 443, tls: tls ?? { verify: true } }
    case 'ssh:': {
      const user = url.username === '' ? null : decodeURIComponent(url.username)
      if (user !== null && !plain.test(user)) throw nowhere(text, 'its user cannot be used')
      const path = url.pathname.length > 1 ? url.pathname : null
      return { kind: 'ssh', host, user, port, path }
    }
    default:
      throw nowhere(text, 'only unix, npipe, tcp and ssh addresses are known')
  }
}

/** The first usual socket that this user may use; else the first that exists; else the first. */
async function defaultSocket({ platform, home, env }: Surroundings): Promise<string> {
  // A pipe is not probed: looking at one opens it.
  if (platform === 'win32') return '//./pipe/docker_engine'
  const runtime = env['XDG_RUNTIME_DIR']
  const usual =
    platform === 'darwin'
      ? [
          join(home, '.docker/run/docker.sock'),
          '/var/run/docker.sock',
          join(home, '.colima/default/docker.sock'),
          join(home, '.orbstack/run/docker.sock'),
        ]
      : [
          '/var/run/docker.sock',
          ...(runtime ? [join(runtime, 'docker.sock')] : []),
          join(home, '.docker/desktop/docker.sock'),
        ]
  for (const mode of [constants.R_OK | constants.W_OK, constants.F_OK]) {
    for (const path of usual) {
      const there = await access(path, mode).then(
        () => true,
        () => false,
      )
      if (there) return path
    }
  }
  return usual[0]!
}
