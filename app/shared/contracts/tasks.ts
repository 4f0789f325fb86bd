import { z } from 'zod'
import { ErrorDetails } from '../errors.ts'
import { call, event } from '../rpc/contract.ts'
import { ServiceAction } from './services.ts'

/** Why something failed: an entry of the error table. */
export const Failure = z.object({ code: z.string(), details: ErrorDetails })
export type Failure = z.infer<typeof Failure>

/** What a task does, in words that both languages can say: "restart db", "remove 3 images". */
export const TaskTitle = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('serviceAction'), action: z.string(), count: z.number(), first: z.string() }),
  z.object({ kind: z.literal('removeImages'), count: z.number(), first: z.string() }),
  z.object({ kind: z.literal('exportLogs'), name: z.string() }),
  z.object({ kind: z.literal('importPackage'), name: z.string() }),
  z.object({ kind: z.literal('testPlugin'), name: z.string() }),
  z.object({ kind: z.literal('replayCalls'), name: z.string() }),
  z.object({ kind: z.literal('pluginBackup') }),
  z.object({ kind: z.literal('restorePlugins') }),
  z.object({ kind: z.literal('backup') }),
  z.object({ kind: z.literal('supportBundle') }),
])
export type TaskTitle = z.infer<typeof TaskTitle>

export const TaskItem = z.object({
  id: z.string(),
  label: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  failure: Failure.nullable(),
})
export type TaskItem = z.infer<typeof TaskItem>

/** Work that takes time. Ended ones stay until dismissed; one that was under way when the console died is `interrupted`. */
export const Task = z.object({
  id: z.string(),
  title: TaskTitle,
  state: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  done: z.number(),
  /** Null where the amount is unknown beforehand. */
  total: z.number().nullable(),
  unit: z.enum(['items', 'bytes']),
  cancellable: z.boolean(),
  items: z.array(TaskItem),
  failure: Failure.nullable(),
  /** The opposite actions, where there are any. */
  undo: z.array(z.object({ id: z.string(), action: ServiceAction })),
})
export type Task = z.infer<typeof Task>

export const TasksUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), tasks: z.array(Task) }),
  z.object({ kind: z.literal('change'), upserted: z.array(Task), removed: z.array(z.string()) }),
])
export type TasksUpdate = z.infer<typeof TasksUpdate>

export const tasks = {
  calls: {
    /** Stops what has not started yet and gives up waiting for what has. */
    cancel: call({ input: z.object({ id: z.string() }) }),
    /** Takes ended tasks off the list; without ids, all of them. */
    dismiss: call({ input: z.object({ ids: z.array(z.string()).max(10_000).nullable() }) }),
  },
  events: { updates: event(TasksUpdate) },
}
