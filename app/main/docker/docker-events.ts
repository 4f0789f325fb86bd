import { z } from 'zod'
import type { DockerEvent } from './engine.ts'

/** Bytes of a line; events carry all labels of their container. */
export const EVENT_LIMIT = 1_000_000

/**
 * What the engine is asked to tell. It compares actions as beginnings once `health_status` is among them (whose word has
 * an argument), so `exec_die` is written out: `exec` would bring two more events for every health check.
 */
export const eventFilters = {
  type: ['container', 'network', 'image', 'volume'],
  event: [
    ...['create', 'start', 'restart', 'stop', 'kill', 'die', 'oom', 'pause', 'unpause', 'destroy', 'rename', 'update'],
    ...['health_status', 'exec_die'],
    ...['connect', 'disconnect', 'remove', 'prune'],
    ...['delete', 'tag', 'untag', 'pull', 'load', 'import'],
  ],
}

const Line = z.object({
  Type: z.enum(['container', 'image', 'network', 'volume']),
  Action: z.string().min(1).max(4096),
  Actor: z.object({
    ID: z.string().min(1).max(1024),
    Attributes: z.looseObject({ container: z.string().max(1024).optional() }).nullish(),
  }),
  timeNano: z.number(),
})

/** One line of the event stream; null when it is none of ours or cannot be read. */
export function parseEvent(line: string): DockerEvent | null {
  let data: unknown
  try {
    data = JSON.parse(line)
  } catch {
    return null
  }
  const parsed = Line.safeParse(data)
  if (!parsed.success) return null
  const { Type, Action, Actor, timeNano } = parsed.data
  return {
    type: Type,
    action: Action.replace(/:.*/s, ''),
    id: Actor.ID,
    containerId: (Type === 'network' && Actor.Attributes?.container) || null,
    timeNano,
  }
}
