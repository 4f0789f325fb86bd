import { useCallback, useEffect, useRef, useState } from 'react'
import type { Decision, DecisionOutcome } from '../../../../shared/contracts/routing.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'

export interface Kept {
  readonly decision: Decision
  readonly outcome: DecisionOutcome | null
}
interface Log {
  readonly kept: readonly Kept[]
  /** There are no older ones. */
  readonly whole: boolean
  readonly loading: boolean
  readonly failure: unknown
}
const nothing: Log = { kept: [], whole: false, loading: true, failure: null }
const portion = 50

const without = (list: readonly Kept[], others: readonly Kept[]): readonly Kept[] => {
  const ids = new Set(others.map(({ decision }) => decision.id))
  return list.filter(({ decision }) => !ids.has(decision.id))
}
/** The newest of main before those that are known; alone where there is a gap between them, which scrolling fills. */
export function withNewest(log: Log, newest: readonly Kept[]): Log {
  const known = without(log.kept, newest)
  const meet = known.length < log.kept.length || newest.length < portion
  return {
    ...{ kept: meet ? [...newest, ...known] : newest, whole: meet ? log.whole : false },
    ...{ loading: false, failure: null },
  }
}

/**
 * What the router decided, newest first, of one feature or of all. Newer ones are fetched as they are kept, but for a reader
 * who went down or unfolded one of them: rows do not move then.
 */
export function useDecisions(feature: string | null, atTop: boolean, unfolded: string | null) {
  const [log, setLog] = useState(nothing)
  const [newest, setNewest] = useState<string | null>(null)
  const asked = useRef(0)
  const ask = useCallback(
    (before: string | null, keep: (log: Log, decisions: readonly Kept[]) => Log) => {
      const turn = ++asked.current
      rpc.routing.decisions({ feature, before, limit: portion }).then(
        ({ decisions }) => turn === asked.current && setLog((log) => keep(log, decisions)),
        (failure: unknown) => turn === asked.current && setLog((log) => ({ ...log, loading: false, failure })),
      )
    },
    [feature],
  )
  const load = useCallback(
    (known: readonly Kept[]) => {
      setLog((log) => ({ ...log, kept: known, loading: true, failure: null }))
      ask(known.at(-1)?.decision.id ?? null, (_, decisions) => ({
        ...{ kept: [...known, ...without(decisions, known)], whole: decisions.length < portion },
        ...{ loading: false, failure: null },
      }))
    },
    [ask],
  )
  const look = useCallback(() => ask(null, withNewest), [ask])

  useEffect(() => {
    setNewest(null)
    load([])
    return () => {
      asked.current++
    }
  }, [load])
  useEvent(rpc.routing.onNewestDecision, { feature }, ({ id }) => setNewest(id))
  const { kept, loading, failure } = log
  const has = (id: string | null) => kept.some(({ decision }) => decision.id === id)
  const follow = atTop && !has(unfolded)
  const behind = newest !== null && !loading && failure === null && !has(newest)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each that is told, whether it is among the answer or not
  useEffect(() => {
    if (behind && follow) look()
  }, [behind, follow, newest, look])
  return { ...log, behind: behind && !follow, load, look }
}
