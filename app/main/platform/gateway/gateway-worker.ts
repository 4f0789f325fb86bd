import type { Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Peer } from '../../lib/peer.ts'
import type { GatewayWorkerAsks } from './gateway-messages.ts'

/** The local platform's worker as keys, routes and tokens see it. */
export interface GatewayWorker extends Pick<Peer<GatewayWorkerAsks>, 'ask' | 'tell'> {
  /** Each time a worker began: it knows nothing yet. Called at once when one runs already. */
  onStarted(listener: () => void): Unsubscribe
}
