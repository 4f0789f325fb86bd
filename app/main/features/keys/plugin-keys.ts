import { type KeyFacts, pluginClash, pluginOff } from '../../../shared/contracts/keys.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Asker } from '../../lib/asker.ts'
import type { Log } from '../../lib/log.ts'
import type { Access } from '../../platform/model-access.ts'
import type { KeyActions } from './actions.ts'
import type { KeyRow } from './key-rows.ts'
import { type KeyVault, NO_SECRET } from './key-vault.ts'
import type { KeyRegistry } from './registry.ts'

/** What a plugin's models are asked with. */
export interface PluginAccess extends Access {
  readonly name: string
  readonly nameForModel: string
  readonly active: boolean
}
/** Plugins, as far as keys know them. */
export interface ModelPlugins {
  /** Fails as a call of its models would: it is not there, not configured, or its secrets are locked. */
  access(pluginId: string): Promise<PluginAccess>
  /** Told with the ids of those of which anything changed, whichever it is. */
  onChange(listener: (ids: readonly string[]) => void): Unsubscribe
}

const byConsole: Asker = { actor: 'console' }
/** Keys whose secret and address are a plugin's: they are the way of its models into routes, limits, budgets and use. */
export function createPluginKeys(parts: {
  readonly db: Db
  readonly registry: KeyRegistry
  readonly actions: KeyActions
  readonly vault: KeyVault
  readonly plugins: ModelPlugins
  readonly log: Log
}) {
  const { db, registry, actions, vault, plugins, log } = parts
  /** One after the other: a plugin may change again while its key is changed. */
  let turn: Promise<void> = Promise.resolve()
  let stopped = false

  const keyOf = (pluginId: string) => registry.list().find((row) => row.pluginId === pluginId)

  async function follow(row: KeyRow, pluginId: string): Promise<void> {
    const access = await accessOf(pluginId)
    if (access === 'locked') return
    await vault.ready
    if (access === null || !access.active || access.vendor !== row.vendor) {
      if (!row.disabled) actions.disable([row.id], pluginOff, byConsole)
      return
    }
    const { baseUrl, secret } = askedWith(access)
    const moved = row.baseUrl !== baseUrl
    // What somebody else disabled stays so.
    const ours = row.disabled === null || row.disabled.reason === pluginOff || row.disabled.reason === pluginClash
    try {
      if (moved || vault.secretOf(row.id) !== secret) await actions.change(row.id, { baseUrl }, byConsole, secret)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'KEY_DUPLICATE_SECRET') throw error
      // It must not be asked with what its operator took away.
      if (ours) actions.disable([row.id], pluginClash, byConsole)
      return
    }
    if (ours && row.disabled) actions.enable([row.id], byConsole)
  }
  async function accessOf(pluginId: string): Promise<PluginAccess | 'locked' | null> {
    try {
      return await plugins.access(pluginId)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return error.code === 'KEY_VAULT_LOCKED' ? 'locked' : null
    }
  }
  function followAll(changed: (pluginId: string) => boolean): void {
    for (const { pluginId } of registry.list()) {
      if (pluginId === null || !changed(pluginId)) continue
      turn = turn.then(async () => {
        const row = keyOf(pluginId)
        if (stopped || !row) return
        await follow(row, pluginId).catch((error: unknown) =>
          log.error('keys', 'key does not follow its plugin', { id: row.id, error }),
        )
      })
    }
  }
  const stopFollowing = plugins.onChange((ids) => {
    const changed = new Set(ids)
    followAll((id) => changed.has(id))
  })
  // An earlier console may have ended between a plugin's change and its key's.
  void vault.ready.then(() => followAll(() => true))

  return {
    /** The id of the plugin's key, which is made where there is none. */
    async add(pluginId: string, asker: Asker): Promise<string> {
      const access = await plugins.access(pluginId)
      if (!access.active) throw new AppError('PLUGIN_NOT_ACTIVE', { name: access.name })
      await vault.ready
      const present = keyOf(pluginId)
      if (present) return present.id
      const { baseUrl, secret } = askedWith(access)
      const facts: KeyFacts = {
        ...{ vendor: access.vendor, service: serviceOf(access), name: freeName(access), tier: 'primary', baseUrl },
        ...{
          weight: 1,
          rpm: null,
          tpm: null,
          concurrency: null,
          monthlyBudget: null,
          expiresAt: null,
          modelMapping: {},
        },
      }
      const id = db.transaction(() => {
        const made = actions.insert(facts, secret, asker)
        registry.rows.follow(made, pluginId)
        return made
      })
      actions.told([id])
      // Its models are known, and so can be asked for, after the first test; what it meets is shown with the key.
      void actions.test(id, asker).catch((error: unknown) => log.warn('keys', 'not tested', { id, error }))
      return id
    },
    stop(): void {
      stopped = true
      stopFollowing()
    },
  }

  function askedWith({ vendor, base, key }: PluginAccess): { baseUrl: string | null; secret: string } {
    return { baseUrl: vendor === 'openai-compatible' ? base : null, secret: key ?? NO_SECRET }
  }
  function freeName({ vendor, name }: PluginAccess): string {
    const plain =
      name
        .replace(/[\p{Cc}\ufffd]/gu, ' ')
        .trim()
        .slice(0, 110) || 'plugin'
    for (let number = 1; ; number++) {
      const wanted = number === 1 ? plain : `${plain} ${number}`
      if (!registry.rows.named(vendor, wanted)) return wanted
    }
  }
}
export type PluginKeys = ReturnType<typeof createPluginKeys>

/** As candidates name it; the name for the model, with what a service may not have left out. */
const serviceOf = ({ nameForModel }: PluginAccess): string =>
  nameForModel
    .replace(/[^\p{L}\p{N}._/ -]/gu, '')
    .replace(/^[._/ -]+/, '')
    .slice(0, 64)
    .trim() || 'plugin'
