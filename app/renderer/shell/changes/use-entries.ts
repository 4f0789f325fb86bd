import { useEffect, useState } from 'react'
import type { Entry } from '../../../shared/contracts/audit.ts'
import { rpc, useEvent } from '../../rpc/rpc.ts'
import { run, showFailure } from '../run.ts'
import { mergeEntries } from './entries.ts'

const pageSize = 50

/** The audit trail of one thing, newest first and live; `more` reads older lines while there may be some. */
export function useEntries(targetId: string): {
  /** Null before the first answer. */
  readonly entries: readonly Entry[] | null
  readonly more: (() => void) | null
} {
  const [entries, setEntries] = useState<readonly Entry[] | null>(null)
  const [older, setOlder] = useState(false)
  const add = (answer: { readonly entries: readonly Entry[] }) => {
    setEntries((known) => mergeEntries(known ?? [], answer.entries))
    setOlder(answer.entries.length === pageSize)
  }
  useEffect(() => {
    let current = true
    rpc.audit.list({ before: null, targetId, limit: pageSize }).then((answer) => {
      if (!current) return
      setEntries((known) => mergeEntries(known ?? [], answer.entries))
      setOlder(answer.entries.length === pageSize)
    }, showFailure)
    return () => {
      current = false
    }
  }, [targetId])
  useEvent(rpc.audit.onEntries, undefined, (update) => {
    const fresh = update.kind === 'snapshot' ? update.entries : [update.entry]
    const own = fresh.filter((entry) => entry.targetId === targetId)
    setEntries((known) => (known === null ? null : mergeEntries(known, own)))
  })
  const load = async () => {
    const answer = await run(rpc.audit.list({ before: entries?.at(-1)?.sequence ?? null, targetId, limit: pageSize }))
    if (answer) add(answer)
  }
  return { entries, more: older ? () => void load() : null }
}
