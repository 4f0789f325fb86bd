import type { KeyTest } from '../../../shared/contracts/keys.ts'
import type { Notify } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import type { KeyRow } from './key-rows.ts'
import { stateOf } from './key-state.ts'
import type { KeyVault } from './key-vault.ts'
import type { KeyRegistry } from './registry.ts'

const HOUR_MS = 3_600_000
/** The clock of the machine may be set meanwhile, and keys come and go: it is looked at again at least this often. */
const LOOK_MS = 60_000
/** Part of the time between two tests by which a key comes later, so that not all come at once. */
const JITTER = 0.1
/** Between one key and the next. */
const GAP_MS = 2000

export interface ScheduleParts {
  readonly registry: KeyRegistry
  readonly vault: KeyVault
  readonly test: (id: string) => Promise<KeyTest>
  readonly notify: Notify
  /** Told at once how often, in hours, and whenever that changes; null for never. */
  readonly hours: (listener: (hours: number | null) => void) => () => void
  readonly log: Log
  readonly clock: () => number
  /** Milliseconds between looks and between keys; shorter in tests. */
  readonly pace?: { readonly lookMs: number; readonly gapMs: number }
}

/** Tests every key that is in use, each so often after its last test, one at a time; tells of one that no longer works. */
export function scheduleTests(parts: ScheduleParts): () => void {
  const { registry, vault, notify, log, clock, pace = { lookMs: LOOK_MS, gapMs: GAP_MS } } = parts
  /** By key: how much of the jitter is its own, and when it was tried last, tested or not. */
  const own = new Map<string, { readonly share: number; triedAt: number | null }>()
  let hours: number | null = null
  let timer: NodeJS.Timeout | null = null
  let busy = false
  let stopped = false

  const lastTest = (row: KeyRow) => registry.view(row).lastTest
  function dueAt(row: KeyRow): number {
    const mine = own.get(row.id) ?? { share: Math.random(), triedAt: null }
    own.set(row.id, mine)
    const last = Math.max(lastTest(row)?.at ?? 0, mine.triedAt ?? 0)
    // A test that bears a time to come was made before the clock was set back.
    return Math.min(last, clock()) + hours! * HOUR_MS * (1 + JITTER * mine.share)
  }
  const inUse = (row: KeyRow) => {
    const { kind } = stateOf(row, registry.healthOf(row.id), clock())
    return kind !== 'disabled' && kind !== 'expired' && vault.isReadable(row.id)
  }

  function plan(ms: number): void {
    if (timer) clearTimeout(timer)
    timer = stopped || hours === null ? null : setTimeout(() => void look(), ms).unref()
  }
  async function look(): Promise<void> {
    if (busy || stopped || hours === null) return
    const rows = registry.list().filter(inUse)
    for (const id of own.keys()) if (!registry.get(id)) own.delete(id)
    const [next] = rows.map((row) => ({ row, at: dueAt(row) })).sort((a, b) => a.at - b.at)
    if (!next || next.at > clock()) return plan(pace.lookMs)
    busy = true
    try {
      await testOne(next.row)
    } finally {
      busy = false
      plan(pace.gapMs)
    }
  }
  async function testOne(row: KeyRow): Promise<void> {
    own.get(row.id)!.triedAt = clock()
    const worked = lastTest(row)?.ok === true
    try {
      const { ok, failure } = await parts.test(row.id)
      if (ok || !worked || stopped) return
      const { name, vendor } = row
      const reason = String(failure?.details['reason'] ?? failure?.code ?? '').slice(0, 200)
      notify({ severity: 'warn', code: 'KEY_TEST_FAILED', details: { name, vendor, reason } })
    } catch (error) {
      // The local platform is off, or the key is gone: its turn comes again.
      log.warn('keys', 'scheduled test not made', { id: row.id, error })
    }
  }

  const unfollow = parts.hours((chosen) => {
    if (chosen === hours) return
    hours = chosen
    plan(pace.gapMs)
  })
  return () => {
    stopped = true
    unfollow()
    if (timer) clearTimeout(timer)
  }
}
