import { useMemo, useState } from 'react'
import type { JobList, JobRow, JobState } from '../../../../shared/contracts/gateway.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { heldRows } from './held-rows.ts'

const portion = 100
/** As many as main tells. */
const most = 2000

interface Look {
  readonly state: JobState | null
  readonly wanted: number
  readonly list: JobList | null
  readonly error: Error | null
  /** What stood there last. */
  readonly held: readonly JobRow[]
}
const begun = (state: JobState | null): Look => ({ state, wanted: portion, list: null, error: null, held: [] })

/** The newest jobs, of one state or of all, live; while `reading` no row moves, and what is newer waits. */
export function useJobs(state: JobState | null, reading: (rows: readonly JobRow[]) => boolean) {
  const [look, setLook] = useState(begun(state))
  if (look.state !== state) setLook(begun(state))
  const { list, held, wanted, error } = look
  const holds = reading(held)
  const shown = useMemo(() => list && heldRows(holds ? held : [], list), [list, holds, held])
  if (look.state === state && shown && !isSame(shown.rows, held)) setLook({ ...look, held: shown.rows })

  const limit = Math.min(most, Math.ceil((wanted + (shown?.newer ?? 0)) / portion) * portion)
  useEvent(
    rpc.gateway.onJobs,
    { state, limit },
    (told) => setLook((now) => ({ ...now, list: told, error: null })),
    (failure) => setLook((now) => ({ ...now, error: failure })),
  )
  return {
    shown,
    error,
    total: list?.total ?? 0,
    more: shown !== null && list !== null && shown.rows.length + shown.newer < Math.min(list.total, most),
    showMore: () => setLook((now) => ({ ...now, wanted: now.held.length + portion })),
    showNewer: () => setLook((now) => ({ ...now, held: now.list?.jobs ?? [] })),
  }
}

const isSame = (a: readonly JobRow[], b: readonly JobRow[]) =>
  a.length === b.length && a.every((row, at) => row === b[at])
