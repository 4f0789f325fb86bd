import type { Db } from '../../db/db.ts'
import { fromJson } from '../../lib/json.ts'
import type { Job } from '../../platform/gateway/gateway-messages.ts'

/** Ended ones are answered this long. */
const KEPT_MS = 7 * 24 * 3_600_000
const MOST_ENDED = 1_000

/** Results may be large; what is beyond the newest would never be answered again. */
const surplus = `DELETE FROM gateway_jobs WHERE id IN
  (SELECT id FROM gateway_jobs WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id LIMIT -1 OFFSET ?)`

const isEnded = ({ state }: Job) => state !== 'submitting' && state !== 'running'

/** Long jobs of vendors: written before anybody hears of them, so that a restart submits none twice. */
export function createJobs(db: Db, clock: () => number) {
  return {
    save(job: Job): void {
      db.run(
        'INSERT OR REPLACE INTO gateway_jobs (id, at, ended_at, job) VALUES (?, ?, ?, ?)',
        ...[job.id, Math.round(job.at), isEnded(job) ? Math.round(job.updatedAt) : null, JSON.stringify(job)],
      )
      if (isEnded(job)) db.run(surplus, MOST_ENDED)
    },
    /** All that have not ended, and what ended lately; oldest first. */
    stored: (): Job[] =>
      db
        .all<{ job: string }>(
          `SELECT job FROM gateway_jobs WHERE ended_at IS NULL OR id IN
             (SELECT id FROM gateway_jobs WHERE ended_at > ? ORDER BY ended_at DESC LIMIT ?) ORDER BY at, id`,
          ...[clock() - KEPT_MS, MOST_ENDED],
        )
        .flatMap(({ job }) => (fromJson(job) as Job | undefined) ?? []),
    prune: () => db.run('DELETE FROM gateway_jobs WHERE ended_at <= ?', clock() - KEPT_MS),
  }
}
export type Jobs = ReturnType<typeof createJobs>
