import { randomUUID } from 'node:crypto'
import type { tasks as contract, Failure, Task, TasksUpdate } from '../../../shared/contracts/tasks.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Handlers, Unsubscribe } from '../../../shared/rpc/contract.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Log } from '../../lib/log.ts'
import type { TaskHandle, TaskRunner, TaskSpec } from '../../lib/tasks.ts'
import type { TaskShelf } from './task-shelf.ts'

/** A task is published at most this often while it runs; its end at once. */
const PUBLISH_MS = 100
/** How long cancelled work may take to end by itself before nobody waits for it any more. */
const PATIENCE_MS = 1_000
export const KEPT = 200

interface Listed {
  task: Task
  readonly controller: AbortController
  timer: NodeJS.Timeout | null
}

export function createTasks(options: { shelf: TaskShelf; log: Log }) {
  const { shelf, log } = options
  const listed = new Map<string, Listed>()
  const updates = createEmitter<TasksUpdate>()
  for (const task of shelf.load()) listed.set(task.id, { task, controller: new AbortController(), timer: null })

  function failureOf(error: unknown): Failure {
    if (error instanceof AppError) return { code: error.code, details: error.details }
    const incident = randomUUID().slice(0, 8)
    log.error('tasks', 'work failed', { incident, error })
    return { code: 'INTERNAL', details: { incident } }
  }
  function publish(entry: Listed): void {
    if (entry.timer) clearTimeout(entry.timer)
    entry.timer = null
    shelf.save(entry.task)
    updates.emit({ kind: 'change', upserted: [entry.task], removed: [] })
  }
  function change(entry: Listed, next: Partial<Task>): void {
    // Work that nobody waits for any more cannot change how its task ended.
    if (entry.task.state !== 'running') return
    entry.task = { ...entry.task, ...next }
    entry.timer ??= setTimeout(() => publish(entry), PUBLISH_MS)
  }
  function end(entry: Listed, state: Task['state'], failure: Failure | null): void {
    if (entry.task.state !== 'running') return
    entry.task = { ...entry.task, ...closed(entry.task, failure), state, failure, endedAt: Date.now() }
    publish(entry)
    const ended = [...listed.values()].filter(({ task }) => task.state !== 'running')
    forget(ended.slice(0, Math.max(0, ended.length - KEPT)).map(({ task }) => task.id))
  }
  function forget(ids: readonly string[]): void {
    if (ids.length === 0) return
    for (const id of ids) listed.delete(id)
    shelf.remove(ids)
    updates.emit({ kind: 'change', upserted: [], removed: [...ids] })
  }

  function handleOf(entry: Listed): TaskHandle {
    const at = new Map(entry.task.items.map((item, index) => [item.id, index]))
    const item = (id: string, state: Task['items'][number]['state'], failure: Failure | null = null) => {
      const index = at.get(id)
      if (index === undefined) return
      const items = [...entry.task.items]
      items[index] = { ...items[index]!, state, failure }
      const done = items.filter((each) => each.state === 'done' || each.state === 'failed').length
      change(entry, { items, done })
    }
    return {
      id: entry.task.id,
      signal: entry.controller.signal,
      itemStarted: (id) => item(id, 'running'),
      itemDone: (id) => item(id, 'done'),
      itemFailed: (id, error) => item(id, 'failed', failureOf(error)),
      progress: (done, total) => change(entry, total === undefined ? { done } : { done, total }),
      undo: (undo) => change(entry, { undo }),
    }
  }

  async function run<T>(spec: TaskSpec, work: (task: TaskHandle) => Promise<T>): Promise<T> {
    const entry: Listed = { task: newTask(spec), controller: new AbortController(), timer: null }
    listed.set(entry.task.id, entry)
    publish(entry)
    // Within a promise, so that work which throws at once ends its task too.
    const working = (async () => await work(handleOf(entry)))()
    try {
      const result = await Promise.race([working, givenUp(entry.controller.signal)])
      const failed = entry.task.items.find((item) => item.state === 'failed')
      end(entry, failed ? 'failed' : 'done', failed?.failure ?? null)
      return result
    } catch (error) {
      working.catch((late: unknown) => late !== error && log.debug('tasks', 'ended after its task', { error: late }))
      const cancelled = entry.controller.signal.aborted
      const failure = cancelled ? { code: 'CANCELLED', details: {} } : failureOf(error)
      end(entry, cancelled ? 'cancelled' : 'failed', failure)
      throw cancelled ? new AppError('CANCELLED', {}, { cause: error }) : error
    }
  }
  const runner: TaskRunner = { run }

  return {
    ...runner,
    follow(emit: Emit<TasksUpdate>): Unsubscribe {
      emit({ kind: 'snapshot', tasks: [...listed.values()].map(({ task }) => task) })
      return updates.listen((update) => void emit(update))
    },
    cancel(id: string): void {
      const entry = listed.get(id)
      if (!entry) throw new AppError('TASK_NOT_FOUND')
      if (!entry.task.cancellable) throw new AppError('NOT_SUPPORTED', { reason: 'this task cannot be cancelled' })
      if (entry.task.state === 'running') entry.controller.abort(new AppError('CANCELLED'))
    },
    /** Only ended ones leave the list. */
    dismiss(ids: readonly string[] | null): void {
      const wanted = ids ?? [...listed.keys()]
      forget(wanted.filter((id) => (listed.get(id)?.task.state ?? 'running') !== 'running'))
    },
    /** Lets go of what runs; the next start lists it as interrupted. */
    stop: () => {
      for (const entry of listed.values()) {
        if (entry.timer) publish(entry)
        if (entry.task.state === 'running') entry.controller.abort(new AppError('CANCELLED'))
      }
      shelf.stop()
    },
  }
}
export type Tasks = ReturnType<typeof createTasks>

export const taskHandlers = (tasks: Tasks): Handlers<typeof contract> => ({
  cancel: ({ id }) => tasks.cancel(id),
  dismiss: ({ ids }) => tasks.dismiss(ids),
  onUpdates: (emit) => tasks.follow(emit),
})

function newTask(spec: TaskSpec): Task {
  const items = spec.items ?? []
  return {
    id: randomUUID(),
    title: spec.title,
    state: 'running',
    startedAt: Date.now(),
    endedAt: null,
    done: 0,
    total: items.length > 0 ? items.length : (spec.total ?? null),
    unit: spec.unit ?? 'items',
    cancellable: spec.cancellable ?? false,
    items: items.map(({ id, label }) => ({ id, label, state: 'waiting', failure: null })),
    failure: null,
    undo: [],
  }
}

/** What an ended task's items come to: never started is skipped, under way has failed with the task. */
export function closed(task: Task, failure: Failure | null): Pick<Task, 'items'> {
  const items = task.items.map((item) => {
    if (item.state === 'waiting') return { ...item, state: 'skipped' as const }
    if (item.state === 'running') return { ...item, state: failure ? ('failed' as const) : ('done' as const), failure }
    return item
  })
  return { items }
}

function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(reject, PATIENCE_MS, signal.reason), { once: true })
  })
}
