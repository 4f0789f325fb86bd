import { AppError } from '../../shared/errors.ts'
import type { CallablePlugin } from '../features/plugins/calling/call-types.ts'
import { slugOf } from '../features/plugins/packages/openapi-read.ts'

const ARRIVAL_MS = 10_000

/** The plugins that main told of, found by id, by name for the model, by the slug of their name; of several the active one. */
export function createPluginTable() {
  const byId = new Map<string, CallablePlugin>()
  let names: ReadonlyMap<string, CallablePlugin> | null = null
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  let told = false

  function byName(): ReadonlyMap<string, CallablePlugin> {
    if (names) return names
    const found = new Map<string, CallablePlugin>()
    const active = [...byId.values()].sort((a, b) => Number(b.state === 'active') - Number(a.state === 'active'))
    for (const name of [(one: CallablePlugin) => one.nameForModel, (one: CallablePlugin) => slugOf(one.name)]) {
      for (const plugin of active) if (name(plugin) !== '' && !found.has(name(plugin))) found.set(name(plugin), plugin)
    }
    names = found
    return found
  }

  const get = (asked: string): CallablePlugin | null => byId.get(asked) ?? byName().get(asked) ?? null

  return {
    /** Grows with every change: what was worked out of the table is as old as this says. */
    version: 0,
    change(reset: boolean, upserted: readonly CallablePlugin[], removed: readonly string[]): void {
      if (reset) byId.clear()
      for (const id of removed) byId.delete(id)
      for (const plugin of upserted) byId.set(plugin.id, plugin)
      names = null
      told = true
      arrive()
      this.version++
    },
    /** Whether main has told of any. */
    get ready() {
      return told
    },
    /** When main has told, or it took too long. */
    async arrival(): Promise<void> {
      if (told) return
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const limit = setTimeout(resolve, ARRIVAL_MS)
      await Promise.race([arrived, late])
      clearTimeout(limit)
    },
    get,
    /** Fails with PLUGIN_NOT_FOUND, or PLATFORM_NOT_RUNNING while nobody can know. */
    find(asked: string): CallablePlugin {
      const plugin = get(asked)
      if (!plugin && !told) throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'the plugins are still being loaded' })
      if (!plugin) throw new AppError('PLUGIN_NOT_FOUND', { name: asked.slice(0, 100) })
      return plugin
    },
    all: (): readonly CallablePlugin[] => [...byId.values()],
    active: (): readonly CallablePlugin[] => [...byId.values()].filter(({ state }) => state === 'active'),
  }
}
export type PluginTable = ReturnType<typeof createPluginTable>
