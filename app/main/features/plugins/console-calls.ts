import { randomUUID } from 'node:crypto'
import type { CallResult } from '../../../shared/contracts/plugin-calls.ts'
import type { PlatformWorker } from '../../platform/platform-worker.ts'
import type { CallOutcome } from './calling/call-types.ts'
import type { Json } from './packages/package-types.ts'

/** Characters of an answer that go to the page. */
const SHOWN = 1024 * 1024

export interface ConsoleCall {
  readonly plugin: string
  readonly operation: string
  readonly callId: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly timeLimitMs?: number | undefined
}

/** Calls that an operator makes from the form: the worker does them, and each can be cancelled by the caller's own id. */
export function createConsoleCalls(worker: PlatformWorker) {
  const running = new Map<string, AbortController>()
  return {
    async call({ callId, arguments: given, ...rest }: ConsoleCall): Promise<CallResult> {
      const controller = new AbortController()
      running.set(callId, controller)
      try {
        const call = {
          ...rest,
          arguments: given as Record<string, Json>,
          requestId: randomUUID(),
          surface: 'console' as const,
        }
        return resultOf(await worker.ask('call', call, { signal: controller.signal }))
      } finally {
        if (running.get(callId) === controller) running.delete(callId)
      }
    },
    /** Does nothing for a call that has ended. */
    cancel: (callId: string): void => running.get(callId)?.abort(),
  }
}

function resultOf(outcome: CallOutcome): CallResult {
  const { requestId, ok, failure, exchange, dropped, attempts, durationMs, firstByteMs } = outcome
  const text = JSON.stringify(outcome.data) ?? 'null'
  const cut = text.length > SHOWN
  return {
    ...{ requestId, ok, attempts, durationMs, firstByteMs, dropped: [...dropped] },
    ...{ data: cut ? text.slice(0, SHOWN) : text, dataCutFrom: cut ? text.length : null },
    failure: failure && { ...failure },
    exchange: exchange && {
      ...exchange,
      requestHeaders: { ...exchange.requestHeaders },
      responseHeaders: { ...exchange.responseHeaders },
    },
  }
}
