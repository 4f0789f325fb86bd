import type { Instance } from '../../../shared/contracts/registry.ts'
import type { InstanceRow } from './instance-rows.ts'

/** Heartbeats that may stay away before an instance is down. */
const BEATS = 3
/** An instance that answered before is down with the second failed probe in a row: one slow answer is no outage. */
const FAILURES = 2
/** How long one that gives no sign any more is kept. */
export const KEPT_MS = 24 * 3_600_000

/** An instance as memory holds it. */
export interface Held {
  readonly row: InstanceRow
  /** The last heartbeat or good probe; the console's start where that is later, for nobody could reach it before. */
  readonly seenAt: number
  /** Failed probes in a row. */
  readonly failures: number
  /** Whether a probe of it was ever answered well. */
  readonly proven: boolean
  readonly probeReason: string | null
  readonly state: Instance['state']
}

/** When it counts as silent, unless it is heard of before. */
export const silentFrom = ({ row, seenAt }: Held): number => seenAt + BEATS * row.ttlSeconds * 1000

/** When the next thing happens to it by itself: it falls silent, or is forgotten. */
export const nextAt = (one: Held): number =>
  one.row.downSince === null ? silentFrom(one) : one.row.downSince + KEPT_MS

/** The same instance as it stands now: what was found out, made into a state. */
export function judged(one: Held, now: number): Held {
  const silent = silentFrom(one)
  const downSince = now < silent ? null : (one.row.downSince ?? silent)
  const reason = reasonOf(one, downSince !== null)
  const row = one.row.downSince === downSince ? one.row : { ...one.row, downSince }
  const { state } = one
  if (reason === null) return { ...one, row, state: state.kind === 'up' ? state : { kind: 'up', since: now } }
  if (state.kind === 'down') return { ...one, row, state: state.reason === reason ? state : { ...state, reason } }
  return { ...one, row, state: { kind: 'down', since: downSince ?? now, reason } }
}

function reasonOf({ row, failures, proven, probeReason }: Held, silent: boolean): string | null {
  const failing = failures >= (proven ? FAILURES : 1) ? probeReason : null
  if (!silent) return failing
  const words = `no heartbeat for more than ${BEATS * row.ttlSeconds} s`
  return failing === null ? words : `${words}; ${failing}`
}

/** As the page and the local platform see it. */
export function instanceOf({ row, state }: Held): Instance {
  const { downSince: _, lastBeatAt, metadata, ...rest } = row
  return { ...rest, metadata: { ...metadata }, lastHeartbeatAt: lastBeatAt, state }
}

/** One that the table held. What was silent stays so until it is heard of; the others get their time anew. */
export function restored(row: InstanceRow, now: number): Held {
  const fresh = { row, failures: 0, proven: false, probeReason: null, state: { kind: 'up', since: now } } as const
  if (row.downSince === null) return { ...fresh, seenAt: now }
  return judged({ ...fresh, seenAt: row.downSince - BEATS * row.ttlSeconds * 1000 }, now)
}
