import { useState } from 'react'
import type { ServiceDetails } from '../../../shared/contracts/services.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'

export type Looked =
  | { readonly kind: 'looking' }
  | { readonly kind: 'details'; readonly details: ServiceDetails }
  /** The container is not there (any more); what was last known of it, and when it went. */
  | { readonly kind: 'gone'; readonly at: number; readonly last: ServiceDetails | null }
  | { readonly kind: 'failed'; readonly error: Error; readonly last: ServiceDetails | null }

/** Everything about one container, live for as long as the component is on screen. */
export function useDetails(id: string): Looked {
  const [looked, setLooked] = useState<Looked>({ kind: 'looking' })
  useEvent(
    rpc.services.onDetails,
    { id },
    (update) =>
      setLooked((before) =>
        update.kind === 'details'
          ? update
          : before.kind === 'gone'
            ? before
            : { kind: 'gone', at: Date.now(), last: lastOf(before) },
      ),
    (error) => setLooked((before) => ({ kind: 'failed', error, last: lastOf(before) })),
  )
  return looked
}

function lastOf(looked: Looked): ServiceDetails | null {
  if (looked.kind === 'details') return looked.details
  return looked.kind === 'looking' ? null : looked.last
}
