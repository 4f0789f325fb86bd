import { lookup } from 'node:dns/promises'
import { isIP, type Socket } from 'node:net'
import type { Reach } from '../../../../shared/contracts/plugin-trials.ts'
import type { Failure } from '../../../../shared/contracts/tasks.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { CallPolicy } from '../calling/call-types.ts'
import {
  askOnce,
  certificateFacts,
  factOf,
  openSocket,
  openTls,
  StepFailed,
  type Target,
  within,
} from './reach-steps.ts'

type Step = Reach['steps'][number]['step']

/** Milliseconds that each step may take. */
export const stepLimits: Readonly<Record<Step, number>> = {
  dns: 5000,
  tcp: 10_000,
  tls: 10_000,
  http: 10_000,
  health: 5000,
}

/** All addresses of a host. */
export type ResolveHost = (host: string) => Promise<readonly string[]>
/** Why an address may not be called; null where it may. */
export type AddressGuard = (address: string, policy: CallPolicy) => string | null

export interface ReachOptions {
  readonly policy: CallPolicy
  readonly guard: AddressGuard
  readonly signal: AbortSignal
  readonly limits?: Partial<Record<Step, number>>
  readonly resolver?: ResolveHost
  /** Certificates that are believed instead of those Node brings. */
  readonly trusted?: readonly string[]
}

export interface Reached {
  readonly reach: Reach
  /** Why nothing at it can be called; null where it was reached, with or without a `/health`. */
  readonly failure: Failure | null
}

const systemResolver: ResolveHost = async (host) =>
  (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address)

/** Tries one server step by step, as far as it goes. AppError CANCELLED when the signal ends it. */
export async function reachServer(server: string, options: ReachOptions): Promise<Reach> {
  return (await tryServer(server, options)).reach
}

/** The same, and what the failed step means for the calls that would follow. */
export async function tryServer(server: string, options: ReachOptions): Promise<Reached> {
  const { policy, guard, signal, resolver = systemResolver, trusted } = options
  const limits = { ...stepLimits, ...options.limits }
  const steps: Reach['steps'] = []
  let failure: Failure | null = null

  /** Undefined when the step failed; what it was is then told. */
  async function step<T>(
    name: Step,
    work: (ended: AbortSignal) => Promise<{ readonly ok?: boolean; readonly detail: string; readonly value: T }>,
  ): Promise<T | undefined> {
    const began = performance.now()
    const tell = (ok: boolean, detail: string) => {
      steps.push({ step: name, ok, ms: Math.round(performance.now() - began), detail })
      if (!ok && name !== 'health') failure ??= unreachable(server, `${name} ${detail}`)
    }
    try {
      const { ok = true, detail, value } = await within(limits[name], signal, work)
      tell(ok, detail)
      return ok ? value : undefined
    } catch (error) {
      if (error instanceof AppError) throw error
      tell(false, factOf(error))
      return undefined
    }
  }

  const told = (): Reached => ({ reach: { server, steps }, failure })
  const url = URL.parse(server)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    await step('dns', async () => ({ ok: false, detail: 'ERR_INVALID_URL', value: null }))
    return told()
  }
  // An address is written in brackets in a URL when it has colons.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)

  const addresses = await step('dns', async () => {
    const found = isIP(host) === 0 ? [...new Set(await resolver(host))] : [host]
    return { ok: found.length > 0, detail: found.slice(0, 20).join(', ') || 'ENOTFOUND', value: found }
  })
  if (addresses === undefined) return told()

  for (const address of addresses) {
    const reason = guard(address, policy)
    if (reason === null) continue
    // One forbidden address is enough: which of them a call would take is not ours to choose.
    failure = { code: 'ADDRESS_FORBIDDEN', details: { address, reason } }
    await step('tcp', async () => ({ ok: false, detail: `ADDRESS_FORBIDDEN ${address}: ${reason}`, value: null }))
    return told()
  }

  const target = (address: string): Target => ({ host, address, port, secure, trusted })
  const plain = await step('tcp', async (ended) => {
    const socket = await firstOpen(addresses.map(target), limits.tcp, signal, ended)
    return { detail: `${socket.remoteAddress ?? addresses[0]!} ${port}`, value: socket }
  })
  if (plain === undefined) return told()
  const address = plain.remoteAddress ?? addresses[0]!
  try {
    let ready: Socket = plain
    if (secure) {
      const shaken = await step('tls', async (ended) => {
        const socket = await openTls(plain, target(address), ended)
        return { ...certificateFacts(socket, Date.now()), value: socket }
      })
      if (shaken === undefined) return told()
      ready = shaken
    }
    /** A connection of its own, to the very address that was checked. */
    const again = async (ended: AbortSignal): Promise<Socket> => {
      const socket = await openSocket(target(address), ended)
      ended.addEventListener('abort', () => socket.destroy())
      return secure ? await openTls(socket, target(address), ended) : socket
    }
    const answered = await step('http', async (ended) => {
      const status = await askOnce(ready, 'HEAD', url, ended).catch(async (error) => {
        // Some servers hang up on HEAD; only GET then says whether they answer at all.
        if (ended.aborted) throw error
        return await askOnce(await again(ended), 'GET', url, ended)
      })
      return { detail: `HTTP ${status}`, value: status }
    })
    if (answered === undefined) return told()
    const health = new URL(url)
    health.pathname = `${url.pathname.replace(/\/+$/, '')}/health`
    await step('health', async (ended) => {
      const status = await askOnce(await again(ended), 'GET', health, ended)
      return { ok: status >= 200 && status < 300, detail: `HTTP ${status}`, value: status }
    })
    return told()
  } finally {
    plain.destroy()
  }
}

/** The first address that takes the connection; each has its share of the time, so that a silent one hides no other. */
async function firstOpen(
  targets: readonly Target[],
  limitMs: number,
  signal: AbortSignal,
  ended: AbortSignal,
): Promise<Socket> {
  const most = targets.slice(0, 4)
  const share = limitMs / most.length
  let last: unknown = new StepFailed('ENOTFOUND')
  for (const target of most) {
    try {
      // The last one may use all that is left, which the step itself limits.
      if (target === most.at(-1)) return await openSocket(target, ended)
      return await within(share, signal, async (tried) => await openSocket(target, tried))
    } catch (error) {
      if (error instanceof AppError) throw error
      last = new StepFailed(`${target.address} ${target.port} ${factOf(error)}`)
    }
  }
  throw last
}

function unreachable(server: string, reason: string): Failure {
  return { code: 'UPSTREAM_UNREACHABLE', details: { host: URL.parse(server)?.host || server, reason } }
}
