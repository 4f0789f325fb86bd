import type { Actor } from '../../shared/rpc/contract.ts'

/** Who asks: the actor, and whom a caller of the HTTP interface says that it acts for. */
export interface Asker {
  readonly actor: Actor
  readonly userId?: string | null
}
