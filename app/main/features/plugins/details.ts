import type { PluginDetails, PluginDetailsUpdate, SignIn } from '../../../shared/contracts/plugins.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Calls } from './calls.ts'
import { shownFields } from './configuration.ts'
import { provenanceOf } from './importing/imports.ts'
import type { PackageRow } from './plugin-rows.ts'
import type { Held, Registry } from './registry.ts'

const MOST_TOOLS = 2000

export interface DetailsParts {
  readonly registry: Registry
  readonly calls: Calls
  /** The watched folder that a plugin is read from. */
  readonly folderOf: (id: string) => string | null
}

/** Everything about one plugin but its calls, read when somebody looks. */
export function detailsOf({ registry, calls, folderOf }: DetailsParts, plugin: Held): PluginDetails {
  const { rows } = registry
  const { row, version, values } = plugin
  const packages = new Map<string, PackageRow>()
  const packageOf = (id: string) => {
    const found = packages.get(id) ?? rows.package(id)
    packages.set(id, found)
    return found
  }
  const versions = rows.versions(row.id).map((one) => {
    const { version: number, toolCount, callableCount, errorCount, warningCount } = one.facts
    return {
      ...{ versionId: one.versionId, version: number, provenance: provenanceOf(one, packageOf(one.packageId)) },
      ...{ activatedAt: one.activatedAt, toolCount, callableCount, errorCount, warningCount },
    }
  })
  return {
    ...{ id: row.id, license: version.facts.license, server: version.facts.server, signIn: signInOf(registry, plugin) },
    tools: rows.tools(version.versionId, MOST_TOOLS),
    models: version.facts.models,
    configuration: shownFields(registry.key(), row.id, version.facts, values),
    versions,
    lastTest: rows.report(row.id, 'last_test'),
    lastReplay: rows.report(row.id, 'last_replay'),
    recordedCalls: calls.recordedCount(row.id),
    watchedFolder: folderOf(row.id),
  }
}

function signInOf(registry: Registry, plugin: Held): SignIn {
  const { auth } = plugin.version.facts
  if (auth === 'none' || auth === 'serviceToken') return { kind: auth }
  const tokens = registry.tokensOf(plugin)
  const until = tokens?.expiresAt ?? null
  if (auth === 'clientCredentials') return { kind: auth, until }
  return { kind: auth, since: tokens?.obtainedAt ?? null, until }
}

export function followDetails(parts: DetailsParts, id: string, emit: Emit<PluginDetailsUpdate>): Unsubscribe {
  const { registry } = parts
  const tell = () => {
    const plugin = registry.get(id)
    emit(plugin ? { kind: 'details', details: detailsOf(parts, plugin) } : { kind: 'gone' })
  }
  tell()
  let followed = true
  // Masks are seen once the key is there.
  void registry.keyReady.then(() => followed && tell())
  const stopTurns = registry.onTurn(tell)
  const stop = registry.onChange(({ ids }) => ids.includes(id) && tell())
  return () => {
    followed = false
    stopTurns()
    stop()
  }
}
