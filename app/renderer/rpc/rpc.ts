import { useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { Unsubscribe } from '../../shared/rpc/contract.ts'
import { type Connection, createReconnectingRpc } from './reconnecting-rpc.ts'

const useStore = create<{ connection: Connection }>(() => ({ connection: 'connecting' }))

/** Everything main can do, for the life of the page. `connect` is called once, by page.tsx. */
export const { rpc, connect } = createReconnectingRpc((connection) => useStore.setState({ connection }))

/** How the link to main is; while it is not `open`, what is on screen may be out of date. */
export const useConnection = (): Connection => useStore((state) => state.connection)

type RpcEvent<P, Q> = (listener: (payload: P) => void, params: Q, failed?: (error: Error) => void) => Unsubscribe

/**
 * Listens for as long as the component is on screen, and afresh when the parameters change. `params: null` listens to
 * nothing; an event without parameters takes `undefined`. `failed`: main refused the subscription.
 */
export function useEvent<P, Q>(
  event: RpcEvent<P, Q>,
  params: Q | null,
  listener: (payload: P) => void,
  failed?: (error: Error) => void,
): void {
  const latest = useRef({ params, listener, failed })
  useEffect(() => {
    latest.current = { params, listener, failed }
  })
  const key = JSON.stringify(params)
  // biome-ignore lint/correctness/useExhaustiveDependencies: parameters are compared by value, listeners are read when called
  useEffect(() => {
    const { params: wanted } = latest.current
    if (wanted === null) return
    return event(
      (payload) => latest.current.listener(payload),
      wanted,
      (error) => latest.current.failed?.(error),
    )
  }, [event, key])
}
