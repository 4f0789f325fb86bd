import type { Unsubscribe } from '../../shared/rpc/contract.ts'
import type { EngineFeature } from '../features/routing/engine/engine-types.ts'
import { createEmitter } from '../lib/emitter.ts'

/** Features that are new or otherwise than before, and names of those that have gone. */
export interface FeatureChange {
  readonly upserted: readonly EngineFeature[]
  readonly removed: readonly string[]
}

/** The features as main told of them last; whoever listens hears what that changed. */
export function createFeatureTable() {
  let byName: ReadonlyMap<string, EngineFeature> | null = null
  const changes = createEmitter<FeatureChange>()
  const closing = createEmitter<void>()
  let closed = false
  return {
    /** The whole table, anew. */
    set(features: readonly EngineFeature[]): void {
      const before = byName
      const now = new Map(features.map((feature) => [feature.name, feature]))
      byName = now
      const upserted = features.filter(({ name, revision }) => before?.get(name)?.revision !== revision)
      const removed = [...(before?.keys() ?? [])].filter((name) => !now.has(name))
      if (upserted.length > 0 || removed.length > 0) changes.emit({ upserted, removed })
    },
    /** Nothing before main has told. */
    all: (): readonly EngineFeature[] => [...(byName?.values() ?? [])],
    onFeatures: (listener: (change: FeatureChange) => void): Unsubscribe => changes.listen(listener),
    /** The platform is stopping: streams that would never end by themselves do now. */
    close(): void {
      closed = true
      closing.emit()
    },
    get closed() {
      return closed
    },
    onClose: (listener: () => void): Unsubscribe => closing.listen(listener),
  }
}
export type FeatureTable = ReturnType<typeof createFeatureTable>
