import { hostname, release } from 'node:os'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { Answer, Transport } from './docker.ts'
import type { Target } from './endpoint.ts'

/** The oldest API that has all we use (Engine 20.10), and the newest whose answers we have seen described. */
export const OLDEST_API = '1.41'
export const NEWEST_API = '1.51'

/** Milliseconds for the details that only decorate; a busy engine may count all its containers for them. */
const INFO_TIMEOUT = 3000

const word = z.string().min(1).max(256)
const api = z.string().regex(/^\d{1,3}\.\d{1,4}$/)
const Version = z.object({ Version: word, ApiVersion: api, MinAPIVersion: api.nullish(), Os: word.nullish() })
const Info = z.object({
  OperatingSystem: z.string().max(256).nullish(),
  KernelVersion: z.string().max(256).nullish(),
  Name: z.string().max(256).nullish(),
  SecurityOptions: z.array(z.string().max(1024)).nullish(),
})

export interface Greeting {
  readonly version: string
  /** The version both sides speak. */
  readonly apiVersion: string
  readonly operatingSystem: string
  readonly rootless: boolean
  readonly local: boolean
  /** The engine's clock in seconds at the time of its answer; null when it does not tell. */
  readonly clock: number | null
}

const compare = (a: string, b: string): number => {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number)
  const [majorB = 0, minorB = 0] = b.split('.').map(Number)
  return majorA - majorB || minorA - minorB
}

/** The engine's newest version as far as we know it, never below the oldest that the engine still speaks. */
export function negotiate(engine: string, engineMinimum: string | null): string {
  const newest = compare(engine, NEWEST_API) > 0 ? NEWEST_API : engine
  return engineMinimum !== null && compare(newest, engineMinimum) < 0 ? engineMinimum : newest
}

/** Learns who answers. Throws DOCKER_UNREACHABLE, DOCKER_FORBIDDEN or DOCKER_TOO_OLD. */
export async function greet(transport: Transport, { endpoint, address }: Target, timeout: number): Promise<Greeting> {
  const answer = await transport.request('GET', '/version', { timeout })
  if (answer.status === 401 || answer.status === 403) throw new AppError('DOCKER_FORBIDDEN', { endpoint })
  const version = parse(Version, answer)
  if (!version) {
    const reason = `something else than Docker answers there (HTTP ${answer.status})`
    throw new AppError('DOCKER_UNREACHABLE', { endpoint, reason })
  }
  if (compare(version.ApiVersion, OLDEST_API) < 0) {
    throw new AppError('DOCKER_TOO_OLD', { version: version.Version, api: version.ApiVersion })
  }
  const apiVersion = negotiate(version.ApiVersion, version.MinAPIVersion ?? null)
  const about = await transport
    .request('GET', `/v${apiVersion}/info`, { timeout: Math.min(timeout, INFO_TIMEOUT) })
    .then((reply) => parse(Info, reply))
    .catch(() => null)
  const clock = Math.floor(Date.parse(answer.headers.date ?? '') / 1000)
  return {
    version: version.Version,
    apiVersion,
    operatingSystem: about?.OperatingSystem || version.Os || 'unknown',
    rootless: about?.SecurityOptions?.some((option) => option.includes('rootless')) ?? false,
    // A socket of this machine may lead into a virtual machine or out of a container, whose pids are not ours.
    local:
      process.platform === 'linux' &&
      address.kind === 'socket' &&
      about?.KernelVersion === release() &&
      about.Name === hostname(),
    clock: Number.isFinite(clock) ? clock : null,
  }
}

function parse<T>(schema: z.ZodType<T>, { status, body }: Answer): T | null {
  if (status !== 200) return null
  try {
    return schema.parse(JSON.parse(body.toString()))
  } catch {
    return null
  }
}
