import { type ErrorCode, errors } from '../../../shared/errors.ts'
import type { Db } from '../../db/db.ts'
import type { Notify } from '../../lib/host.ts'
import { maskText } from '../../lib/secrets.ts'
import type { GatewayAsks, UseRecord } from '../../platform/gateway/gateway-messages.ts'
import type { CountedCall } from '../../platform/gateway/journal-line.ts'
import type { KeyRow, KeyRows } from './key-rows.ts'
import { dueReminder, endOfModel, expiryOf, type Health } from './key-state.ts'
import type { KeyUses, UsedWithKey } from './key-use.ts'
import type { KeyRegistry } from './registry.ts'
import { tellEnds } from './test-notices.ts'

type Failures = GatewayAsks['gatewayRecords']['input']['failures']

/** What the local platform reports of keys. */
export function createKeyReports(parts: { readonly db: Db; readonly registry: KeyRegistry; readonly uses: KeyUses }) {
  const { db, registry, uses } = parts
  const { rows } = registry
  return {
    /** Keeps what it knows of keys and candidates; keys that were removed meanwhile are left out. */
    applyHealth(health: readonly Health[]): void {
      const kept = health.filter(({ id }) => id.startsWith('candidate ') || registry.get(id) !== null)
      if (kept.length === 0) return
      db.transaction(() => {
        for (const one of kept) registry.keepHealth(one)
      })
      // Whoever keeps the rest of a report may do so in one transaction with this.
      db.afterCommit(() => registry.stateChanged(kept.map(({ id }) => id)))
    },
    /** Adds up what was used and called; whoever stores the records sees to it that each comes once. */
    applyUses(records: readonly UseRecord[], calls: readonly CountedCall[]): void {
      const isKnown = ({ keyId }: { readonly keyId: string | null }) => keyId !== null && registry.get(keyId) !== null
      const used = records.filter((one): one is UsedWithKey => isKnown(one))
      const called = calls.filter(isKnown)
      db.afterCommit(() => {
        uses.apply(used, called)
        registry.figuresChanged([...new Set([...used, ...called].map(({ keyId }) => keyId))])
      })
    },
    /** The newest failure of each key. */
    applyFailures(failures: Failures): void {
      const newest = new Map<string, Failures[number]>()
      for (const one of failures) {
        const row = registry.get(one.keyId)
        const before = newest.get(one.keyId)?.at ?? row?.lastError?.at ?? 0
        if (row && one.at >= before) newest.set(one.keyId, one)
      }
      if (newest.size === 0) return
      db.transaction(() => {
        for (const [id, failure] of newest)
          rows.change(id, { lastError: JSON.stringify(told(registry.find(id), failure)) })
      })
      db.afterCommit(() => registry.reread([...newest.keys()]))
    },
  }
}
export type KeyReports = ReturnType<typeof createKeyReports>

function told({ vendor }: KeyRow, { at, code, message }: Failures[number]) {
  const [, answered, words] = /^(\d{3}): (.*)$/s.exec(message) ?? []
  const reason = maskText((words ?? message).slice(0, 1000))
  const known = Object.hasOwn(errors, code)
  const status = answered ?? 'no answer'
  const inChinese = answered === undefined ? { statusZh: '无响应' } : {}
  const details = { vendor, host: vendor, status, ...inChinese, seconds: '?', megabytes: '?', reason }
  return { code: (known ? code : 'VENDOR_FAILED') as ErrorCode, details, at }
}

/** Reminds of keys that expire and of models that end, each time once. */
export function remind(parts: { db: Db; rows: KeyRows; notify: Notify; clock: () => number }, keys: readonly KeyRow[]) {
  const { db, rows, notify, clock } = parts
  const now = clock()
  const due = keys.flatMap((row) => {
    if (row.disabled) return []
    const days = dueReminder(expiryOf(row), now)
    const ends = Map.groupBy(row.retiring, (one) => dueReminder(endOfModel(one), now))
    const models = [...ends].flatMap(([left, ending]) => (left === null ? [] : [{ days: left, ending }]))
    return days === null && models.length === 0 ? [] : [{ row, days, models }]
  })
  db.transaction(() => {
    for (const { row, days, models } of due) {
      if (days !== null) rows.change(row.id, { reminded: days })
      if (models.length === 0) continue
      const retiring = row.retiring.map((one) => ({
        ...one,
        reminded: dueReminder(endOfModel(one), now) ?? one.reminded,
      }))
      rows.change(row.id, { retiring: JSON.stringify(retiring) })
    }
  })
  for (const { row, days, models } of due) {
    const { name, vendor } = row
    // With the day: a key that was renewed and ends again is news.
    const on = new Date(row.expiresAt ?? now).toLocaleDateString('sv') // 2026-12-31, of this place
    if (days === 0) notify({ severity: 'warn', code: 'KEY_EXPIRED', details: { name, vendor, on } })
    else if (days !== null) notify({ severity: 'warn', code: 'KEY_EXPIRES', details: { name, vendor, days, on } })
    for (const one of models) tellEnds(notify, row, one.ending, one.days)
  }
  return due.map(({ row }) => row.id)
}
