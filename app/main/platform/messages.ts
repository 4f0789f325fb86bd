import type { PlatformPart } from '../../shared/contracts/platform.ts'
import type { PluginCall } from '../../shared/contracts/plugin-calls.ts'
import type { Finding } from '../../shared/contracts/plugin-findings.ts'
import type { ReplayReport, TestReport } from '../../shared/contracts/plugin-trials.ts'
import type { PluginState } from '../../shared/contracts/plugins.ts'
import type {
  CallArguments,
  CallablePlugin,
  CallOutcome,
  CallPolicy,
  OAuthTokens,
} from '../features/plugins/calling/call-types.ts'
import type { Json } from '../features/plugins/packages/package-types.ts'
import type { Ask } from '../lib/peer.ts'
import type { AgentAsks, AgentWorkerAsks } from './agents/agent-messages.ts'
import type { GatewayAsks, GatewayWorkerAsks } from './gateway/gateway-messages.ts'

// What the console's main thread and the local platform's worker say to each other. The truth about plugins is main's;
// the worker holds what it needs to answer callers and reports what they did.

export type Surface = PluginCall['surface']

export interface PlatformOptions extends CallPolicy {
  readonly openLocalMode: boolean
  readonly version: string
  /** Where uploads are received; main takes a finished one over. */
  readonly stagingFolder: string
  /** File for the structured lines of calls (component "plugin"); rotated by the worker. */
  readonly callLog: string
  /** Where the gateway writes what was used; main reads it and removes what it has read. */
  readonly journalFolder: string
}
export interface PortWish {
  readonly part: PlatformPart
  readonly port: number
}
export type PortAnswer = PortWish & { readonly error: 'taken' | 'refused' | null }

/** One call for the history. `payload` only where it is kept: recorded plugins and calls of the console. */
export interface CallRecord {
  readonly pluginId: string
  readonly versionId: number
  readonly operationId: string
  readonly at: number
  readonly surface: Surface
  readonly method: string
  readonly url: string
  readonly statusCode: number | null
  readonly durationMs: number
  readonly error: string | null
  /** JSON texts, secrets masked, each at most 256 KB; null where not kept. */
  readonly payload: { readonly arguments: string; readonly answer: string } | null
}
export interface RecordedCall {
  readonly callId: number
  readonly operationId: string
  readonly statusCode: number | null
  readonly arguments: string
  readonly answer: string
}

/** What main asks of the worker. */
export interface WorkerAsks extends GatewayWorkerAsks, AgentWorkerAsks {
  readonly configure: Ask<PlatformOptions, void>
  /** Closes what is not wished any more, opens the rest; a port that cannot be had is answered, not thrown. */
  readonly listen: Ask<{ readonly ports: readonly PortWish[] }, readonly PortAnswer[]>
  /** The table of plugins, or a change of it. */
  readonly plugins: Ask<
    { readonly reset: boolean; readonly upserted: readonly CallablePlugin[]; readonly removed: readonly string[] },
    void
  >
  /** Plugin by id or name for the model, unless one is given (a version that is not in use). */
  readonly call: Ask<
    {
      readonly plugin: string | CallablePlugin
      readonly operation: string
      readonly arguments: CallArguments
      readonly requestId: string
      readonly surface: Surface
      readonly timeLimitMs?: number | undefined
    },
    CallOutcome
  >
  readonly code: Ask<
    { readonly plugin: string; readonly operation: string; readonly arguments: CallArguments },
    { readonly curl: string; readonly fetch: string; readonly python: string }
  >
  readonly beginSignIn: Ask<{ readonly plugin: string }, { readonly url: string }>
  readonly test: Ask<
    { readonly plugin: string; readonly unsafe: readonly string[] },
    TestReport,
    { readonly done: number; readonly total: number }
  >
  readonly replay: Ask<
    {
      readonly plugin: CallablePlugin
      readonly fromVersionId: number
      readonly calls: readonly RecordedCall[]
      readonly unsafe: boolean
    },
    ReplayReport,
    { readonly done: number; readonly total: number }
  >
  /** Takes no more callers, lets those under way finish within 10 s, then ends the thread. */
  readonly stop: Ask<void, void>
}

/** A plugin in the words of the AI hub's API. */
export interface HubPlugin {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly description: string
  readonly author: string
  readonly license: string
  readonly provider: string
  readonly state: PluginState
  readonly kind: string
  readonly capabilities: readonly { readonly type: string; readonly models: readonly string[] }[]
  /** Operation ids. */
  readonly tools: readonly string[]
}
export interface HubVersion {
  readonly versionId: number
  readonly version: string
  readonly uploadedAt: number
  readonly active: boolean
}
/** Who asks, as the caller says; recorded in the audit trail. */
interface Named {
  readonly userId: string | null
}

/** What the worker asks of main. */
export interface MainAsks extends GatewayAsks, AgentAsks {
  readonly calls: Ask<{ readonly records: readonly CallRecord[] }, void>
  /** Once a second when something changed: requests so far by port. */
  readonly requests: Ask<readonly { readonly port: number; readonly requests: number }[], void>
  /** Many requests have come, and few any more. */
  readonly calmed: Ask<void, void>
  readonly keepTokens: Ask<{ readonly pluginId: string; readonly tokens: OAuthTokens | null }, void>
  /** Whether the store answers. */
  readonly health: Ask<void, { readonly ok: boolean; readonly error: string | null }>
  readonly log: Ask<
    {
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
      readonly fields: { readonly [name: string]: Json }
    },
    void
  >
  readonly list: Ask<void, readonly HubPlugin[]>
  readonly versions: Ask<{ readonly id: string }, readonly HubVersion[]>
  /** `version` is a semantic version or a row id. */
  readonly activate: Ask<Named & { readonly id: string; readonly version: string }, HubVersion>
  readonly setEnabled: Ask<Named & { readonly id: string; readonly enabled: boolean }, void>
  readonly remove: Ask<Named & { readonly id: string }, void>
  /** Fields with their values, secrets masked. */
  readonly configuration: Ask<{ readonly id: string }, { readonly [name: string]: string | null }>
  readonly configure: Ask<Named & { readonly id: string; readonly values: { readonly [name: string]: string } }, void>
  /** Takes over the file that was received, reads it and puts what it holds into use. */
  readonly importStaged: Ask<
    Named & { readonly file: string; readonly name: string },
    {
      readonly plugins: readonly { readonly id: string; readonly version: string }[]
      readonly findings: readonly Finding[]
    }
  >
  readonly reload: Ask<
    Named,
    {
      readonly reloaded: readonly string[]
      readonly failed: readonly { readonly plugin: string; readonly findings: readonly Finding[] }[]
      readonly unchanged: readonly string[]
    }
  >
}
