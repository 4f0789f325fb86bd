import type { KeyTest } from '../../../shared/contracts/keys.ts'
import type { Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { GatewayWorkerAsks, UsableKey } from '../../platform/gateway/gateway-messages.ts'
import type { KeyVault } from './key-vault.ts'
import type { KeyRegistry } from './registry.ts'

type Input<K extends keyof GatewayWorkerAsks> = GatewayWorkerAsks[K]['input']

/** The local platform's worker, as far as keys ask and tell it. */
export interface KeyWorker {
  ask(name: 'testKey', input: Input<'testKey'>): Promise<KeyTest>
  tell(name: 'keys', input: Input<'keys'>): void
  tell(name: 'health', input: Input<'health'>): void
  tell(name: 'resetHealth', input: Input<'resetHealth'>): void
  /** Each time a worker began: it knows nothing yet. Called at once when one runs already. */
  onStarted(listener: () => void): Unsubscribe
}

/** Keeps the worker's keys equal to ours: what was known of their health, then all when it begins, then what changes. */
export function fillWorker(registry: KeyRegistry, worker: KeyWorker, vault: KeyVault): Unsubscribe {
  let stopped = false
  let begun = false
  let open = false
  const usable = (ids: readonly string[]): UsableKey[] =>
    ids.flatMap((id) => {
      const row = registry.get(id)
      const key = row && registry.usable(row)
      return key ? [key] : []
    })
  const reset = () => {
    if (stopped || !begun || !open) return
    const upserted = usable(registry.list().map(({ id }) => id))
    worker.tell('keys', { reset: true, locked: vault.isLocked(), upserted, removed: [] })
  }
  void vault.ready.then(() => {
    open = true
    reset()
  })
  // Locking takes the worker's keys away.
  const stopTurns = vault.onTurn(reset)
  const stopStarts = worker.onStarted(() => {
    if (stopped) return
    begun = true
    worker.tell('health', registry.storedHealth())
    reset()
  })
  const stopChanges = registry.onChange((ids) => {
    if (!begun || !open) return
    const upserted = usable(ids)
    const kept = new Set(upserted.map(({ id }) => id))
    worker.tell('keys', { reset: false, upserted, removed: ids.filter((id) => !kept.has(id)) })
  })
  return () => {
    stopped = true
    stopStarts()
    stopTurns()
    stopChanges()
  }
}
