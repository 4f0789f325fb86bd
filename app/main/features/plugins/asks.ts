import { realpath, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Asker } from '../../lib/asker.ts'
import type { PeerHandlers } from '../../lib/peer.ts'
import type { AgentAsks } from '../../platform/agents/agent-messages.ts'
import type { GatewayAsks } from '../../platform/gateway/gateway-messages.ts'
import type { HubPlugin, HubVersion, MainAsks } from '../../platform/messages.ts'
import { shownFields } from './configuration.ts'
import { importAsTask } from './importing/import-task.ts'
import type { PluginParts } from './plugin-parts.ts'
import type { VersionRow } from './plugin-rows.ts'
import type { Held } from './registry.ts'

export type PluginAsks = Omit<MainAsks, 'health' | 'log' | 'requests' | 'calmed' | keyof GatewayAsks | keyof AgentAsks>

const MOST_TOOLS = 100_000
const asking = (userId: string | null): Asker => ({ actor: 'platform', userId })

/** What the local platform asks about plugins; a plugin is named by its id or its name for the model. */
export function pluginAsks(parts: PluginParts): PeerHandlers<PluginAsks> {
  const { db, registry, actions, calls, watched, folders } = parts
  const { rows } = registry
  const present = (id: string): Held => {
    const plugin = registry.named(id)
    if (plugin.row.removedAt !== null) throw new AppError('PLUGIN_NOT_FOUND', { name: id.slice(0, 100) })
    return plugin
  }
  const hubVersion = (plugin: Held, { versionId, facts, packageId }: VersionRow): HubVersion => ({
    ...{ versionId, version: facts.version, uploadedAt: rows.package(packageId).broughtAt },
    active: plugin.row.activeVersion === versionId,
  })

  return {
    calls: ({ records }) => calls.append(records),
    keepTokens: ({ pluginId, tokens }) => actions.keepTokens(pluginId, tokens, asking(null)),
    list() {
      const tools = Map.groupBy(
        db.all<{ id: string; operationId: string }>(
          `SELECT p.id, t.operation_id AS operationId FROM plugins p JOIN plugin_tools t ON t.version_id = coalesce(
             p.active_version, (SELECT max(id) FROM plugin_versions WHERE plugin_id = p.id))
           WHERE p.removed_at IS NULL ORDER BY p.id, t.position LIMIT ${MOST_TOOLS}`,
        ),
        ({ id }) => id,
      )
      return registry
        .list()
        .filter(({ row }) => row.removedAt === null)
        .map((plugin) =>
          hubPlugin(
            plugin,
            registry.stateOf(plugin),
            (tools.get(plugin.row.id) ?? []).map((one) => one.operationId),
          ),
        )
    },
    versions({ id }) {
      const plugin = present(id)
      return rows.versions(plugin.row.id).map((version) => hubVersion(plugin, version))
    },
    async activate({ id, version, userId }) {
      const plugin = present(id)
      const { id: pluginId } = plugin.row
      const wanted = rows
        .versions(pluginId)
        .find((one) => String(one.versionId) === version || sameNumber(one.facts.version, version))
      if (!wanted) throw new AppError('PLUGIN_VERSION_NOT_FOUND', { name: plugin.version.facts.name })
      await actions.activate([{ id: pluginId, versionId: wanted.versionId }], asking(userId))
      return hubVersion(registry.find(pluginId), wanted)
    },
    setEnabled: ({ id, enabled, userId }) =>
      actions[enabled ? 'enable' : 'disable']([present(id).row.id], asking(userId)),
    remove: ({ id, userId }) => actions.remove([present(id).row.id], asking(userId)),
    async configuration({ id }) {
      await registry.keyReady
      const { row, version, values } = present(id)
      const fields = shownFields(registry.key(), row.id, version.facts, values)
      return Object.fromEntries(fields.map((field) => [field.name, field.value ?? field.default]))
    },
    configure: ({ id, values, userId }) => actions.configure(present(id).row.id, values, asking(userId)),
    async importStaged({ file, name, userId }) {
      const real = await realpath(file).catch(() => null)
      if (real === null || dirname(real) !== (await realpath(folders.staging)))
        throw new AppError('PACKAGE_REFUSED', { reason: 'it was not received here' })
      try {
        const request = { path: real, name, source: 'upload', activate: true, asker: asking(userId) } as const
        const { plugins, findings } = await importAsTask(parts, request)
        return { plugins: plugins.map(({ id, version }) => ({ id, version })), findings }
      } finally {
        await rm(real, { force: true })
      }
    },
    reload: ({ userId }) => watched.reload(asking(userId)),
  }
}

const sameNumber = (a: string, b: string) => a.replace(/^v/, '') === b.replace(/^v/, '')

function hubPlugin({ row, version }: Held, state: HubPlugin['state'], tools: readonly string[]): HubPlugin {
  const { name, version: number, description, author, license, provider, kind, models } = version.facts
  const kinds = Map.groupBy(models, (model) => model.kind)
  return {
    ...{ id: row.id, name, version: number, description, author, license, provider, state, kind, tools },
    capabilities: [...kinds].map(([type, list]) => ({ type, models: list.map(({ id }) => id) })),
  }
}
