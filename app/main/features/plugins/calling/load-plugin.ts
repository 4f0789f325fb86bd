import { readFile } from 'node:fs/promises'
import { AppError } from '../../../../shared/errors.ts'
import type { ReadPlugin } from '../packages/package-types.ts'
import type { CallablePlugin, LoadedPlugin } from './call-types.ts'

/** Definitions kept in memory, in bytes of their files; parsed they take a few times as much. */
const MOST_BYTES = 64 * 1024 * 1024

interface Entry {
  readonly bytes: number
  readonly definition: ReadPlugin
  /** One object for each row of the table, so that what is known of it can be attached to it. */
  readonly loaded: WeakMap<CallablePlugin, LoadedPlugin>
}

const rows = new WeakMap<LoadedPlugin, CallablePlugin>()
/** The row that a plugin was loaded for: it stays the same when its definition was let go of and read again. */
export const rowOf = (plugin: LoadedPlugin): CallablePlugin => rows.get(plugin) ?? plugin

/** Definitions of versions, read when one is first called; those called last stay, as many as fit. A version never changes. */
export function createDefinitions({ most = MOST_BYTES }: { readonly most?: number } = {}) {
  const entries = new Map<number, Entry>()
  const reading = new Map<number, Promise<Entry>>()
  let bytes = 0

  async function read({ versionId, definitionFile, name }: CallablePlugin): Promise<Entry> {
    try {
      const file = await readFile(definitionFile)
      const definition = JSON.parse(file.toString('utf8')) as ReadPlugin
      const entry = { bytes: file.length, definition, loaded: new WeakMap() }
      entries.set(versionId, entry)
      bytes += entry.bytes
      for (const [id, oldest] of entries) {
        if (bytes <= most || id === versionId) break
        entries.delete(id)
        bytes -= oldest.bytes
      }
      return entry
    } catch (error) {
      const version = `version ${versionId}`
      throw new AppError(
        'PLUGIN_VERSION_UNUSABLE',
        { name, version, reason: 'its files cannot be read' },
        { cause: error },
      )
    } finally {
      reading.delete(versionId)
    }
  }
  function attached(plugin: CallablePlugin, entry: Entry): LoadedPlugin {
    let loaded = entry.loaded.get(plugin)
    if (!loaded) {
      loaded = { ...plugin, definition: entry.definition }
      entry.loaded.set(plugin, loaded)
      rows.set(loaded, plugin)
    }
    return loaded
  }

  return {
    /** Fails with PLUGIN_VERSION_UNUSABLE. */
    async load(plugin: CallablePlugin | LoadedPlugin): Promise<LoadedPlugin> {
      if ('definition' in plugin) return plugin
      const { versionId } = plugin
      const known = entries.get(versionId)
      if (known) {
        // Last in the order of the map is the one called last.
        entries.delete(versionId)
        entries.set(versionId, known)
        return attached(plugin, known)
      }
      let pending = reading.get(versionId)
      if (!pending) {
        pending = read(plugin)
        reading.set(versionId, pending)
      }
      return attached(plugin, await pending)
    },
  }
}
export type Definitions = ReturnType<typeof createDefinitions>
