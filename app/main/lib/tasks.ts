import type { Task, TaskTitle } from '../../shared/contracts/tasks.ts'

/** Reports on one running task; every report is published. */
export interface TaskHandle {
  readonly id: string
  /** Aborts when the operator cancels. */
  readonly signal: AbortSignal
  itemStarted(id: string): void
  itemDone(id: string): void
  itemFailed(id: string, error: unknown): void
  /** For work that is not a list of items, e.g. bytes written. */
  progress(done: number, total?: number): void
  /** What would undo it; shown as a button for as long as the task is listed. */
  undo(actions: Task['undo']): void
}

export interface TaskSpec {
  readonly title: TaskTitle
  readonly items?: readonly { readonly id: string; readonly label: string }[]
  /** Null when the amount is unknown; with `items` their number is the total. */
  readonly total?: number | null
  readonly unit?: Task['unit']
  readonly cancellable?: boolean
}

/** The task list as features see it. */
export interface TaskRunner {
  /**
   * Lists the task, runs the work, records how it ended and answers its result; a failure is recorded and thrown again.
   * Items that were never started are `skipped`; a task with failed items ends as `failed` even when the work returns.
   */
  run<T>(spec: TaskSpec, work: (task: TaskHandle) => Promise<T>): Promise<T>
}
