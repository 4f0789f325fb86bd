import type { Entry } from '../../../shared/contracts/audit.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import type { Mark } from '../../ui/StateMark.tsx'

export interface AuditLines {
  /** Newest first. */
  readonly entries: readonly Entry[]
  /** Nothing older is left to ask for. */
  readonly whole: boolean
}
type Update =
  | { readonly kind: 'snapshot'; readonly entries: readonly Entry[] }
  | { readonly kind: 'appended'; readonly entry: Entry }

/** Lines asked for at once. The subscription's first answer has as many. */
export const pageLength = 50

/** A snapshot begins anew: after a reconnect the older pages are asked for again. */
export function applyAudit(lines: AuditLines, update: Update): AuditLines {
  if (update.kind === 'snapshot') return { entries: update.entries, whole: update.entries.length < pageLength }
  return { ...lines, entries: [update.entry, ...lines.entries] }
}

/** Adds an older page, leaving out what is there already. */
export function addOlder(lines: AuditLines, older: readonly Entry[]): AuditLines {
  const last = lines.entries.at(-1)?.sequence ?? Number.MAX_SAFE_INTEGER
  return {
    entries: [...lines.entries, ...older.filter(({ sequence }) => sequence < last)],
    whole: older.length < pageLength,
  }
}

/** One row for each thing that was done: a beginning whose end is on the list says nothing more. */
export function foldEnds(entries: readonly Entry[]): readonly Entry[] {
  const ended = new Set(entries.map(({ ends }) => ends))
  return entries.filter(({ sequence }) => !ended.has(sequence))
}

export const outcomes = {
  started: { mark: 'busy', words: 'settings.outcomeStarted' },
  done: { mark: 'ok', words: 'settings.outcomeDone' },
  failed: { mark: 'fail', words: 'settings.outcomeFailed' },
  cancelled: { mark: 'stopped', words: 'settings.outcomeCancelled' },
  interrupted: { mark: 'warn', words: 'settings.outcomeInterrupted' },
} as const satisfies Record<Entry['outcome'], { mark: Mark; words: TextKey }>

export const actors = {
  desktop: 'settings.actorDesktop',
  browser: 'settings.actorBrowser',
  cli: 'settings.actorCli',
  console: 'settings.actorConsole',
  platform: 'settings.actorPlatform',
} as const satisfies Record<Entry['actor'], TextKey>

/** JSON text in lines, for reading. */
export function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2)
  } catch {
    return json
  }
}
