import { type Contracts, contracts } from '../../shared/contracts/index.ts'
import { AppError } from '../../shared/errors.ts'
import { createClient, type Rpc } from '../../shared/rpc/client.ts'
import { type Contract, onName, type Unsubscribe } from '../../shared/rpc/contract.ts'
import type { Link } from '../../shared/rpc/link.ts'

/** `lost`: trying again by itself. `refused`: the host does not know this browser; only its printed link helps. */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused'

/** Thrown by an opener whose host refuses the sign-in. */
export class SignInRefused extends Error {}

const shortestWait = 200
const longestWait = 5000

type Method = (...args: unknown[]) => unknown
interface Subscription {
  readonly start: () => Unsubscribe
  stop: Unsubscribe
}

/**
 * One `Rpc` that outlives its links: after a reconnect every subscription is made again and begins with a fresh
 * snapshot; a call without a link fails with DISCONNECTED.
 */
export function createReconnectingRpc(onChange: (connection: Connection) => void) {
  let client: Record<string, Record<string, Method>> | null = null
  const subscriptions = new Set<Subscription>()

  const call = (domain: string, name: string) => (data: unknown) =>
    client ? client[domain]![name]!(data) : Promise.reject(new AppError('DISCONNECTED'))

  const listen =
    (domain: string, name: string) =>
    (...args: unknown[]): Unsubscribe => {
      const start = () => (client ? (client[domain]![onName(name)]!(...args) as Unsubscribe) : () => {})
      const subscription: Subscription = { start, stop: start() }
      subscriptions.add(subscription)
      return () => {
        subscriptions.delete(subscription)
        subscription.stop()
      }
    }

  const domain = (name: string, contract: Contract) => ({
    ...Object.fromEntries(Object.keys(contract.calls).map((key) => [key, call(name, key)])),
    ...Object.fromEntries(Object.keys(contract.events).map((key) => [onName(key), listen(name, key)])),
  })
  const rpc = Object.fromEntries(
    Object.entries(contracts as Contracts).map(([name, contract]) => [name, domain(name, contract)]),
  ) as unknown as Rpc

  /** Opens links one after the other for as long as the page lives; ends only when the host refuses this browser. */
  async function connect(open: () => Promise<Link>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        const link = await open()
        attempt = 0
        client = createClient(link) as unknown as NonNullable<typeof client>
        const closed = new Promise<void>((resolve) => link.onClose(resolve))
        onChange('open')
        for (const subscription of subscriptions) subscription.stop = subscription.start()
        await closed
      } catch (error) {
        if (error instanceof SignInRefused) return onChange('refused')
      }
      client = null
      onChange('lost')
      const wait = Math.min(longestWait, shortestWait * 2 ** attempt)
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  return { rpc, connect }
}
