import { useEffect, useState } from 'react'
import type { UsageRow } from '../../../../shared/contracts/gateway.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { useNow } from '../../../ui/use-now.ts'
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
  /** The newest answer; it stays while that to another question is awaited. */
  readonly answer: UsageAnswer | null
  readonly error: Error | null
}

/** Live for as long as it is on screen; the range moves on with the hour or the day. */
export function useUsage(range: Range, by: By): Usage {
  const [usage, setUsage] = useState<Usage>({ answer: null, error: null })
  const { from, to } = spanOf(range, useNow('minute'))
  useEffect(() => {
    const span = { from, to }
    const step = stepOf(range)
    let rows: readonly UsageRow[] | null = null
    let steps: readonly UsageRow[] | null = null
    const tell = () => {
      if (rows && steps) setUsage({ answer: { span, range, by, rows, steps }, error: null })
    }
    const failed = (error: Error) => setUsage({ answer: null, error })
    const stopRows = rpc.gateway.onUsage(
      (told) => {
        rows = told.rows
        tell()
      },
      { ...span, by },
      failed,
    )
    const stopSteps = rpc.gateway.onUsage(
      (told) => {
        steps = told.rows
        tell()
      },
      { ...span, by: step },
      failed,
    )
    return () => {
      stopRows()
      stopSteps()
    }
  }, [range, by, from, to])
  return usage
}
