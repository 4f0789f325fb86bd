import { z } from 'zod'
import { Failure } from './tasks.ts'

// What is called of plugins: tools, calls, and what came of them.

export const ToolSummary = z.object({
  id: z.string(),
  operationId: z.string(),
  summary: z.string(),
  method: z.string(),
  path: z.string(),
  /** Code of the finding that keeps it from being called; null for a callable one. */
  disabled: z.string().nullable(),
})
export type ToolSummary = z.infer<typeof ToolSummary>

/** One call of a tool, as the history keeps it. */
export const PluginCall = z.object({
  callId: z.number(),
  pluginId: z.string(),
  pluginName: z.string(),
  operationId: z.string(),
  at: z.number(),
  /** Where the caller stood. */
  surface: z.enum(['console', 'invoke', 'debug', 'mcp', 'agent', 'command', 'test', 'replay']),
  method: z.string(),
  /** Secrets masked. */
  url: z.string(),
  statusCode: z.number().nullable(),
  durationMs: z.number(),
  /** Code of the failure; null when it succeeded. */
  error: z.string().nullable(),
  /** Whether its arguments and answer are kept. */
  recorded: z.boolean(),
})
export type PluginCall = z.infer<typeof PluginCall>

export const PluginCallsUpdate = z.discriminatedUnion('kind', [
  /** The newest 200, newest first. */
  z.object({ kind: z.literal('snapshot'), calls: z.array(PluginCall) }),
  z.object({ kind: z.literal('appended'), calls: z.array(PluginCall) }),
])
export type PluginCallsUpdate = z.infer<typeof PluginCallsUpdate>

/** JSON values; bounded by the size of a frame. */
export const JsonValue: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(JsonValue), z.record(z.string(), JsonValue)]),
)
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export const JsonObject = z.record(z.string(), z.unknown())

/** What went out and came back: secrets masked, bodies cut at 64 KB. */
export const Exchange = z.object({
  method: z.string(),
  url: z.string(),
  requestHeaders: z.record(z.string(), z.string()),
  requestBody: z.string().nullable(),
  status: z.number().nullable(),
  responseHeaders: z.record(z.string(), z.string()),
  responseBytes: z.number(),
})
export type Exchange = z.infer<typeof Exchange>

export const CallResult = z.object({
  requestId: z.string(),
  ok: z.boolean(),
  /** The answer as JSON text, at most 1 MB; `dataCutFrom` says its length when it is only the beginning. */
  data: z.string(),
  dataCutFrom: z.number().nullable(),
  failure: Failure.nullable(),
  exchange: Exchange.nullable(),
  /** Arguments that the tool does not take; they were not sent. */
  dropped: z.array(z.string()),
  attempts: z.number(),
  durationMs: z.number(),
  firstByteMs: z.number().nullable(),
})
export type CallResult = z.infer<typeof CallResult>
