import { AppError } from '../../../shared/errors.ts'
import type { Db, Value } from '../../db/db.ts'
import { fromJson } from '../../lib/json.ts'
import type { Job, JobList, JobQuery } from '../../platform/gateway/gateway-messages.ts'

/** Ended ones are answered this long. */
const KEPT_MS = 7 * 24 * 3_600_000
const MOST_ENDED = 1_000

/** Results may be large; what is beyond the newest is not answered again. */
const surplus = `DELETE FROM gateway_jobs WHERE id IN
  (SELECT id FROM gateway_jobs WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id LIMIT -1 OFFSET ?)`

const isEnded = ({ state }: Job) => state !== 'submitting' && state !== 'running'
const read = (text: string) => (fromJson(text) as Job | undefined) ?? []

/** Long jobs of vendors: written before anybody hears of them, so that a restart submits none twice. */
export function createJobs(db: Db, clock: () => number) {
  /** Where the list goes on, in its order. */
  function placeOf(before: number | string): readonly [at: number, id: string] {
    if (typeof before === 'number') return [before, '']
    const found = db.get<{ at: number }>('SELECT at FROM gateway_jobs WHERE id = ?', before)
    if (!found) throw new AppError('JOB_NOT_FOUND', { name: before.slice(0, 100) })
    return [found.at, before]
  }
  function one(id: string): Job | null {
    const found = db.get<{ job: string }>('SELECT job FROM gateway_jobs WHERE id = ?', id)
    return found ? ([read(found.job)].flat()[0] ?? null) : null
  }
  return {
    save(job: Job): void {
      db.run(
        'INSERT OR REPLACE INTO gateway_jobs (id, at, ended_at, state, token_id, job) VALUES (?, ?, ?, ?, ?, ?)',
        ...[job.id, Math.round(job.at), isEnded(job) ? Math.round(job.updatedAt) : null, job.state, job.tokenId],
        JSON.stringify(job),
      )
      if (isEnded(job)) db.run(surplus, MOST_ENDED)
    },
    /** Those that have not ended, oldest first. */
    open: (): Job[] =>
      db
        .all<{ job: string }>('SELECT job FROM gateway_jobs WHERE ended_at IS NULL ORDER BY at, id')
        .flatMap(({ job }) => read(job)),
    get: one,
    /** Of that caller, or of any. Fails with JOB_NOT_FOUND. */
    find({ id, tokenId }: { readonly id: string; readonly tokenId: string | null }): Job {
      const job = one(id)
      if (!job || (tokenId !== null && job.tokenId !== tokenId))
        throw new AppError('JOB_NOT_FOUND', { name: id.slice(0, 100) })
      return job
    },
    /** Fails with JOB_NOT_FOUND for a job to go on from that is not there. */
    list({ before, limit, state, tokenId }: JobQuery): JobList {
      const wanted: readonly (readonly [sql: string, ...values: readonly Value[]])[] = [
        ...(state === null ? [] : [['state = ?', state] as const]),
        ...(tokenId === null ? [] : [['token_id = ?', tokenId] as const]),
      ]
      const where = (parts: typeof wanted) => ['true', ...parts.map(([sql]) => sql)].join(' AND ')
      const values = (parts: typeof wanted) => parts.flatMap(([, ...rest]) => rest)
      const page: typeof wanted =
        before === null ? wanted : [...wanted, ['(at, id) < (?, ?)', ...placeOf(before)] as const]
      const jobs = db
        .all<{ job: string }>(
          `SELECT json_remove(job, '$.result', '$.request') AS job FROM gateway_jobs WHERE ${where(page)}
           ORDER BY at DESC, id DESC LIMIT ?`,
          ...[...values(page), limit],
        )
        .flatMap(({ job }) => read(job))
        .map((job) => ({ ...job, result: null, request: '' }))
      const { total } = db.get<{ total: number }>(
        `SELECT count(*) AS total FROM gateway_jobs WHERE ${where(wanted)}`,
        ...values(wanted),
      )!
      return { jobs, total }
    },
    prune: () => db.run('DELETE FROM gateway_jobs WHERE ended_at <= ?', clock() - KEPT_MS),
  }
}
export type Jobs = ReturnType<typeof createJobs>
