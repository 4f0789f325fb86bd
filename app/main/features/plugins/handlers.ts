import type { plugins as contract } from '../../../shared/contracts/plugins.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Actor, Handlers } from '../../../shared/rpc/contract.ts'
import { restoreBackup, saveBackup } from './backup/backups.ts'
import { postmanCollection } from './calling/postman.ts'
import { createConsoleCalls } from './console-calls.ts'
import { createDefinitions } from './definitions.ts'
import { followDetails } from './details.ts'
import { importAsTask } from './importing/import-task.ts'
import type { Json } from './packages/package-types.ts'
import type { PluginParts } from './plugin-parts.ts'
import { searchTools } from './search.ts'
import { diffVersions } from './testing/version-diff.ts'
import { replayCalls, testPlugin } from './trials.ts'

/** How what the console itself sends came here: dropped onto a window, or named on the command line. */
const sourceOf = (actor: Actor) => (actor === 'cli' ? 'command' : 'drop')

/** What is asked of plugins by pages and the command line. */
export function pluginHandlers(parts: PluginParts): Handlers<typeof contract> {
  const { db, registry, actions, calls, reader, uploads, watched, worker, host } = parts
  const definitions = createDefinitions(registry)
  const consoleCalls = createConsoleCalls(worker)
  const details = { registry, calls, folderOf: watched.folderOf }

  return {
    async beginUpload({ name, files }) {
      reader.warm()
      return { uploadId: await uploads.begin(name, files) }
    },
    appendUpload: ({ uploadId, file, offset, data }) => uploads.append(uploadId, file, offset, data),
    async finishUpload({ uploadId, activate }, { actor }) {
      const { name, path } = await uploads.arrived(uploadId)
      try {
        return await importAsTask(parts, { path, name, activate, source: sourceOf(actor), asker: { actor } })
      } finally {
        await uploads.drop(uploadId)
      }
    },
    abandonUpload: ({ uploadId }) => uploads.drop(uploadId),
    importPath: ({ path, activate }, { actor }) => {
      const name =
        path
          .replace(/[\\/]+$/, '')
          .split(/[\\/]/)
          .at(-1) || path
      return importAsTask(parts, { path, name, activate, source: 'command', asker: { actor } })
    },

    activate: ({ versions }, { actor }) => actions.activate(versions, { actor }),
    enable: ({ ids }, { actor }) => actions.enable(ids, { actor }),
    disable: ({ ids }, { actor }) => actions.disable(ids, { actor }),
    remove: ({ ids }, { actor }) => actions.remove(ids, { actor }),
    restore: ({ ids }, { actor }) => actions.restore(ids, { actor }),
    setRecording: ({ id, recording }, { actor }) => actions.setRecording(id, recording, { actor }),

    async diff({ id, from, to }) {
      const [before, after] = [registry.version(id, from), registry.version(id, to)]
      return diffVersions(await definitions.definition(before), await definitions.definition(after))
    },
    findings: ({ id, versionId }) => definitions.findings(registry.version(id, versionId)),
    source: ({ id, versionId, file, from, count }) =>
      reader.ask('lines', { file: definitions.sourceFile(registry.version(id, versionId), file), from, count }),
    configure: ({ id, values }, { actor }) => actions.configure(id, values, { actor }),
    beginSignIn({ id }) {
      registry.find(id)
      return worker.ask('beginSignIn', { plugin: id })
    },
    signOut: ({ id }, { actor }) => actions.keepTokens(id, null, { actor }),

    search: ({ text }) => ({
      tools: searchTools(db, text, (id) => registry.get(id)?.version.facts.name ?? id),
    }),
    tool: ({ id, operation }) => definitions.tool(registry.find(id).version, operation),
    call: ({ id, ...call }) => consoleCalls.call({ plugin: registry.find(id).row.id, ...call }),
    cancelCall: ({ callId }) => consoleCalls.cancel(callId),
    code: ({ id, operation, arguments: given }) =>
      worker.ask('code', { plugin: registry.find(id).row.id, operation, arguments: given as Record<string, Json> }),
    recordedCall: ({ callId }) => calls.payload(callId),
    clearCalls({ id }, { actor }) {
      const plugin = registry.find(id)
      db.transaction(() => {
        calls.clear(id)
        actions.note({ actor }, 'clearCalls', plugin, undefined)
      })
      registry.changed([id], true)
    },

    test: ({ id, unsafe }, { actor }) => testPlugin(parts, id, unsafe, { actor }),
    replay: (input, { actor }) => replayCalls(parts, input, { actor }),

    watch: ({ path }, { actor }) => watched.watch(path, { actor }),
    unwatch: ({ path }, { actor }) => watched.unwatch(path, { actor }),
    reload: (_, { actor }) => watched.reload({ actor }),

    async exportPostman({ id }) {
      const { version } = registry.find(id)
      const text = JSON.stringify(postmanCollection(await definitions.definition(version)), null, 2)
      const name = `${version.facts.nameForModel || 'plugin'}.postman_collection.json`
      return await host.saveFile(name, 'application/json', async function* () {
        yield Buffer.from(text)
      })
    },
    backup: (_, { actor }) => saveBackup(parts, { actor }),
    restoreBackup: (input, { actor }) => restoreBackup(parts, input, { actor }),

    onUpdates: (emit) => registry.follow(emit),
    onDetails: (emit, { id }) => followDetails(details, id, emit),
    onCalls(emit, { id }) {
      if (id !== null && !registry.get(id)) throw new AppError('PLUGIN_NOT_FOUND', { name: id })
      return calls.follow(emit, id)
    },
    onWatchedFolders: (emit) => watched.follow(emit),
  }
}
