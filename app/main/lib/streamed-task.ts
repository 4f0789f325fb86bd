import type { TaskTitle } from '../../shared/contracts/tasks.ts'
import { AppError } from '../../shared/errors.ts'
import type { TaskHandle, TaskRunner } from './tasks.ts'

/** Milliseconds between two reports of progress. */
const REPORT_MS = 200

export interface Stream {
  readonly signal: AbortSignal
  /** Bytes so far, and of how many when that is known; may be said as often as one likes. */
  report(done: number, total?: number): void
}

/** Bytes that are made while they are taken, as one task. Whoever stops taking them before the end cancels the task. */
export async function* streamedTask(
  tasks: TaskRunner,
  title: TaskTitle,
  make: (stream: Stream) => AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const started = Promise.withResolvers<TaskHandle>()
  const ended = Promise.withResolvers<void>()
  const task = tasks.run({ title, unit: 'bytes', total: null, cancellable: true }, async (handle) => {
    started.resolve(handle)
    await ended.promise
  })
  task.catch(started.reject) // a list that refuses the task never hands out its handle
  ended.promise.catch(() => {}) // ... and then nobody waits for its end
  let signal: AbortSignal | undefined
  try {
    const handle = await started.promise
    signal = handle.signal
    let last: readonly [done: number, total: number | undefined] = [0, undefined]
    let reported = Date.now()
    const report = (done: number, total?: number) => {
      last = [done, total]
      if (Date.now() - reported < REPORT_MS) return
      reported = Date.now()
      handle.progress(...last)
    }
    for await (const bytes of make({ signal, report })) {
      signal.throwIfAborted()
      yield bytes
    }
    handle.progress(...last)
    ended.resolve()
  } catch (error) {
    const reason = signal?.aborted ? new AppError('CANCELLED') : error
    ended.reject(reason)
    throw reason
  } finally {
    ended.reject(new AppError('CANCELLED')) // no effect after an end
    await task.catch(() => {}) // the task list has recorded it
  }
}
