import { fromJson } from '../../../lib/json.ts'
import type { CallOutcome, LoadedPlugin } from '../calling/call-types.ts'
import type { Json, ReadPlugin, Tool } from '../packages/package-types.ts'
import { type Caller, serverOf } from './caller.ts'

// A plugin and a caller for the tests of this folder. The caller sends what it is told to a real server.

export const testTool = (operationId: string, more: Partial<Tool> = {}): Tool => ({
  ...{ id: operationId, operationId, summary: '', description: '', method: 'GET', path: `/${operationId}` },
  ...{ parameters: [], body: null, response: null, disabled: null, line: null },
  ...more,
})

export const testDefinition = (tools: readonly Tool[], more: Partial<ReadPlugin> = {}): ReadPlugin => ({
  ...{ kind: 'openapi', id: 'p', name: 'P', nameForModel: 'p', version: 'v1.0.0', description: '', author: '' },
  ...{ license: '', provider: '', logo: '', server: 'https://api.test', auth: { kind: 'none' }, tools, models: [] },
  ...{ commonParameters: { body: [], header: [], query: [], path: [] }, configuration: [], document: null },
  ...{ repairs: [], signature: 'none' },
  ...more,
})

export const testPlugin = (definition: ReadPlugin, configuration: Record<string, string> = {}): LoadedPlugin => ({
  ...{ id: 'p', name: 'P', nameForModel: 'p', kind: 'openapi', versionId: 7, version: 'v1.0.0', state: 'waiting' },
  ...{ definitionFile: '/nowhere', configuration, tokens: null, recording: false, definition },
})

/** Sends every argument in the query; what is no answer is a failure, as with the real one. */
export const testCaller: Caller = {
  async call(plugin, operation, { requestId, arguments: given, signal, timeLimitMs = 30_000 }, { anyState }) {
    const tool = plugin.definition.tools.find(({ operationId }) => operationId === operation)!
    const query = new URLSearchParams(
      Object.entries(given).map(([name, value]): [string, string] => [name, String(value)]),
    )
    const url = `${serverOf(plugin, tool)}${tool.path}?${query}`
    const limited = AbortSignal.any([AbortSignal.timeout(timeLimitMs), ...(signal ? [signal] : [])])
    const began = performance.now()
    const ended = (status: number | null, more: Partial<CallOutcome>): CallOutcome => ({
      ...{ requestId, ok: false, data: null, failure: null, dropped: [], attempts: 1, firstByteMs: null },
      ...{ method: tool.method, url, statusCode: status },
      durationMs: Math.round(performance.now() - began),
      exchange: {
        ...{ method: tool.method, url, requestHeaders: {}, requestBody: null, status, responseHeaders: {} },
        responseBytes: 0,
      },
      ...more,
    })
    if (!anyState) return ended(null, { failure: { code: 'PLUGIN_NOT_ACTIVE', details: { name: plugin.name } } })
    try {
      const answer = await fetch(url, { method: tool.method, signal: limited })
      const data = (fromJson(await answer.text()) ?? null) as Json
      const host = new URL(url).host
      if (!answer.ok)
        return ended(answer.status, {
          data,
          failure: { code: 'UPSTREAM_FAILED', details: { host, status: answer.status } },
        })
      return ended(answer.status, { ok: true, data })
    } catch {
      return ended(null, { failure: { code: 'UPSTREAM_UNREACHABLE', details: { host: plugin.name, reason: 'test' } } })
    }
  },
}
