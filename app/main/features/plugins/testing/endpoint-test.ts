import { randomUUID } from 'node:crypto'
import type { TestReport } from '../../../../shared/contracts/plugin-trials.ts'
import type { Failure } from '../../../../shared/contracts/tasks.ts'
import type { CallArguments, CallOutcome, LoadedPlugin } from '../calling/call-types.ts'
import type { ReadPlugin, Tool } from '../packages/package-types.ts'
import { type Caller, inOrder, isSafe, type ReportProgress, serverOf, withoutSlash } from './caller.ts'
import { type Reached, type ReachOptions, tryServer } from './reach.ts'

/** Milliseconds that each call may take. */
const callLimitMs = 10_000

export interface EndpointTest extends Omit<ReachOptions, 'signal'> {
  readonly plugin: LoadedPlugin
  readonly caller: Caller
  /** Arguments made from the schema's examples. */
  readonly exampleArguments: (definition: ReadPlugin, tool: Tool) => CallArguments
  /** Operations that are called although they may change something. */
  readonly unsafe: readonly string[]
  readonly signal: AbortSignal
  readonly report: ReportProgress
}

type TestedCall = TestReport['calls'][number]

/**
 * Reaches every server of a plugin, then calls its operations. An operation counts as reachable when the server answered
 * below 500, the rule of the operators' own script: with made-up arguments a 404 or a 401 shows an endpoint that works.
 * Such an answer is 'ok' and still carries its status and its failure, so that a person sees it. AppError CANCELLED when
 * the signal ends it; there is no half report.
 */
export async function runEndpointTest(options: EndpointTest): Promise<TestReport> {
  const { plugin, caller, unsafe, exampleArguments, signal, report } = options
  const { definition } = plugin
  const startedAt = Date.now()
  const tools = definition.tools.filter(({ disabled }) => disabled === null)
  const chosen = new Set(unsafe)
  const called = new Set(tools.filter((tool) => isSafe(tool) || chosen.has(tool.operationId)))
  const addresses = [
    serverOf(plugin, {}),
    withoutSlash(definition.server),
    ...tools.map((tool) => serverOf(plugin, tool)),
  ]
  const servers = [...new Set(addresses)].filter((server) => server !== '')

  const total = servers.length + called.size
  let done = 0
  const advance = () => {
    done++
    // A call that is still under way ends after the one who asked has left.
    if (!signal.aborted) report({ done, total })
  }
  report({ done, total })

  const reached = new Map<string, Reached>()
  await inOrder(servers, signal, async (server) => {
    reached.set(server, await tryServer(server, options))
    advance()
  })
  const calls = await inOrder(tools, signal, async (tool): Promise<TestedCall> => {
    const { operationId, method } = tool
    if (!called.has(tool))
      return { operationId, method, outcome: 'skipped', statusCode: null, durationMs: 0, failure: null }
    const unreachable = reached.get(serverOf(plugin, tool))?.failure ?? null
    const tested =
      unreachable === null
        ? judged(
            tool,
            await caller.call(
              plugin,
              operationId,
              {
                ...{ requestId: randomUUID(), arguments: exampleArguments(definition, tool) },
                ...{ timeLimitMs: callLimitMs, signal },
              },
              { anyState: true },
            ),
          )
        : failed(tool, unreachable)
    advance()
    return tested
  })
  const ok = calls.filter(({ outcome }) => outcome === 'ok').length
  return {
    versionId: plugin.versionId,
    startedAt,
    endedAt: Date.now(),
    reached: servers.map((server) => reached.get(server)!.reach),
    calls,
    successRate: called.size === 0 ? null : ok / called.size,
  }
}

const failed = ({ operationId, method }: Tool, failure: Failure): TestedCall => ({
  ...{ operationId, method, outcome: 'failed', statusCode: null, durationMs: 0, failure },
})

function judged({ operationId, method }: Tool, { statusCode, durationMs, failure }: CallOutcome): TestedCall {
  const outcome = statusCode !== null && statusCode < 500 ? 'ok' : 'failed'
  return { operationId, method, outcome, statusCode, durationMs, failure }
}
