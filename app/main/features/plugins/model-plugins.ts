import { AppError } from '../../../shared/errors.ts'
import type { Unsubscribe } from '../../../shared/rpc/contract.ts'
import { type Access, accessOf } from '../../platform/model-access.ts'
import type { LoadedPlugin } from './calling/call-types.ts'
import { createDefinitions } from './definitions.ts'
import type { Registry } from './registry.ts'

/** What the models of plugins are asked with, for whoever asks them by other ways than a plugin's own. */
export function modelPlugins(registry: Registry) {
  const definitions = createDefinitions(registry)
  return {
    /** Fails with PLUGIN_NOT_FOUND, and as a call of its models would. */
    async access(pluginId: string) {
      await registry.keyReady
      const plugin = registry.find(pluginId)
      const loaded = { ...registry.callable(plugin), definition: await definitions.definition(plugin.version) }
      const { name, nameForModel, state } = loaded
      const active = state === 'active' && plugin.row.removedAt === null
      return { name, nameForModel, active, ...configuredAccess(loaded) }
    },
    /** Told with the ids of those that changed; with all of them when the vault was opened or locked. */
    onChange(listener: (ids: readonly string[]) => void): Unsubscribe {
      const stopChanges = registry.onChange(({ ids }) => listener(ids))
      const stopTurns = registry.onTurn(() => listener(registry.list().map(({ row }) => row.id)))
      return () => {
        stopChanges()
        stopTurns()
      }
    },
  }
}

/** Nobody gives anything beside the configuration here, so what is missing is missing there. */
function configuredAccess(plugin: LoadedPlugin): Access {
  try {
    return accessOf(plugin, { apiKey: null, baseUrl: null })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ARGUMENT_MISSING') throw error
    throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: String(error.details['names']) })
  }
}
