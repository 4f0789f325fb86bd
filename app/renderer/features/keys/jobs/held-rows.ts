import type { JobList, JobRow } from '../../../../shared/contracts/gateway.ts'

export interface ShownJobs {
  readonly rows: readonly JobRow[]
  /** Of them, those that have left the state that is looked at since they were told. */
  readonly left: ReadonlySet<string>
  /** How many began since, and are not among the rows. */
  readonly newer: number
}

/** In the order of main: the newest first. */
const isNewer = (a: JobRow, b: JobRow): boolean => a.at > b.at || (a.at === b.at && a.id > b.id)

/**
 * What a reader sees of the list that was told last: the rows that stood there, where they stood, each as it is now, and
 * older ones below them. What is newer waits. `held` is empty for whoever follows.
 */
export function heldRows(held: readonly JobRow[], { jobs, total }: JobList): ShownJobs {
  const [first, last] = [held[0], held.at(-1)]
  if (!first || !last) return { rows: jobs, left: new Set(), newer: 0 }
  const now = new Map(jobs.map((job) => [job.id, job]))
  const oldest = jobs.at(-1)
  // Newer ones may have pushed it out of what is told, until more is asked for.
  const isTold = (row: JobRow) => jobs.length >= total || (oldest !== undefined && isNewer(row, oldest))
  return {
    rows: [...held.map((row) => now.get(row.id) ?? row), ...jobs.filter((job) => isNewer(last, job))],
    left: new Set(held.filter((row) => !now.has(row.id) && isTold(row)).map(({ id }) => id)),
    newer: jobs.filter((job) => isNewer(job, first)).length,
  }
}
