import type { ReactNode } from 'react'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { Failed } from '../Failed.tsx'

/** What main told; until then that it is loading, or why main refuses. */
export function WhenHeard({
  heard,
  failure,
  children,
}: {
  readonly heard: boolean
  readonly failure: Error | null
  readonly children: ReactNode
}) {
  if (heard) return children
  return failure ? <Failed error={failure} /> : <SkeletonRows />
}
