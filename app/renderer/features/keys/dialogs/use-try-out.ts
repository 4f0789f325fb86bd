import { useEffect, useState } from 'react'
import type { KeyTest, Vendor } from '../../../../shared/contracts/keys.ts'
import { rpc } from '../../../rpc/rpc.ts'

/** What the vendor is asked with; null while it is not complete. */
export interface Attempt {
  readonly vendor: Vendor
  readonly service: string
  readonly baseUrl: string | null
  readonly secret: string
}
export type TryOut =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'answered'; readonly test: KeyTest }
  /** The console itself could not ask. */
  | { readonly kind: 'failed'; readonly error: unknown }

/** Typing must have stopped for so long before a vendor is asked. */
const pause = 600

/** Asks the vendor once the typing pauses; an answer to what has been changed since is not shown. */
export function useTryOut(attempt: Attempt | null): TryOut {
  const asked = attempt === null ? null : JSON.stringify(attempt)
  const [answer, setAnswer] = useState<{ readonly to: string; readonly got: TryOut } | null>(null)
  useEffect(() => {
    if (asked === null) return
    let current = true
    const tell = (got: TryOut) => current && setAnswer({ to: asked, got })
    const timer = setTimeout(() => {
      rpc.keys.tryOut(JSON.parse(asked) as Attempt).then(
        (test) => tell({ kind: 'answered', test }),
        (error: unknown) => tell({ kind: 'failed', error }),
      )
    }, pause)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [asked])
  if (asked === null) return { kind: 'incomplete' }
  return answer?.to === asked ? answer.got : { kind: 'waiting' }
}
