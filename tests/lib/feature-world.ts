import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openDatabase } from '../../app/main/db/db.ts'
import { migrate } from '../../app/main/db/migrate.ts'
import { createAudit } from '../../app/main/features/audit/audit.ts'
import { type AppLog, silentLog } from '../../app/main/lib/log.ts'
import { createScope } from '../../app/main/lib/scope.ts'
import type { Emit, Unsubscribe } from '../../app/shared/rpc/contract.ts'
import { fakeHost } from './fake-host.ts'
import { tempFolder } from './temp-folder.ts'

interface Notice {
  readonly code: string
  readonly details: object
}

/** What stands around a feature in a data folder: its database, audit trail, notices, and a host that keeps what it saves. */
export function openFeatureWorld({
  folder = tempFolder(),
  log = silentLog,
  say = ({ code }: Notice) => code,
}: {
  readonly folder?: string | undefined
  readonly log?: AppLog | undefined
  /** A notice as tests compare it. */
  readonly say?: (notice: Notice) => string
}) {
  const scope = createScope()
  const db = openDatabase(join(folder, 'pilothouse.db'))
  scope.add(db.close)
  db.pragma('journal_mode = WAL')
  migrate(db)
  const notices: string[] = []
  const notify = (notice: Notice) => void notices.push(say(notice))
  const audit = createAudit({ db, log, notify })
  scope.add(audit.stop)
  const saved: { readonly name: string; readonly bytes: Buffer }[] = []
  const host = {
    ...fakeHost(),
    async saveFile(name: string, _: string, source: () => AsyncIterable<Uint8Array>) {
      const parts: Uint8Array[] = []
      for await (const part of source()) parts.push(part)
      saved.push({ name, bytes: Buffer.concat(parts) })
      return { kind: 'saved' as const, file: name }
    },
  }
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await scope.close()
  }
  onTestFinished(close)
  return { folder, log, scope, db, notices, notify, audit, saved, host, close }
}

type Update<T> =
  | { readonly kind: 'snapshot'; readonly all: readonly T[] }
  | { readonly kind: 'change'; readonly upserted: readonly T[]; readonly removed: readonly string[] }

/** A feature's items as a page mirrors them; `read` names the items of its snapshot. */
export function mirrored<T extends { readonly id: string }, U>(
  follow: (emit: Emit<U>) => Unsubscribe,
  read: (update: U) => Update<T>,
): { readonly items: () => ReadonlyMap<string, T>; readonly stop: Unsubscribe } {
  let items = new Map<string, T>()
  const stop = follow((told) => {
    const update = read(told)
    if (update.kind === 'snapshot') items = new Map(update.all.map((one) => [one.id, one]))
    else {
      for (const one of update.upserted) items.set(one.id, one)
      for (const id of update.removed) items.delete(id)
    }
    return true
  })
  return { items: () => items, stop }
}
