import type { Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { PlatformWorker } from '../../platform/platform-worker.ts'
import type { CallablePlugin } from './calling/call-types.ts'
import type { Registry } from './registry.ts'

/** Keeps the worker's table of plugins equal to ours: whole when a worker begins, then what changes. Removed plugins are not in it. */
export function fillWorker(registry: Registry, worker: PlatformWorker): Unsubscribe {
  let stopped = false
  let begun = false
  let keyed = false
  const present = () => registry.list().filter(({ row }) => row.removedAt === null)
  const tell = (reset: boolean, upserted: readonly CallablePlugin[], removed: readonly string[]) =>
    worker.tell('plugins', { reset, upserted, removed })
  const reset = () => {
    if (!stopped && begun)
      tell(
        true,
        present().map((plugin) => registry.callable(plugin)),
        [],
      )
  }
  // Without the key every secret would be missing, and calls would fail that need not.
  void registry.keyReady.then(() => {
    if (stopped) return
    keyed = true
    reset()
  })
  // Secrets come and go with the vault's lock.
  const stopTurns = registry.onTurn(() => keyed && reset())
  const stopStarts = worker.onStarted(() => {
    begun = true
    if (keyed) reset()
  })
  const stopChanges = registry.onChange(({ ids, known }) => {
    if (!begun || !keyed || known) return
    const plugins = ids.map((id) => registry.get(id))
    const upserted = plugins.flatMap((one) => (one && one.row.removedAt === null ? [registry.callable(one)] : []))
    const kept = new Set(upserted.map(({ id }) => id))
    tell(
      false,
      upserted,
      ids.filter((id) => !kept.has(id)),
    )
  })
  return () => {
    stopped = true
    stopStarts()
    stopTurns()
    stopChanges()
  }
}
