import { AppError } from '../../shared/errors.ts'
import { eachOf } from './each.ts'
import type { TaskHandle, TaskRunner, TaskSpec } from './tasks.ts'

/** Four at a time: the engine gains little from more, and a click in between is not kept waiting. */
const WIDTH = 4

export interface BulkItem {
  readonly id: string
  readonly label: string
}

/**
 * Does one thing to each item as one task and answers the task's id. Fails with the error itself for a single item, with
 * ACTION_PARTLY_FAILED for several, and with CANCELLED when the operator gave up: items that had not begun are skipped;
 * `work` gets the task's signal to stop waiting for the engine.
 */
export function runBulk<T extends BulkItem>(
  tasks: TaskRunner,
  title: TaskSpec['title'],
  items: readonly T[],
  work: (item: T, task: TaskHandle) => Promise<void>,
  ended: (task: TaskHandle) => void = () => {},
): Promise<string> {
  const listed = items.map(({ id, label }) => ({ id, label }))
  return tasks.run({ title, items: listed, cancellable: true }, async (task) => {
    const failures: { item: T; error: unknown }[] = []
    await eachOf(items, WIDTH, async (item) => {
      if (task.signal.aborted) return
      task.itemStarted(item.id)
      try {
        await work(item, task)
        task.itemDone(item.id)
      } catch (error) {
        task.itemFailed(item.id, error)
        failures.push({ item, error })
      }
    })
    ended(task)
    if (task.signal.aborted) throw new AppError('CANCELLED')
    const [first] = failures
    if (first && items.length === 1) throw first.error
    if (first) {
      throw new AppError('ACTION_PARTLY_FAILED', {
        failed: failures.length,
        total: items.length,
        name: first.item.label,
        reason: first.error instanceof Error ? first.error.message : String(first.error),
      })
    }
    return task.id
  })
}
