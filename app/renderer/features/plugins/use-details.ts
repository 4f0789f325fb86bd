import { useState } from 'react'
import type { PluginDetails } from '../../../shared/contracts/plugins.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'

export type Looked =
  | { readonly kind: 'looking' }
  | { readonly kind: 'details'; readonly details: PluginDetails }
  /** The plugin is not there (any more). */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: Error }

/** Everything about one plugin, live for as long as the component is on screen. */
export function useDetails(id: string): Looked {
  const [looked, setLooked] = useState<Looked>({ kind: 'looking' })
  useEvent(rpc.plugins.onDetails, { id }, setLooked, (error) => setLooked({ kind: 'failed', error }))
  return looked
}
