import { randomUUID } from 'node:crypto'
import type { ReplayReport } from '../../../../shared/contracts/plugin-trials.ts'
import type { Failure } from '../../../../shared/contracts/tasks.ts'
import { fromJson } from '../../../lib/json.ts'
import { MASK } from '../../../lib/secrets.ts'
import type { RecordedCall } from '../../../platform/messages.ts'
import type { CallArguments, LoadedPlugin } from '../calling/call-types.ts'
import type { Json, Tool } from '../packages/package-types.ts'
import { type Caller, inOrder, isSafe, type ReportProgress } from './caller.ts'
import { compareAnswers, compareCutAnswer } from './compare-answers.ts'

export interface Replay {
  /** The version that is tried; the calls were recorded from another one. */
  readonly plugin: LoadedPlugin
  readonly fromVersionId: number
  readonly calls: readonly RecordedCall[]
  /** Whether calls that may change something are repeated too. */
  readonly unsafe: boolean
  readonly caller: Caller
  readonly signal: AbortSignal
  readonly report: ReportProgress
}

type ReplayedCall = ReplayReport['calls'][number]

/**
 * Calls a version with what was recorded of another one and compares the answers. AppError CANCELLED when the signal ends
 * it; there is no half report.
 */
export async function runReplay(replay: Replay): Promise<ReplayReport> {
  const { plugin, fromVersionId, calls, signal, report } = replay
  const startedAt = Date.now()
  const tools = new Map(plugin.definition.tools.map((tool) => [tool.operationId, tool]))
  const total = calls.length
  let done = 0
  report({ done, total })
  const replayed = await inOrder(calls, signal, async (call) => {
    const one = await replayOne(replay, tools.get(call.operationId), call)
    done++
    // A call that is still under way ends after the one who asked has left.
    if (!signal.aborted) report({ done, total })
    return one
  })
  return { fromVersionId, toVersionId: plugin.versionId, startedAt, endedAt: Date.now(), calls: replayed }
}

async function replayOne(replay: Replay, tool: Tool | undefined, call: RecordedCall): Promise<ReplayedCall> {
  const { plugin, unsafe, caller, signal } = replay
  const { callId, operationId, statusCode: statusBefore } = call
  const ended = (outcome: ReplayedCall['outcome'], failure: Failure | null, more: Partial<ReplayedCall> = {}) => ({
    ...{ callId, operationId, outcome, statusBefore, statusAfter: null, differences: [], failure },
    ...more,
  })
  if (tool === undefined)
    return ended('gone', { code: 'TOOL_NOT_FOUND', details: { plugin: plugin.name, tool: operationId } })
  if (tool.disabled !== null)
    return ended('gone', { code: 'TOOL_DISABLED', details: { tool: operationId, reason: tool.disabled } })
  if (!unsafe && !isSafe(tool)) return ended('skipped', null)
  const given = fromJson(call.arguments)
  if (!isArguments(given)) return ended('skipped', refused('*', 'it was not recorded whole'))
  const masked = maskedArgument(given)
  if (masked !== null) return ended('skipped', refused(masked, 'it is a secret, which is not recorded'))

  const outcome = await caller.call(
    plugin,
    operationId,
    { requestId: randomUUID(), arguments: given, signal },
    { anyState: true },
  )
  const statusAfter = outcome.statusCode
  // A refusal by the other end is an answer that can be compared; anything else is none.
  const answered = outcome.failure === null || (statusAfter !== null && outcome.failure.code === 'UPSTREAM_FAILED')
  if (!answered) return ended('failed', outcome.failure, { statusAfter })
  const recorded = fromJson(call.answer) as Json | undefined
  const { different, differences } =
    recorded === undefined
      ? compareCutAnswer(call.answer, outcome.data)
      : compareAnswers(recorded, outcome.data, Date.now())
  const same = !different && statusBefore === statusAfter
  return ended(same ? 'same' : 'different', outcome.failure, { statusAfter, differences: [...differences] })
}

const isArguments = (value: unknown): value is CallArguments =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refused = (name: string, reason: string): Failure => ({ code: 'ARGUMENT_INVALID', details: { name, reason } })

/** The first argument that has a masked secret in it, `filter.token` for one within another; null without one. */
function maskedArgument(given: CallArguments): string | null {
  const waiting: [string, Json][] = Object.entries(given).reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [path, value] = next
    if (typeof value === 'string' && value.includes(MASK)) return path.slice(0, 200)
    if (value === null || typeof value !== 'object') continue
    for (const [key, inner] of Object.entries(value).reverse()) waiting.push([`${path}.${key}`, inner as Json])
  }
  return null
}
