import { Task } from '../../../shared/contracts/tasks.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../../db/db.ts'
import type { Notify } from '../../lib/host.ts'
import { fromJson } from '../../lib/json.ts'
import type { Log } from '../../lib/log.ts'
import { closed } from './tasks.ts'

/** Where tasks outlive the console; each call writes at once, as seldom as tasks are published. Nothing here ever fails towards the running work. */
export interface TaskShelf {
  /** Those of earlier, oldest first; one that was running is `interrupted`. */
  load(): Task[]
  save(task: Task): void
  remove(ids: readonly string[]): void
  stop(): void
}

const RETRY_MS = 1_000

export function createTaskShelf(options: { db: Db; log: Log; notify: Notify }): TaskShelf {
  const { db, log, notify } = options
  /** The newest state of what is not written yet: null for a removed one. Kept until a write succeeds. */
  const unwritten = new Map<string, Task | null>()
  let timer: NodeJS.Timeout | null = null

  function write(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (unwritten.size === 0) return
    try {
      db.transaction(() => {
        for (const [id, task] of unwritten) {
          if (!task) db.run('DELETE FROM tasks WHERE id = ?', id)
          else {
            const sql = `INSERT INTO tasks (id, started_at, ended_at, task) VALUES (?, ?, ?, ?)
              ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, task = excluded.task`
            db.run(sql, id, task.startedAt, task.endedAt, JSON.stringify(task))
          }
        }
      })
      unwritten.clear()
    } catch (error) {
      log.error('tasks', 'not written yet', { error, tasks: unwritten.size })
      if (error instanceof AppError && error.code === 'DISK_FULL') {
        notify({ severity: 'fail', code: 'DISK_FULL', details: error.details })
      }
      // After a stop there is nothing to try again with.
      if (error instanceof AppError && error.code === 'DISCONNECTED') return
      timer = setTimeout(write, RETRY_MS)
      timer.unref()
    }
  }

  return {
    load() {
      const tasks: Task[] = []
      for (const row of db.all<{ id: string; task: string }>('SELECT id, task FROM tasks ORDER BY started_at, rowid')) {
        const task = Task.safeParse(fromJson(row.task)).data
        if (!task) {
          log.warn('tasks', 'row dropped', { id: row.id })
          unwritten.set(row.id, null)
        } else if (task.state === 'running' && task.title.kind === 'backup') {
          // Every backup that is made as a task holds that task as running; a cut one leaves nothing anyway.
          unwritten.set(task.id, null)
        } else if (task.state === 'running') {
          const failure = { code: 'INTERRUPTED', details: {} }
          const ended: Task = { ...task, ...closed(task, failure), state: 'interrupted', failure, endedAt: Date.now() }
          unwritten.set(task.id, ended)
          tasks.push(ended)
        } else tasks.push(task)
      }
      write()
      return tasks
    },
    save(task) {
      unwritten.set(task.id, task)
      write()
    },
    remove(ids) {
      for (const id of ids) unwritten.set(id, null)
      write()
    },
    stop: () => {
      if (timer) clearTimeout(timer)
      write()
      if (timer) clearTimeout(timer)
    },
  }
}
