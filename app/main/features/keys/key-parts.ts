import type { Db } from '../../db/db.ts'
import type { Host } from '../../lib/host.ts'
import type { KeyActions } from './actions.ts'
import type { KeyUses } from './key-use.ts'
import type { KeyVault } from './key-vault.ts'
import type { PluginKeys } from './plugin-keys.ts'
import type { KeyRegistry } from './registry.ts'
import type { KeyWorker } from './worker-keys.ts'

/** The parts that answer what is asked about keys, from a page, the command line or the local platform. */
export interface KeyParts {
  readonly db: Db
  readonly registry: KeyRegistry
  readonly actions: KeyActions
  readonly vault: KeyVault
  readonly uses: KeyUses
  readonly worker: KeyWorker
  readonly host: Pick<Host, 'saveFile'>
  readonly clock: () => number
  readonly pluginKeys: PluginKeys
}
