import type { ToolWish } from '../../../shared/contracts/agents.ts'
import { AppError } from '../../../shared/errors.ts'
import type { OpenAiFunction } from '../../features/plugins/calling/openai-functions.ts'
import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'
import type { EventSink } from '../gateway/event-sink.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { createHangUp } from '../gateway/hang-up.ts'
import type { Refusal } from '../gateway/refusals.ts'
import type { GatewayToken } from '../gateway/tokens.ts'
import type { Use, VendorFailure } from '../vendors/vendor.ts'
import { createGathered } from './gathered.ts'

/** One question to a model. */
export interface ChatWish {
  /** As callers of the gateway name it; null for any. */
  readonly model: string | null
  readonly messages: readonly Json[]
  readonly tools: readonly OpenAiFunction[]
  /** Whether it may ask for tools. */
  readonly mayCall: boolean
  readonly token: GatewayToken | null
}
export interface ChatAnswer {
  readonly text: string
  readonly wishes: readonly ToolWish[]
  /** Why it broke off in the middle; what it said until then is in `text`. */
  readonly failure: AppError | null
  readonly model: string
  readonly vendor: string
  readonly inputTokens: number
  readonly outputTokens: number
}
export interface ChatListening {
  readonly signal: AbortSignal
  /** Where the words are wanted as they come; null for a whole answer, which can fall back to another model longer. */
  readonly onText: ((text: string) => void) | null
}
/** Asks a model; fails with what the gateway refuses with, and with CANCELLED. */
export type Chat = (wish: ChatWish, listening: ChatListening) => Promise<ChatAnswer>

/** A refusal of the gateway, with the status that it would have answered. */
export class ModelRefused extends AppError {
  readonly status: number
  readonly retryAfter: number | null
  constructor({ error, status, retryAfter }: Refusal) {
    super(error.code, error.details)
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** The models of the gateway, asked within this process. */
export function createChat(gateway: Pick<Gateway, 'serve' | 'hasFeature'>): Chat {
  return async ({ model, messages, tools, mayCall, token }, { signal, onText }) => {
    const gathered = createGathered(onText ?? (() => {}))
    let who = { model: '', vendor: '' }
    const listening = listen(signal)
    const feature = model !== null && model !== 'auto' && gateway.hasFeature(model) ? model : 'chat'
    const body: JsonObject = {
      messages,
      ...(tools.length > 0 && { tools: tools as readonly unknown[] as readonly Json[] }),
      // A conversation with tools in it stays one: some vendors refuse it when the tools are not named any more.
      ...(tools.length > 0 && !mayCall && { tool_choice: 'none' }),
      ...(onText && { stream: true, stream_options: { include_usage: true } }),
    }
    try {
      const served = await gateway.serve({
        ...{ feature, call: 'chat', body, token, hangUp: listening.hangUp },
        model: model === 'auto' || feature === model ? null : model,
        stream: onText
          ? ({ choice }) => {
              who = choice
              return sinkOf(gathered.push)
            }
          : null,
      })
      switch (served.kind) {
        case 'answered': {
          who = served.trace.choice
          gathered.whole(served.json)
          return { ...gathered.answer(), ...named(who), ...tokensOf(served.use), failure: cancelled(signal) }
        }
        case 'streamed': {
          const { use, failure } = served
          const broken = cancelled(signal) ?? (failure && brokenOff(failure, who.vendor))
          return { ...gathered.answer(), ...named(who), ...tokensOf(use), failure: broken }
        }
        case 'refused':
          throw new ModelRefused(served.refusal)
        case 'gone':
          throw cancelled(signal) ?? new AppError('CANCELLED')
        case 'job':
          throw new AppError('VENDOR_CANNOT', { vendor: served.trace.choice.vendor, what: 'chat' })
      }
    } finally {
      listening.stop()
    }
  }
}

function brokenOff(failure: VendorFailure | AppError, vendor: string): AppError {
  if (failure instanceof AppError) return failure
  return new AppError('VENDOR_FAILED', { vendor, status: failure.kind, reason: failure.message })
}
const named = ({ model, vendor }: { readonly model: string; readonly vendor: string }) => ({ model, vendor })
const tokensOf = ({ inputTokens, outputTokens }: Use) => ({ inputTokens, outputTokens })

/** A reader that always has room, and cannot be ended from outside. */
function sinkOf(push: (events: Buffer) => void): EventSink {
  return {
    write(events) {
      push(events)
      return true
    },
    once: () => {},
    destroy: () => {},
  }
}

/** Why it was ended; null while it is not. */
export function cancelled(signal: AbortSignal): AppError | null {
  if (!signal.aborted) return null
  return signal.reason instanceof AppError ? signal.reason : new AppError('CANCELLED')
}

function listen(signal: AbortSignal) {
  const hangUp = createHangUp(signal.aborted)
  const leave = () => hangUp.leave()
  signal.addEventListener('abort', leave)
  return { hangUp, stop: () => signal.removeEventListener('abort', leave) }
}
