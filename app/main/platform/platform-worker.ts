import type { Unsubscribe } from '../../shared/rpc/contract.ts'
import type { Peer } from '../lib/peer.ts'
import type { WorkerAsks } from './messages.ts'

/** The local platform's worker as features see it. One that starts is waited for; else asking fails with PLATFORM_NOT_RUNNING. */
export interface PlatformWorker extends Pick<Peer<WorkerAsks>, 'ask' | 'tell'> {
  /** Each time a worker began: it knows nothing yet. Called at once when one runs already. */
  onStarted(listener: () => void): Unsubscribe
}
