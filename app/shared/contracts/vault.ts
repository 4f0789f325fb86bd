import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'
import { Capabilities } from './host.ts'
import { Failure } from './tasks.ts'

/** Whether the secrets of the console can be read, and what guards the data key that seals them. */
export const VaultState = z.object({
  state: z.discriminatedUnion('kind', [
    /** The keyring of the operating system was asked, and has not answered. */
    z.object({ kind: z.literal('opening') }),
    z.object({ kind: z.literal('open') }),
    z.object({ kind: z.literal('locked') }),
    z.object({ kind: z.literal('unusable'), failure: Failure }),
  ]),
  /** Where the data key lies; null until it is there. */
  storage: Capabilities.shape.secretStorage.nullable(),
  hasPassphrase: z.boolean(),
})
export type VaultState = z.infer<typeof VaultState>

const passphrase = z.string().min(1).max(1024)

export const vault = {
  calls: {
    /** Fails with VAULT_PASSPHRASE_WRONG, and after five of those in a minute with VAULT_TRY_LATER. */
    unlock: call({ input: z.object({ passphrase }) }),
    /** Fails with VAULT_NO_PASSPHRASE. */
    lock: call(),
    /** Null for none. The former one is asked for where there is one. Fails with KEY_VAULT_LOCKED, and as `unlock` does. */
    setPassphrase: call({ input: z.object({ former: passphrase.nullable(), next: passphrase.min(8).nullable() }) }),
    /** Takes a new data key and seals every secret again, and answers how many. Fails as `setPassphrase` does. */
    rotate: call({
      input: z.object({ passphrase: passphrase.nullable() }),
      output: z.object({ resealed: z.number() }),
    }),
  },
  /** Small and seldom: every update is the whole state. */
  events: { state: event(VaultState) },
}
