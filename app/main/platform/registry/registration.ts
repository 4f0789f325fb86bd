import type { Instance } from '../../../shared/contracts/registry.ts'
import { AppError } from '../../../shared/errors.ts'
import { guardUrl } from '../../features/plugins/calling/guard.ts'

/** What a service says of itself when it registers. */
export type Registration = Pick<Instance, 'name' | 'url' | 'healthPath' | 'version' | 'ttlSeconds'> & {
  readonly metadata: Readonly<Record<string, string>>
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/
/** Paths of our own right after `/api/`: a service of such a name could not be reached. */
export const reservedNames: ReadonlySet<string> = new Set([
  'plugins',
  'plugin',
  'plugin_api',
  'v1',
  'registry',
  'agents',
  'chat',
])
const MOST_CHARACTERS = 512
const MOST_METADATA = 32
const LONGEST_TTL_S = 86_400

/**
 * A registration as it is kept: its address in one spelling, everything within bounds. Fails with BAD_INPUT or
 * ADDRESS_FORBIDDEN; a name that leads to a forbidden address is met when it is connected.
 */
export function checkedRegistration(given: Registration): Registration {
  const { name, version, ttlSeconds } = given
  if (!NAME.test(name)) throw wrong('name is 1 to 63 of a-z, 0-9 and "-", and begins with a letter or a digit')
  if (reservedNames.has(name)) throw wrong(`the name ${name} is a path of the platform's own`)
  if (!(ttlSeconds >= 1 && ttlSeconds <= LONGEST_TTL_S)) throw wrong(`ttl_s is from 1 to ${LONGEST_TTL_S}`)
  if (version !== null && version.length > 64) throw wrong('version has at most 64 characters')
  return {
    ...{ name, version, ttlSeconds, url: addressOf(given.url), healthPath: pathOf(given.healthPath) },
    metadata: boundedMetadata(given.metadata),
  }
}

const wrong = (reason: string) => new AppError('BAD_INPUT', { reason })

function addressOf(text: string): string {
  const url = text.length <= MOST_CHARACTERS && URL.canParse(text) ? new URL(text) : null
  if (!url) throw wrong('url is an address like http://127.0.0.1:8090')
  // Its own services are what the operator registers: on this machine or in the same network.
  guardUrl(url, { allowLoopback: true, allowPrivate: true })
  if (url.username || url.password) throw wrong('url has no user and no password in it')
  if (url.search || url.hash) throw wrong('url has no query and no fragment')
  return url.href.replace(/\/+$/, '')
}

function pathOf(path: string | null): string | null {
  if (path === null || path === '') return null
  if (!/^\/[\x21-\x7e]*$/.test(path) || path.includes('#') || path.length > MOST_CHARACTERS)
    throw wrong('health_path is a path like /healthz')
  return path
}

function boundedMetadata(given: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(given)
  const fits = entries.every(([name, value]) => name.length <= 64 && value.length <= MOST_CHARACTERS)
  if (entries.length > MOST_METADATA || !fits)
    throw wrong(`metadata has at most ${MOST_METADATA} names of 64 and values of ${MOST_CHARACTERS} characters`)
  return Object.fromEntries(entries)
}
