import type { JobDetails, JobList, JobRow, JobsQuestion } from '../../../shared/contracts/gateway.ts'
import { createLive } from '../../lib/live.ts'
import type { Job } from '../../platform/gateway/gateway-messages.ts'
import type { Jobs } from './jobs.ts'

/** Jobs with the names of their keys and callers, as they are told to a person. */
export function createLiveJobs(options: {
  readonly jobs: Jobs
  /** Null for those that are not known any more. */
  readonly keyName: (id: string) => string | null
  readonly tokenName: (id: string) => string | null
  readonly failed: (error: unknown) => void
  readonly everyMs?: number | undefined
}) {
  const { jobs, keyName, tokenName, failed, everyMs } = options
  function rowOf({ id, at, updatedAt, feature, model, vendor, keyId, tokenId, state, error }: Job): JobRow {
    return {
      ...{ id, at, updatedAt, feature, model, vendor: vendor ?? null, state, error },
      ...{ key: keyName(keyId), caller: tokenId === null ? null : tokenName(tokenId) },
    }
  }
  function detailsOf(job: Job): JobDetails {
    const { keyId, vendorModel = null, vendorTaskId, decisionId = null, fault = null } = job
    return { ...rowOf(job), keyId, vendorModel, vendorTaskId, decisionId, fault }
  }
  function newest({ state, limit }: JobsQuestion): JobList {
    const { jobs: found, total } = jobs.list({ before: null, limit, state, tokenId: null })
    return { jobs: found.map(rowOf), total }
  }
  function one({ id }: { readonly id: string }) {
    const job = jobs.get(id)
    return { job: job && detailsOf(job) }
  }
  const list = createLive({ answer: newest, failed, everyMs })
  const single = createLive({ answer: one, failed, everyMs })
  return {
    newest,
    detailsOf,
    followList: list.follow,
    followOne: single.follow,
    changed(): void {
      list.changed()
      single.changed()
    },
    stop(): void {
      list.stop()
      single.stop()
    },
  }
}
