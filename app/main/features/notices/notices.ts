import { randomUUID } from 'node:crypto'
import { type notices as contract, Notice, type NoticeCode } from '../../../shared/contracts/notices.ts'
import type { ErrorDetails } from '../../../shared/errors.ts'
import type { Emit, Handlers, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Notify } from '../../lib/host.ts'
import { fromJson } from '../../lib/json.ts'
import type { Log } from '../../lib/log.ts'

/** Said once in the life of a data folder. */
const onceEver: ReadonlySet<NoticeCode> = new Set(['DOCKER_IS_ROOT'])
const KEPT = 100

type Payload = { notices: Notice[] }
interface Row extends Omit<Notice, 'details'> {
  readonly details: string
  readonly dismissed: number
}

/** The operator's list. It lives in memory and is written behind, because "the disk is full" is one of its notices. */
export function createNotices(options: { db: Db; log: Log }) {
  const { db, log } = options
  const updates = createEmitter<Payload>()
  const told = new Set<string>()
  let list: Notice[] = []
  for (const { dismissed, details, ...row } of db.all<Row>('SELECT * FROM notices ORDER BY at DESC, rowid DESC')) {
    const notice = Notice.safeParse({ ...row, details: fromJson(details) })
    if (!notice.success) log.warn('notices', 'row skipped', { code: row.code })
    else if (dismissed) told.add(notice.data.code)
    else list.push(notice.data)
  }

  function publish(next: Notice[]): void {
    list = next
    updates.emit({ notices: list })
  }
  function written(work: () => void): void {
    try {
      work()
    } catch (error) {
      log.warn('notices', 'kept in memory only', { error })
    }
  }

  const notify: Notify = ({ severity, code, details }) => {
    const text = JSON.stringify(details)
    if (onceEver.has(code) && told.has(code)) return
    const same = list.find((notice) => notice.code === code && saysAll(details, notice.details))
    if (same && saysAll(same.details, details)) return
    // What says more takes the place of what said less: a recreate that was cut and then mended.
    if (same) dismiss(same.id)
    const notice: Notice = { id: randomUUID(), severity, code, details, at: Date.now() }
    written(() => {
      const sql = 'INSERT OR REPLACE INTO notices (id, severity, code, details, at) VALUES (?, ?, ?, ?, ?)'
      db.run(sql, notice.id, severity, code, text, notice.at)
    })
    const next = [notice, ...list]
    for (const old of next.slice(KEPT)) written(() => db.run('DELETE FROM notices WHERE id = ?', old.id))
    publish(next.slice(0, KEPT))
  }

  function dismiss(id: string): void {
    const notice = list.find((each) => each.id === id)
    if (!notice) return
    if (onceEver.has(notice.code)) {
      told.add(notice.code)
      written(() => db.run('UPDATE notices SET dismissed = 1 WHERE id = ?', id))
    } else written(() => db.run('DELETE FROM notices WHERE id = ?', id))
    publish(list.filter((each) => each.id !== id))
  }

  return {
    notify,
    dismiss,
    follow(emit: Emit<Payload>): Unsubscribe {
      emit({ notices: list })
      return updates.listen((update) => void emit(update))
    },
  }
}
export type Notices = ReturnType<typeof createNotices>

export const noticeHandlers = (notices: Notices): Handlers<typeof contract> => ({
  dismiss: ({ id }) => notices.dismiss(id),
  onUpdates: (emit) => notices.follow(emit),
})

/** Whether these details have every one of those. */
const saysAll = (these: ErrorDetails, those: ErrorDetails) =>
  Object.entries(those).every(([name, value]) => these[name] === value)
