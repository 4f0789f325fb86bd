import { randomUUID } from 'node:crypto'
import { member, textOf } from '../vendors/openai-dialect.ts'
import type { Body } from './chat.ts'
import { pictureHash, picturePath } from './images.ts'
import type { Trick } from './tricks.ts'

// DashScope's asynchronous image tasks: accepted at once, RUNNING when they are first asked for, done the time after.

const mostTasks = 256
interface Task {
  readonly id: string
  readonly results: readonly unknown[]
  readonly failed: number
  readonly fails: boolean
  asked: number
}

export interface ImageTasks {
  submit(body: Body, trick: Trick | null, url: string): unknown
  /** How a task stands; one that was never, or too long ago, is UNKNOWN. */
  state(id: string): unknown
}

/** The newest 256 are kept. `finished` hears the images of each task that succeeds, once. */
export function createImageTasks(finished: (images: number) => void): ImageTasks {
  const tasks = new Map<string, Task>()
  return {
    submit(body, trick, url) {
      const task = begin(body, trick, url)
      tasks.set(task.id, task)
      for (const id of tasks.keys()) {
        if (tasks.size <= mostTasks) break
        tasks.delete(id)
      }
      return { output: { task_status: 'PENDING', task_id: task.id }, request_id: randomUUID() }
    },
    state(id) {
      const task = tasks.get(id)
      const request_id = randomUUID()
      if (!task) return { output: { task_status: 'UNKNOWN', task_id: id }, request_id }
      task.asked++
      const TOTAL = task.results.length
      const metrics = (SUCCEEDED: number, FAILED: number) => ({ TOTAL, SUCCEEDED, FAILED })
      if (task.asked === 1) {
        return { output: { task_id: id, task_status: 'RUNNING', task_metrics: metrics(0, 0) }, request_id }
      }
      if (task.fails) {
        const failure = { code: 'InternalError', message: 'The sandbox was told to fail this task.' }
        return {
          output: { task_id: id, task_status: 'FAILED', ...failure, task_metrics: metrics(0, TOTAL) },
          request_id,
        }
      }
      const image_count = TOTAL - task.failed
      if (task.asked === 2) finished(image_count)
      return {
        output: {
          task_id: id,
          task_status: 'SUCCEEDED',
          results: task.results,
          task_metrics: metrics(image_count, task.failed),
        },
        usage: { image_count },
        request_id,
      }
    },
  }
}
function begin(body: Body, trick: Trick | null, url: string): Task {
  const images = pictures(body, url)
  // The last of several fails; a single one takes the task with it.
  const partial = trick?.kind === 'partial-images'
  const failed = partial && images.length > 1 ? 1 : 0
  const refused = { code: 'InternalError.Timeout', message: 'The picture took too long.' }
  return {
    id: randomUUID(),
    results: [...images.slice(0, images.length - failed), ...Array.from({ length: failed }, () => refused)],
    failed,
    fails: trick?.kind === 'fail-task' || (partial && failed === 0),
    asked: 0,
  }
}
function pictures(body: Body, url: string): readonly { readonly orig_prompt: string; readonly url: string }[] {
  const prompt = textOf(member(body['input'], 'prompt')) ?? ''
  const parameters = body['parameters']
  const model = textOf(body['model']) ?? ''
  return Array.from({ length: imageCount(member(parameters, 'n')) }, (_, index) => ({
    orig_prompt: prompt,
    url: `${url}${picturePath(pictureHash(model, prompt, member(parameters, 'size'), index))}`,
  }))
}
export const imageCount = (n: unknown): number => (typeof n === 'number' && n >= 1 ? Math.min(10, Math.floor(n)) : 1)
