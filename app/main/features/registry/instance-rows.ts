import type { Db, Value } from '../../db/db.ts'

/** What is kept of an instance; the rest is found out anew after a start. */
export interface InstanceRow {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly version: string | null
  readonly healthPath: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly ttlSeconds: number
  readonly registeredAt: number
  readonly lastBeatAt: number
  /** Since when its heartbeats have stayed away. */
  readonly downSince: number | null
  readonly requests: number
  readonly errors: number
}

const columns = `id, name, url, version, health_path AS healthPath, metadata, ttl_s AS ttlSeconds,
  registered_at AS registeredAt, last_beat_at AS lastBeatAt, down_since AS downSince, requests, errors`

/** The table of registered instances. */
export function instanceRows(db: Db) {
  return {
    all: (): InstanceRow[] =>
      db
        .all<{ readonly [column: string]: Value }>(
          `SELECT ${columns} FROM registered_instances ORDER BY registered_at, id`,
        )
        .map((raw) => ({ ...raw, metadata: JSON.parse(String(raw['metadata'])) }) as unknown as InstanceRow),
    put(row: InstanceRow): void {
      db.run(
        `INSERT OR REPLACE INTO registered_instances (id, name, url, version, health_path, metadata, ttl_s,
           registered_at, last_beat_at, down_since, requests, errors) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[row.id, row.name, row.url, row.version, row.healthPath, JSON.stringify(row.metadata), row.ttlSeconds],
        ...[row.registeredAt, row.lastBeatAt, row.downSince, row.requests, row.errors],
      )
    },
    drop: (id: string) => void db.run('DELETE FROM registered_instances WHERE id = ?', id),
  }
}
