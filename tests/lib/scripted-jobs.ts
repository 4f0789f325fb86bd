import type { JobRow, JobsQuestion } from '../../app/shared/contracts/gateway.ts'
import { AppError } from '../../app/shared/errors.ts'
import { jobDetails, jobResult, sampleJobs } from './job-samples.ts'
import type { ScriptedMain } from './scripted-main.ts'

/** Answers for long jobs in place of main, from memory. */
export function scriptJobs(main: ScriptedMain, initial: readonly JobRow[] = sampleJobs()) {
  const byId = new Map(initial.map((one) => [one.id, one]))
  const asked: JobsQuestion[] = []
  const tellList = main.tellBy('gateway', 'jobs', ({ state, limit }: JobsQuestion) => {
    asked.push({ state, limit })
    const found = [...byId.values()].filter((one) => state === null || one.state === state)
    const sorted = found.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    return { jobs: sorted.slice(0, limit), total: sorted.length }
  })
  const tellOne = main.tellBy('gateway', 'job', ({ id }: { id: string }) => {
    const row = byId.get(id)
    return { job: row ? jobDetails(row) : null }
  })
  main.answer('gateway', 'findJob', (input) => {
    const { id } = input as { id: string }
    const row = byId.get(id)
    if (!row) throw new AppError('JOB_NOT_FOUND', { name: id })
    return { ...jobDetails(row), result: jobResult(id) }
  })
  return {
    /** What was listened for. */
    asked,
    /** Another one, or one as it is now; whoever looks is told. */
    save(row: JobRow): void {
      byId.set(row.id, row)
      tellList()
      tellOne()
    },
  }
}
