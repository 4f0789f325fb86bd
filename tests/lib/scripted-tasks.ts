import type { TaskRunner, TaskSpec } from '../../app/main/lib/tasks.ts'
import type { Task } from '../../app/shared/contracts/tasks.ts'
import { AppError } from '../../app/shared/errors.ts'

/** For tests: runs tasks as the real list does, writes down what became of each item, and is cancelled by the test. */
export function createScriptedTasks() {
  const told: string[] = []
  const specs: TaskSpec[] = []
  let controller = new AbortController()
  let undo: Task['undo'] = []
  const runner: TaskRunner = {
    run(spec, work) {
      specs.push(spec)
      controller = new AbortController()
      const label = (id: string) => spec.items?.find((item) => item.id === id)?.label ?? id
      return work({
        id: `task-${specs.length}`,
        signal: controller.signal,
        itemStarted: () => {},
        itemDone: (id) => void told.push(`${label(id)} done`),
        itemFailed: (id, error) =>
          void told.push(`${label(id)} failed ${error instanceof AppError ? error.code : String(error)}`),
        progress: () => {},
        undo: (actions) => {
          undo = actions
        },
      })
    },
  }
  return {
    ...runner,
    told,
    specs,
    undo: () => undo,
    cancel: () => controller.abort(new AppError('CANCELLED')),
  }
}
