import type { registry as contract } from '../../../shared/contracts/registry.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import type { Log } from '../../lib/log.ts'
import type { Peer, PeerHandlers } from '../../lib/peer.ts'
import { createScope, type Stop } from '../../lib/scope.ts'
import type { GatewayAsks, GatewayWorkerAsks } from '../../platform/gateway/gateway-messages.ts'
import type { PlatformWorker } from '../../platform/platform-worker.ts'
import { createInstances } from './instances.ts'

export type RegistryAsks = Pick<
  GatewayAsks,
  'instanceRegister' | 'instanceHeartbeat' | 'instanceRemove' | 'instanceReports'
>
type Worker = Pick<Peer<Pick<GatewayWorkerAsks, 'instances'>>, 'tell'> & Pick<PlatformWorker, 'onStarted'>

export interface Registry {
  readonly handlers: Handlers<typeof contract>
  /** What the local platform's worker asks. */
  readonly asks: PeerHandlers<RegistryAsks>
  readonly stop: Stop
}

/** Services of the operator's own that registered at the local platform: main keeps them, the worker leads callers there. */
export function createRegistry(options: {
  readonly db: Db
  readonly worker: Worker
  readonly audit: Audit
  readonly log: Log
  readonly clock?: () => number
}): Registry {
  const { worker } = options
  const scope = createScope()
  const instances = createInstances({ ...options, clock: options.clock ?? Date.now })
  scope.add(instances.stop)
  // The whole list each time: it is small, and changes seldom more often than once a second.
  let begun = false
  const tell = () => {
    if (begun) worker.tell('instances', instances.list())
    return true
  }
  scope.add(instances.follow(tell))
  const started = () => {
    begun = true
    tell()
  }
  scope.add(worker.onStarted(started))

  return {
    handlers: {
      remove: ({ ids }, { actor }) => instances.remove(ids, actor),
      onUpdates: (emit) => instances.follow(emit),
    },
    asks: {
      instanceRegister: (registration) => instances.register(registration),
      instanceHeartbeat: ({ id }) => instances.beat(id),
      instanceRemove({ id }) {
        instances.find(id)
        instances.remove([id], 'platform')
      },
      instanceReports: (reports) => instances.report(reports),
    },
    stop: scope.close,
  }
}
