import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { guardedLookup } from '../../features/plugins/calling/guard.ts'

/** The operator's own services are on this machine or near it; link-local and metadata addresses are refused all the same. */
const policy = { allowLoopback: true, allowPrivate: true }
const IDLE_MS = 4000
const CONNECT_MS = 10_000

/** Connections to registered services, kept alive between requests. */
export function createConnections() {
  // Idle ones go before the five seconds after which most servers hang up.
  const options = { keepAlive: true, maxFreeSockets: 64, timeout: IDLE_MS }
  const plain = new HttpAgent(options)
  const secure = new HttpsAgent(options)
  const lookup = guardedLookup(policy)

  return {
    /** `path` is what follows the address that was registered. */
    open(address: string, path: string, how: Pick<RequestOptions, 'method' | 'headers' | 'signal'>): ClientRequest {
      const url = new URL(address)
      const isSecure = url.protocol === 'https:'
      // As it came: a path that went through URL would lose its `..` and its escapes.
      const base = url.pathname.replace(/\/+$/, '')
      const options = {
        ...{ ...how, lookup, protocol: url.protocol, path: base + path, port: url.port },
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        // Of the agent's it is the limit for idle ones alone.
        timeout: 0,
      }
      const request = isSecure ? httpsRequest({ ...options, agent: secure }) : httpRequest({ ...options, agent: plain })
      request.once('socket', (socket) => {
        if (!socket.connecting) return
        const late = () => request.destroy(Object.assign(new Error('not connected'), { code: 'ETIMEDOUT' }))
        const limit = setTimeout(late, CONNECT_MS).unref()
        socket.once('connect', () => clearTimeout(limit)).once('close', () => clearTimeout(limit))
      })
      return request
    },
    stop(): void {
      plain.destroy()
      secure.destroy()
    },
  }
}
export type Connections = ReturnType<typeof createConnections>

/** Why nothing came back, in a few words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'it closed the connection',
    EPIPE: 'it closed the connection',
    ENOTFOUND: 'its name is unknown',
    EAI_AGAIN: 'its name cannot be looked up now',
    EHOSTUNREACH: 'there is no way to it',
    ENETUNREACH: 'there is no way to it',
    ETIMEDOUT: 'it cannot be connected in time',
  }
  return known[code ?? ''] ?? String(message).slice(0, 200)
}
