import { AppError } from '../../shared/errors.ts'
import type { Caller } from '../features/plugins/calling/call-tool.ts'
import type {
  CallArguments,
  CallablePlugin,
  CallOutcome,
  LoadedPlugin,
  OAuthTokens,
} from '../features/plugins/calling/call-types.ts'
import { findTool } from '../features/plugins/calling/compile-tool.ts'
import type { Definitions } from '../features/plugins/calling/load-plugin.ts'
import { maskCall, secretsOf } from '../features/plugins/calling/mask-call.ts'
import type { Json } from '../features/plugins/packages/package-types.ts'
import type { CallLog } from './call-log.ts'
import type { CallRecords } from './call-records.ts'
import type { CallRecord, Surface } from './messages.ts'
import type { Metrics } from './metrics.ts'
import { statusOf } from './replies.ts'

const MOST_CALLS = 1000
/** Characters of an argument list or an answer that are kept. */
const KEPT = 256 * 1024
/** What is cut off was masked before: no secret is longer. */
const MARGIN = 16 * 1024
/** The name that calls of tools which are not there are counted under: what callers spell is theirs. */
const UNKNOWN = 'unknown'
const NAME = 200

export interface WantedCall {
  readonly plugin: CallablePlugin | LoadedPlugin
  readonly operation: string
  readonly arguments: CallArguments
  readonly requestId: string
  readonly surface: Surface
  readonly timeLimitMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly withExchange?: boolean
  /** Also a plugin that is not active: a version that is not in use. */
  readonly anyState?: boolean
}

/** The one way from any surface to a tool: bounded, counted, logged, recorded. */
export function createCalls(parts: {
  readonly caller: Caller
  readonly definitions: Definitions
  readonly metrics: Metrics
  readonly records: CallRecords
  readonly log: CallLog
  /** Tokens handed out since main last told the plugin. */
  readonly freshTokens: (pluginId: string) => OAuthTokens | null
}) {
  const { caller, definitions, metrics, records, log, freshTokens } = parts
  let running = 0
  let idle: (() => void)[] = []

  /** Counts as under way while it works. */
  async function within<T>(work: () => Promise<T>): Promise<T> {
    running++
    try {
      return await work()
    } finally {
      running--
      if (running === 0) {
        for (const tell of idle) tell()
        idle = []
      }
    }
  }
  async function call(wanted: WantedCall): Promise<CallOutcome> {
    const { operation, requestId, timeLimitMs, signal } = wanted
    if (running >= MOST_CALLS) return refused(requestId)
    return await within(async () => {
      const at = Date.now()
      const plugin = await loaded(wanted.plugin)
      const outcome = await caller.call(
        plugin,
        operation,
        { requestId, arguments: wanted.arguments, timeLimitMs, signal, withExchange: wanted.withExchange ?? false },
        { anyState: wanted.anyState ?? false },
      )
      note(wanted, plugin, at, outcome)
      return outcome
    })
  }
  /** What cannot be loaded is the call's failure. */
  async function loaded(plugin: CallablePlugin): Promise<CallablePlugin | LoadedPlugin> {
    try {
      return await definitions.load(plugin)
    } catch {
      return plugin
    }
  }

  function note(wanted: WantedCall, plugin: CallablePlugin | LoadedPlugin, at: number, outcome: CallOutcome): void {
    const { method, url, durationMs, failure, statusCode } = outcome
    const tool = 'definition' in plugin ? findTool(plugin.definition, wanted.operation) : null
    const operationId = tool?.operationId ?? wanted.operation.slice(0, NAME)
    const { surface } = wanted
    const kept = plugin.recording || surface === 'console'
    write(plugin, tool?.operationId ?? UNKNOWN, {
      ...{ operationId, at, surface, method, url, statusCode, durationMs, error: failure?.code ?? null },
      payload: kept ? payloadOf(wanted, plugin, outcome) : null,
    })
  }
  function write(plugin: CallablePlugin, label: string, told: Omit<CallRecord, 'pluginId' | 'versionId'>): void {
    const { operationId, at, method, url, statusCode, durationMs, error } = told
    metrics.called(plugin.nameForModel, label, error === null, durationMs)
    log.add({
      ...{ at, pluginName: plugin.nameForModel, operationId, method, url, durationMs, error },
      statusCode: statusCode ?? (error === null ? 200 : statusOf(error)),
    })
    records.add({ pluginId: plugin.id, versionId: plugin.versionId, ...told })
  }
  function payloadOf(
    wanted: WantedCall,
    plugin: CallablePlugin | LoadedPlugin,
    outcome: CallOutcome,
  ): CallRecord['payload'] {
    if (!('definition' in plugin)) return null
    const fresh = freshTokens(plugin.id)
    const secrets = [...secretsOf(plugin, fresh?.accessToken ?? null), fresh?.refreshToken ?? ''].filter(Boolean)
    // In a JSON text a quote or a backslash of a secret is written with another before it; an echoed body is one within.
    const written = secrets.map(escaped)
    const all = [...new Set([...written.map(escaped), ...written, ...secrets])]
    const text = (value: Json | CallArguments) =>
      maskCall(JSON.stringify(value).slice(0, KEPT + MARGIN), all).slice(0, KEPT)
    return { arguments: text(wanted.arguments), answer: text(outcome.data) }
  }

  return {
    call,
    /** What a plugin is asked that is no tool of it: bounded, counted, logged and recorded all the same. */
    async other<T>(
      asked: Pick<CallRecord, 'operationId' | 'method' | 'url' | 'surface'> & { readonly plugin: CallablePlugin },
      send: () => Promise<{ readonly statusCode: number; readonly data: T }>,
    ): Promise<T> {
      if (running >= MOST_CALLS) throw new AppError('CALL_TOO_MANY', { most: MOST_CALLS })
      const { plugin, ...told } = asked
      return await within(async () => {
        const at = Date.now()
        const begun = performance.now()
        const done = (statusCode: number | null, error: string | null) =>
          write(plugin, told.operationId, {
            ...{ ...told, at, statusCode, error, durationMs: performance.now() - begun, payload: null },
          })
        try {
          const { statusCode, data } = await send()
          done(statusCode, null)
          return data
        } catch (error) {
          if (error instanceof AppError) {
            const { status } = error.details
            done(error.code === 'UPSTREAM_FAILED' && typeof status === 'number' ? status : null, error.code)
          }
          throw error
        }
      })
    },
    /** When no call is under way, or so long has passed. */
    settled: (milliseconds: number): Promise<void> =>
      new Promise((resolve) => {
        if (running === 0) return resolve()
        const limit = setTimeout(resolve, milliseconds)
        idle.push(() => {
          clearTimeout(limit)
          resolve()
        })
      }),
  }
}
export type Calls = ReturnType<typeof createCalls>

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

const refused = (requestId: string): CallOutcome => ({
  ...{ requestId, ok: false, method: '', url: '', statusCode: null, data: null, exchange: null, dropped: [] },
  failure: { code: 'CALL_TOO_MANY', details: { most: MOST_CALLS } },
  ...{ attempts: 0, durationMs: 0, firstByteMs: null },
})
