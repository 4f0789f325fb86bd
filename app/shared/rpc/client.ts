import { type Contracts, contracts } from '../contracts/index.ts'
import { AppError, knownCode } from '../errors.ts'
import { type Client, type Contract, onName, type Unsubscribe } from './contract.ts'
import { READ_STEP, type Request, Response } from './frames.ts'
import type { Link } from './link.ts'

export type Rpc = { [D in keyof Contracts]: Client<Contracts[D]> }

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: AppError) => void
}
interface Listener {
  readonly receive: (data: unknown) => void
  readonly failed: ((error: AppError) => void) | undefined
}

/**
 * Turns the contracts into functions over a link. No Proxy: every method is a real property, visible in devtools. Where
 * nobody listens anew over another link, `forGood`, listeners are told of the link's end: DISCONNECTED.
 */
export function createClient(link: Link, forGood = false): Rpc {
  const pending = new Map<number, Pending>()
  const listeners = new Map<number, Listener>()
  let lastId = 0
  let readSince = 0
  let closed = false
  const send = (request: Request) => link.send(JSON.stringify(request))

  link.onFrame((frame) => {
    readSince += frame.length
    if (readSince >= READ_STEP) {
      send({ kind: 'read', characters: readSince })
      readSince = 0
    }
    const response = Response.parse(JSON.parse(frame))
    if (response.kind === 'event') return listeners.get(response.id)?.receive(response.data)
    const waiting = pending.get(response.id)
    pending.delete(response.id)
    if (response.kind === 'value') return waiting?.resolve(response.data)
    const error = new AppError(knownCode(response.code), response.details)
    waiting?.reject(error)
    listeners.get(response.id)?.failed?.(error)
  })
  link.onClose(() => {
    closed = true
    for (const { reject } of pending.values()) reject(new AppError('DISCONNECTED'))
    pending.clear()
    const left = forGood ? [...listeners.values()] : []
    listeners.clear()
    for (const { failed } of left) failed?.(new AppError('DISCONNECTED'))
  })

  const call = (path: string) => (data: unknown) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new AppError('DISCONNECTED'))
      const id = ++lastId
      pending.set(id, { resolve, reject })
      send({ kind: 'call', id, path, data })
    })

  const listen =
    (path: string) =>
    (receive: Listener['receive'], data: unknown, failed?: Listener['failed']): Unsubscribe => {
      if (closed) {
        if (forGood) failed?.(new AppError('DISCONNECTED'))
        return () => {}
      }
      const id = ++lastId
      listeners.set(id, { receive, failed })
      send({ kind: 'listen', id, path, data })
      return () => {
        if (listeners.delete(id)) send({ kind: 'unlisten', id })
      }
    }

  const domain = (name: string, contract: Contract) => ({
    ...Object.fromEntries(Object.keys(contract.calls).map((key) => [key, call(`${name}.${key}`)])),
    ...Object.fromEntries(Object.keys(contract.events).map((key) => [onName(key), listen(`${name}.${key}`)])),
  })
  return Object.fromEntries(
    Object.entries(contracts).map(([name, contract]) => [name, domain(name, contract)]),
  ) as unknown as Rpc
}
