import { useMemo } from 'react'
import type { Key } from '../../../shared/contracts/keys.ts'
import { useKeys } from '../../shell/keys-mirror.ts'
import { useNow } from '../../ui/use-now.ts'
import { needsAttention } from '../keys/key-condition.ts'
import { conditionOf } from '../routing/feature-condition.ts'
import { useRouteKeys, useRouting, useStandings } from '../routing/routing-store.ts'
import { useVaultTrouble } from '../vault/vault-store.ts'

/** Keys and routes that want the operator. */
export interface ModelConcerns {
  readonly keys: readonly Key[]
  /** Names of those that nothing serves now. */
  readonly features: readonly string[]
  /** Why no secret can be read; null where they can be. */
  readonly vault: ReturnType<typeof useVaultTrouble>
}

const SOON_MS = 3 * 24 * 3_600_000

/** Whether it ends within three days, and is in use. */
const endsSoon = ({ state, expiresAt }: Pick<Key, 'state' | 'expiresAt'>, now: number): boolean =>
  state.kind !== 'disabled' && state.kind !== 'expired' && expiresAt !== null && expiresAt - now <= SOON_MS

const failedTest = ({ state, lastTest }: Pick<Key, 'state' | 'lastTest'>): boolean =>
  state.kind === 'ready' && lastTest?.ok === false

/** Keys that do not answer, failed their last test, have ended or end soon, by name. */
export const keyConcerns = <K extends Pick<Key, 'id' | 'name' | 'state' | 'expiresAt' | 'lastTest'>>(
  keys: Iterable<K>,
  now: number,
): readonly K[] =>
  [...keys]
    .filter((key) => needsAttention(key) || failedTest(key) || endsSoon(key, now))
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))

export function useModelConcerns(): ModelConcerns {
  const now = useNow('minute')
  const keys = useKeys(({ byId }) => byId)
  const routeKeys = useRouteKeys()
  const standings = useStandings(({ byName }) => byName)
  const features = useRouting(({ byName }) => byName)
  const vault = useVaultTrouble()
  return useMemo(
    () => ({
      vault,
      keys: keyConcerns(keys.values(), now),
      features: [...features.values()]
        .filter((feature) => conditionOf(feature, routeKeys, standings.get(feature.name)) === 'none')
        .map(({ name }) => name),
    }),
    [keys, routeKeys, standings, features, vault, now],
  )
}
