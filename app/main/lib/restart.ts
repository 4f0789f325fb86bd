import type { AuditSubject } from './audit.ts'
import type { Notify } from './host.ts'

/** What the rebuilt parts record first, because the parts that did it are gone. */
export interface AfterRestart {
  readonly notice: Parameters<Notify>[0]
  readonly subject: AuditSubject
}

/**
 * Stops every part of the console, runs `between` while no file is open, and builds the parts anew. A `between` that
 * fails is thrown again, after the parts stand on what was there before.
 */
export type Restart = (between: () => void, after: AfterRestart | null) => Promise<void>
