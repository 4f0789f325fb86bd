import type { Actor } from '../../shared/rpc/contract.ts'

/** What an audit line says; `before` and `after` become JSON, secrets already left out by the caller. */
export interface AuditSubject {
  readonly actor: Actor
  /** "service.restart", "settings.set", "environment.reveal". */
  readonly action: string
  /** What it is done to, for people: "service db". */
  readonly target: string
  readonly targetId: string
  readonly before?: unknown
  readonly after?: unknown
}

/** The audit trail as features see it. */
export interface Audit {
  /**
   * Writes `started`, does the work, writes how it ended. When the first line cannot be written (DISK_FULL), the work is
   * not done; a console that dies in between leaves `started`, which the next start turns into `interrupted` and a notice.
   */
  perform<T>(subject: AuditSubject, work: () => Promise<T>): Promise<T>
  /** One finished line for something instantaneous: a reveal, a setting. */
  note(subject: AuditSubject): void
}
