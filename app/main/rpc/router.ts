import { randomUUID } from 'node:crypto'
import { type Contracts, contracts } from '../../shared/contracts/index.ts'
import { AppError, type ErrorCode, type ErrorDetails } from '../../shared/errors.ts'
import {
  type Caller,
  type Contract,
  type Emit,
  type Handlers,
  onName,
  type Unsubscribe,
} from '../../shared/rpc/contract.ts'
import type { Log } from '../lib/log.ts'

/** One handler per contract entry; a missing one does not compile. */
export type AllHandlers = { [D in keyof Contracts]: Handlers<Contracts[D]> }
export type Failed = { readonly ok: false; readonly code: ErrorCode; readonly details: ErrorDetails }
export type Outcome<T> = { readonly ok: true; readonly data: T } | Failed

type AnyHandler = (...args: unknown[]) => unknown

/** Finds the handler of a path, checks its input, and is the only catch between a handler and the wire. */
export function createRouter(handlers: AllHandlers, log: Log, called: (caller: Caller) => void = () => {}) {
  function find(path: string, kind: keyof Contract) {
    const [domain = '', name = '', rest] = path.split('.')
    const contract = Object.hasOwn(contracts, domain) ? (contracts[domain as keyof Contracts] as Contract) : null
    if (!contract || rest !== undefined || !Object.hasOwn(contract[kind], name)) {
      throw new AppError('BAD_INPUT', {
        reason: `unknown ${kind === 'calls' ? 'call' : 'event'} ${path.slice(0, 100)}`,
      })
    }
    const key = kind === 'calls' ? name : onName(name)
    const handler = (handlers[domain as keyof Contracts] as unknown as Record<string, AnyHandler>)[key]!
    return { contract, name, handler }
  }

  function failed(path: string, error: unknown): Failed {
    if (error instanceof AppError) {
      log.debug('rpc', 'refused', { path, code: error.code })
      return { ok: false, code: error.code, details: error.details }
    }
    const incident = randomUUID().slice(0, 8)
    log.error('rpc', 'handler failed', { path, incident, error })
    return { ok: false, code: 'INTERNAL', details: { incident } }
  }

  return {
    async call(path: string, data: unknown, caller: Caller): Promise<Outcome<unknown>> {
      try {
        const { contract, name, handler } = find(path, 'calls')
        const { input, unattended } = contract.calls[name]!
        if (!unattended) called(caller)
        return { ok: true, data: await handler(valid(input, data), caller) }
      } catch (error) {
        return failed(path, error)
      }
    },
    listen(path: string, data: unknown, emit: Emit<unknown>, caller: Caller): Outcome<Unsubscribe> {
      try {
        const { contract, name, handler } = find(path, 'events')
        return { ok: true, data: handler(emit, valid(contract.events[name]!.params, data), caller) as Unsubscribe }
      } catch (error) {
        return failed(path, error)
      }
    },
  }
}
export type Router = ReturnType<typeof createRouter>

function valid(schema: Contract['calls'][string]['input'], data: unknown): unknown {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('BAD_INPUT', { reason: `${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'wrong'}` })
}
