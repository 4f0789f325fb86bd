import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'
import { Saved } from './host.ts'
import { CallResult, JsonObject, PluginCallsUpdate, ToolSummary } from './plugin-calls.ts'
import { Finding, PackageKind, Repair } from './plugin-findings.ts'
import { ReplayReport, TestReport, VersionDiff } from './plugin-trials.ts'
import { Failure } from './tasks.ts'

/** What a caller sees of a plugin: `waiting` has never been activated, `error` has nothing that can be used. */
export const PluginState = z.enum(['active', 'disabled', 'waiting', 'error'])
export type PluginState = z.infer<typeof PluginState>

/** How a package came here. */
export const PackageSource = z.enum(['drop', 'upload', 'command', 'watched'])
export type PackageSource = z.infer<typeof PackageSource>

/** Figures of the last hour. */
export const CallFigures = z.object({
  calls: z.number(),
  errors: z.number(),
  /** Milliseconds; null without calls. */
  p95Ms: z.number().nullable(),
  /** Of the newest call ever; null when there was none. */
  lastAt: z.number().nullable(),
})
export type CallFigures = z.infer<typeof CallFigures>

/** One row of the list. */
export const Plugin = z.object({
  id: z.string(),
  name: z.string(),
  /** What callers and agents use in place of the id. */
  nameForModel: z.string(),
  kind: PackageKind,
  description: z.string(),
  author: z.string(),
  provider: z.string(),
  state: PluginState,
  /** The version that is used; of a plugin that was never activated, the one that waits. */
  versionId: z.number(),
  version: z.string(),
  /** A newer version that was imported and not activated; null without one. */
  waitingVersionId: z.number().nullable(),
  toolCount: z.number(),
  callableCount: z.number(),
  modelCount: z.number(),
  errorCount: z.number(),
  warningCount: z.number(),
  signature: z.enum(['none', 'valid', 'invalid']),
  /** Names of required configuration fields that have no value yet. */
  missingConfiguration: z.array(z.string()),
  recording: z.boolean(),
  figures: CallFigures,
  updatedAt: z.number(),
  /** Uninstalled: it can be restored until then. */
  restorableUntil: z.number().nullable(),
  /** The action under way; while it is set, it is what the screen shows instead of the state. */
  requested: z.enum(['activate', 'enable', 'disable', 'remove', 'restore']).nullable(),
})
export type Plugin = z.infer<typeof Plugin>

/** A subscriber gets one snapshot, then changes, on one ordered stream. */
export const PluginsUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), plugins: z.array(Plugin) }),
  z.object({ kind: z.literal('change'), upserted: z.array(Plugin), removed: z.array(z.string()) }),
])
export type PluginsUpdate = z.infer<typeof PluginsUpdate>

export const PluginModel = z.object({
  id: z.string(),
  kind: z.enum(['chat', 'embedding', 'rerank', 'tts', 'stt', 'image']),
  label: z.string(),
  deprecated: z.boolean(),
})

/** Where a version came from, shown before it is activated. */
export const Provenance = z.object({
  source: PackageSource,
  /** Name of the file or folder as it came. */
  name: z.string(),
  /** Of all its files together. */
  sha256: z.string(),
  sizeBytes: z.number(),
  fileCount: z.number(),
  /** Who brought it: the actor, and the `X-User-Id` that an HTTP caller named. */
  by: z.string(),
  at: z.number(),
  signature: z.enum(['none', 'valid', 'invalid']),
  /** Set when the plugin is known here from somebody else: of another kind, author or signature than the version in use. */
  foreign: z.boolean(),
})
export type Provenance = z.infer<typeof Provenance>

export const PluginVersion = z.object({
  versionId: z.number(),
  version: z.string(),
  provenance: Provenance,
  /** When it was last activated; null when never. */
  activatedAt: z.number().nullable(),
  toolCount: z.number(),
  callableCount: z.number(),
  errorCount: z.number(),
  warningCount: z.number(),
})
export type PluginVersion = z.infer<typeof PluginVersion>

export const ConfigurationField = z.object({
  name: z.string(),
  label: z.string(),
  chineseLabel: z.string().optional(),
  kind: z.enum(['text', 'secret', 'url', 'number', 'boolean', 'select']),
  required: z.boolean(),
  default: z.string().nullable(),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
  maxLength: z.number().nullable(),
  /** The present value; a secret is masked (`abcd****wxyz`), and sent back like that it stays unchanged. */
  value: z.string().nullable(),
})
export type ConfigurationField = z.infer<typeof ConfigurationField>

/** How the plugin signs in with its vendor. */
export const SignIn = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('serviceToken') }),
  z.object({ kind: z.literal('clientCredentials'), until: z.number().nullable() }),
  /** `since` is null until the operator has signed in. */
  z.object({ kind: z.literal('authorizationCode'), since: z.number().nullable(), until: z.number().nullable() }),
])
export type SignIn = z.infer<typeof SignIn>

/** Everything about one plugin but its calls. */
export const PluginDetails = z.object({
  id: z.string(),
  license: z.string(),
  /** Address that its tools are called at; empty for a plugin without one. */
  server: z.string(),
  signIn: SignIn,
  /** At most 2,000; `toolCount` of the row says how many there are. */
  tools: z.array(ToolSummary),
  models: z.array(PluginModel),
  configuration: z.array(ConfigurationField),
  /** Newest first. */
  versions: z.array(PluginVersion),
  lastTest: TestReport.nullable(),
  lastReplay: ReplayReport.nullable(),
  /** How many calls are recorded for a replay. */
  recordedCalls: z.number(),
  /** The folder that it is read from anew when something in it changes; null when it is not watched. */
  watchedFolder: z.string().nullable(),
})
export type PluginDetails = z.infer<typeof PluginDetails>

export const PluginDetailsUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('details'), details: PluginDetails }),
  z.object({ kind: z.literal('gone') }),
])
export type PluginDetailsUpdate = z.infer<typeof PluginDetailsUpdate>

/** A tool as its form needs it: one JSON Schema object with every argument, references put in their places. */
export const ToolDetails = ToolSummary.extend({
  description: z.string(),
  /** JSON Schema of the arguments, at most 500 KB; `x-place` on each property says header, path, query, cookie or body. */
  schema: JsonObject,
  /** Arguments that the schema's examples make. */
  example: JsonObject,
  /** Whether calling it changes nothing at the other end, as far as its method tells. */
  safe: z.boolean(),
  /** The 200 answer's schema; null where none is declared. */
  response: JsonObject.nullable(),
})
export type ToolDetails = z.infer<typeof ToolDetails>

/** What an import or the look into a dropped package found. */
export const ImportedPlugin = z.object({
  id: z.string(),
  versionId: z.number(),
  name: z.string(),
  version: z.string(),
  kind: PackageKind,
  description: z.string(),
  author: z.string(),
  toolCount: z.number(),
  callableCount: z.number(),
  modelCount: z.number(),
  repairCount: z.number(),
  errorCount: z.number(),
  warningCount: z.number(),
  provenance: Provenance,
  /** The version that is in use and would be replaced; null for a new plugin. */
  replaces: z.string().nullable(),
  /** The same files were imported before: nothing new was kept. */
  unchanged: z.boolean(),
  state: PluginState,
})
export type ImportedPlugin = z.infer<typeof ImportedPlugin>
export const ImportResult = z.object({
  taskId: z.string(),
  kind: PackageKind.nullable(),
  name: z.string(),
  plugins: z.array(ImportedPlugin),
  findings: z.array(Finding),
})
export type ImportResult = z.infer<typeof ImportResult>

export const WatchedFolder = z.object({
  path: z.string(),
  /** Null before its first reading. */
  readAt: z.number().nullable(),
  pluginCount: z.number(),
  /** Why the last reading was not taken: the last good versions stay. */
  failure: Failure.nullable(),
  findings: z.array(Finding),
})
export type WatchedFolder = z.infer<typeof WatchedFolder>

const id = z.string().min(1).max(256)
const one = z.object({ id })
const many = z.object({ ids: z.array(id).min(1).max(10_000) })
const versionId = z.number().int().positive()
const operation = z.string().min(1).max(256)
const path = z.string().min(1).max(4096)
const uploadId = z.string().min(1).max(64)

export const plugins = {
  calls: {
    /** Begins to receive a package: one file, or the files of a folder with their paths in it. */
    beginUpload: call({
      input: z.object({
        name: z.string().min(1).max(256),
        files: z
          .array(z.object({ path: z.string().min(1).max(1024), size: z.number().int().min(0).max(524_288_000) }))
          .min(1)
          .max(10_000),
      }),
      output: z.object({ uploadId: z.string() }),
    }),
    /** The next part of one of its files, in order, at most 1 MiB before base64. */
    appendUpload: call({
      input: z.object({
        uploadId,
        /** Place in the list of `beginUpload`. */
        file: z.number().int().min(0),
        offset: z.number().int().min(0),
        data: z.base64().max(1_500_000),
      }),
    }),
    /** Reads what arrived and keeps it as versions; `activate` also puts them into use where nothing speaks against it. */
    finishUpload: call({ input: z.object({ uploadId, activate: z.boolean() }), output: ImportResult }),
    abandonUpload: call({ input: z.object({ uploadId }) }),
    /** The same for a file or folder on the console's own machine. */
    importPath: call({ input: z.object({ path, activate: z.boolean() }), output: ImportResult }),

    /** Puts versions into use: after an import, as an update, as a roll back. Undone by activating the answered ones. */
    activate: call({
      input: z.object({ versions: z.array(z.object({ id, versionId })).min(1).max(10_000) }),
      output: z.object({ before: z.array(z.object({ id, versionId })) }),
    }),
    enable: call({ input: many }),
    disable: call({ input: many }),
    /** Uninstalls; versions stay 30 days and can be restored. */
    remove: call({ input: many }),
    restore: call({ input: many }),
    setRecording: call({ input: one.extend({ recording: z.boolean() }) }),

    diff: call({ input: one.extend({ from: versionId, to: versionId }), output: VersionDiff }),
    findings: call({
      input: one.extend({ versionId }),
      output: z.object({ findings: z.array(Finding), repairs: z.array(Repair) }),
    }),
    /** Lines of a file of a version as it came, decoded. */
    source: call({
      input: one.extend({
        versionId,
        file: z.string().min(1).max(1024),
        from: z.number().int().min(1),
        count: z.number().int().min(1).max(400),
      }),
      output: z.object({ lines: z.array(z.string()), total: z.number() }),
    }),
    /** Values by field name; a masked secret sent back leaves it unchanged, an empty text clears a field. */
    configure: call({ input: one.extend({ values: z.record(z.string().max(128), z.string().max(20_000)) }) }),
    /** The address at which the operator lets the plugin act for them; it comes back to the local platform. */
    beginSignIn: call({ input: one, output: z.object({ url: z.string() }) }),
    signOut: call({ input: one }),

    /** Tools of all plugins by the words of a text, best first, at most 50. */
    search: call({
      input: z.object({ text: z.string().max(256) }),
      output: z.object({
        tools: z.array(ToolSummary.extend({ pluginId: z.string(), pluginName: z.string() })),
      }),
    }),
    tool: call({ input: one.extend({ operation }), output: ToolDetails }),
    /** `callId` is the caller's, to cancel it with. */
    call: call({
      input: one.extend({
        operation,
        callId: z.string().min(1).max(64),
        arguments: JsonObject,
        timeLimitMs: z.number().int().min(100).max(600_000).optional(),
      }),
      output: CallResult,
    }),
    cancelCall: call({ input: z.object({ callId: z.string().min(1).max(64) }) }),
    /** The same call as commands of others; secrets are placeholders. Fails as the call would for wrong arguments. */
    code: call({
      input: one.extend({ operation, arguments: JsonObject }),
      output: z.object({ curl: z.string(), fetch: z.string(), python: z.string() }),
    }),
    /** A kept call: arguments and answer as JSON texts; null for one whose payload is not kept. */
    recordedCall: call({
      input: z.object({ callId: z.number().int() }),
      output: z.object({ arguments: z.string().nullable(), answer: z.string().nullable() }),
    }),
    clearCalls: call({ input: one }),

    /** Reaches every server and calls every safe operation; `unsafe` names further ones. Ends as a report in the details. */
    test: call({
      input: one.extend({ unsafe: z.array(operation).max(2000) }),
      output: z.object({ taskId: z.string(), report: TestReport }),
    }),
    /** Runs the recorded calls against another version and compares the answers. */
    replay: call({
      input: one.extend({ versionId, unsafe: z.boolean() }),
      output: z.object({ taskId: z.string(), report: ReplayReport }),
    }),

    watch: call({ input: z.object({ path }) }),
    unwatch: call({ input: z.object({ path }) }),
    /** Reads every watched folder anew. */
    reload: call({
      output: z.object({
        reloaded: z.array(z.string()),
        failed: z.array(z.object({ plugin: z.string(), findings: z.array(Finding) })),
        unchanged: z.array(z.string()),
      }),
    }),

    exportPostman: call({ input: one, output: Saved }),
    /** All plugins, versions and configuration in one file; secrets stay sealed for this data folder's key. */
    backup: call({ output: Saved }),
    /** What a backup would bring back, then the same with `apply`. */
    restoreBackup: call({
      input: z.object({ uploadId, apply: z.boolean() }),
      output: z.object({
        createdAt: z.number(),
        added: z.array(z.string()),
        replaced: z.array(z.string()),
        /** Secrets of another data folder: they must be entered again. */
        unreadableSecrets: z.number(),
      }),
    }),
  },
  events: {
    updates: event(PluginsUpdate),
    details: event(PluginDetailsUpdate, one),
    /** Of one plugin, or of all. */
    calls: event(PluginCallsUpdate, z.object({ id: id.nullable() })),
    watchedFolders: event(z.object({ folders: z.array(WatchedFolder) })),
  },
}
