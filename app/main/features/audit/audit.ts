import { setImmediate as breath } from 'node:timers/promises'
import type { audit as contract, Entry } from '../../../shared/contracts/audit.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Handlers, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit, AuditSubject } from '../../lib/audit.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Notify } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import { createVerifier, hashOf, type Line, type Tail, type Verdict } from './chain.ts'

/** Characters of `before` or `after` that a line keeps. */
const VALUE_LIMIT = 8_000
const NEWEST = 50
/** Lines verified before other work gets its turn. */
const STRIDE = 2_000
const RETRY_MS = 10_000

type Ending = Pick<Line, 'outcome' | 'code' | 'ends'>
interface Row extends Omit<Entry, 'targetId'> {
  readonly target_id: string
}
const entryOf = ({ target_id: targetId, ...rest }: Row): Entry => ({ ...rest, targetId })

export function createAudit(options: { db: Db; log: Log; notify: Notify }) {
  const { db, log, notify } = options
  const appended = createEmitter<Entry>()
  /** Ends that could not be written (a full disk), oldest first; they go before any other line. */
  const owed: { subject: AuditSubject; ending: Ending }[] = []
  const retry = setInterval(settle, RETRY_MS)
  retry.unref()

  function write(subject: AuditSubject, ending: Ending): Entry {
    return db.transaction(() => {
      const tail = db.get<Tail>('SELECT sequence, hash FROM audit_tail')!
      const line: Line = {
        sequence: tail.sequence + 1,
        time: Date.now(),
        actor: subject.actor,
        action: subject.action,
        target: subject.target,
        targetId: subject.targetId,
        before: jsonText(subject.before),
        after: jsonText(subject.after),
        ...ending,
      }
      const entry = { ...line, hash: hashOf(line, tail.hash) }
      db.run(
        `INSERT INTO audit (sequence, time, actor, action, target, target_id, before, after, outcome, ends, code, hash)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[entry.sequence, entry.time, entry.actor, entry.action, entry.target, entry.targetId],
        ...[entry.before, entry.after, entry.outcome, entry.ends, entry.code, entry.hash],
      )
      db.run('UPDATE audit_tail SET sequence = ?, hash = ?', entry.sequence, entry.hash)
      db.afterCommit(() => appended.emit(entry))
      return entry
    })
  }
  function payOwed(): void {
    for (let next = owed[0]; next; next = owed[0]) {
      write(next.subject, next.ending)
      owed.shift()
    }
  }
  function append(subject: AuditSubject, ending: Ending): Entry {
    payOwed()
    return write(subject, ending)
  }
  function settle(): void {
    try {
      payOwed()
    } catch (error) {
      log.error('audit', 'line not written yet', { error, owed: owed.length })
      if (error instanceof AppError && error.code === 'DISK_FULL') {
        notify({ severity: 'fail', code: 'DISK_FULL', details: error.details })
      }
    }
  }
  /** Writes how something ended, now or as soon as it can be written: what was done is done. */
  function end(subject: AuditSubject, ending: Ending): void {
    owed.push({ subject, ending })
    settle()
  }

  const audit: Audit = {
    async perform(subject, work) {
      const { sequence } = append(subject, { outcome: 'started', ends: null, code: null })
      try {
        const result = await work()
        end(subject, { outcome: 'done', ends: sequence, code: null })
        return result
      } catch (error) {
        const code = error instanceof AppError ? error.code : 'INTERNAL'
        end(subject, { outcome: code === 'CANCELLED' ? 'cancelled' : 'failed', ends: sequence, code })
        throw error
      }
    },
    note: (subject) => void append(subject, { outcome: 'done', ends: null, code: null }),
  }

  /** Lines that an earlier console started and never closed: it died in between. */
  function closeInterrupted(): void {
    const open = db.all<Row>(
      `SELECT * FROM audit started WHERE outcome = 'started'
       AND NOT EXISTS (SELECT 1 FROM audit ended WHERE ended.ends = started.sequence) ORDER BY sequence`,
    )
    for (const entry of open.map(entryOf)) {
      const { actor, action, target, targetId } = entry
      end({ actor, action, target, targetId }, { outcome: 'interrupted', ends: entry.sequence, code: null })
      notify({ severity: 'warn', code: 'ACTION_INTERRUPTED', details: { action, target } })
      log.warn('audit', 'interrupted action found', { action, targetId })
    }
  }
  closeInterrupted()

  function list(query: { before: number | null; targetId: string | null; limit: number }): Entry[] {
    const before = query.before ?? Number.MAX_SAFE_INTEGER
    const rows =
      query.targetId === null
        ? db.all<Row>('SELECT * FROM audit WHERE sequence < ? ORDER BY sequence DESC LIMIT ?', before, query.limit)
        : db.all<Row>(
            'SELECT * FROM audit WHERE target_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
            query.targetId,
            before,
            query.limit,
          )
    return rows.map(entryOf)
  }

  /** Finds the first line that was changed, removed or inserted by other hands. */
  async function verify(): Promise<Verdict> {
    const tail = db.get<Tail>('SELECT sequence, hash FROM audit_tail') ?? { sequence: 0, hash: '' }
    const verdict = await walk(tail)
    if (verdict.kind === 'broken') {
      log.error('audit', 'trail broken', { sequence: verdict.sequence, reason: verdict.reason })
      notify({ severity: 'fail', code: 'AUDIT_BROKEN', details: { sequence: verdict.sequence } })
    }
    return verdict
  }
  async function walk(tail: Tail): Promise<Verdict> {
    const verifier = createVerifier(tail)
    for (let after = Number.MIN_SAFE_INTEGER; ; ) {
      const rows = db.all<Row>('SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?', after, STRIDE)
      // Lines written since we began are the next verification's.
      const mine = rows.filter((row) => row.sequence <= tail.sequence)
      for (const row of mine) {
        const verdict = verifier.next(entryOf(row))
        if (verdict) return verdict
      }
      after = rows.at(-1)?.sequence ?? after
      if (rows.length < STRIDE || mine.length < rows.length) break
      await breath()
    }
    const now = db.get<Tail>('SELECT sequence, hash FROM audit_tail') ?? tail
    const beyond = db.get<{ sequence: number }>('SELECT sequence FROM audit WHERE sequence > ? LIMIT 1', now.sequence)
    return beyond ? { kind: 'broken', sequence: beyond.sequence, reason: 'inserted' } : verifier.end()
  }

  return {
    ...audit,
    list,
    /** How often each action ended how. */
    counts: () =>
      db.all<{ action: string; outcome: string; count: number }>(
        'SELECT action, outcome, count(*) AS count FROM audit GROUP BY action, outcome ORDER BY action, outcome',
      ),
    verify,
    follow(emit: Emit<{ kind: 'snapshot'; entries: Entry[] } | { kind: 'appended'; entry: Entry }>): Unsubscribe {
      emit({ kind: 'snapshot', entries: list({ before: null, targetId: null, limit: NEWEST }) })
      return appended.listen((entry) => void emit({ kind: 'appended', entry }))
    },
    stop: () => clearInterval(retry),
  }
}
export type AuditTrail = ReturnType<typeof createAudit>

export const auditHandlers = (audit: AuditTrail): Handlers<typeof contract> => ({
  list: (query) => ({ entries: audit.list(query) }),
  verify: () => audit.verify(),
  onEntries: (emit) => audit.follow(emit),
})

function jsonText(value: unknown): string | null {
  if (value === undefined || value === null) return null
  const text = JSON.stringify(value) ?? null
  if (text === null || text.length <= VALUE_LIMIT) return text
  return JSON.stringify({ cutFrom: text.length, beginning: text.slice(0, VALUE_LIMIT / 2) })
}
