import { useCallback, useEffect, useState } from 'react'
import type { UsageRow } from '../../../../shared/contracts/gateway.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { type By, type Range, spanOf, stepOf } from './usage-view.ts'

export interface UsageAnswer {
  readonly span: { readonly from: number; readonly to: number }
  readonly range: Range
  readonly by: By
  readonly rows: readonly UsageRow[]
  /** By hour or day, for the chart. */
  readonly steps: readonly UsageRow[]
}
export interface Usage {
  /** The newest answer; it stays while another is awaited. */
  readonly answer: UsageAnswer | null
  readonly error: unknown
  readonly busy: boolean
  readonly refresh: () => void
}

/** Asks when the range or the grouping changes, and when it is told to. */
export function useUsage(range: Range, by: By): Usage {
  const [asked, setAsked] = useState(0)
  const [answer, setAnswer] = useState<UsageAnswer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` counts the wishes for a fresh answer
  useEffect(() => {
    let current = true
    const span = spanOf(range, Date.now())
    const step = stepOf(range)
    setBusy(true)
    const rows = rpc.gateway.usage({ ...span, by })
    const steps = step === by ? rows : rpc.gateway.usage({ ...span, by: step })
    Promise.all([rows, steps]).then(
      ([{ rows: own }, { rows: chart }]) => {
        if (!current) return
        setAnswer({ span, range, by, rows: own, steps: chart })
        setError(null)
        setBusy(false)
      },
      (failure: unknown) => {
        if (!current) return
        setError(failure)
        setBusy(false)
      },
    )
    return () => {
      current = false
    }
  }, [range, by, asked])
  const refresh = useCallback(() => setAsked((count) => count + 1), [])
  return { answer, error, busy, refresh }
}
