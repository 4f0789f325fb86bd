import { AppError } from '../../../../shared/errors.ts'
import { eachOf } from '../../../lib/each.ts'
import type { CallOutcome, CallRequest, LoadedPlugin } from '../calling/call-types.ts'
import type { Tool } from '../packages/package-types.ts'

/** What a test needs of the one that calls tools. `anyState` calls a version that is not in use. */
export interface Caller {
  call(
    plugin: LoadedPlugin,
    operation: string,
    request: CallRequest,
    options: { readonly anyState: boolean },
  ): Promise<CallOutcome>
}

export type ReportProgress = (progress: { readonly done: number; readonly total: number }) => void

/** How many calls of one test or replay are under way at a time. */
export const width = 4

/** By its method alone: a document has no word for it that could be trusted with somebody's data. */
export const isSafe = ({ method }: Tool): boolean => method === 'GET' || method === 'HEAD'

/** The address that a tool is called at; empty where nobody gave one. */
export function serverOf(
  { definition, configuration }: LoadedPlugin,
  tool: { readonly server?: string | undefined },
): string {
  return withoutSlash(tool.server ?? (configuration['server'] || definition.server))
}

/** One spelling of a server, so that it is tried once. */
export const withoutSlash = (server: string): string => server.replace(/\/+$/, '')

/**
 * Does `work` for each item, some at a time; the answers are in the order of the items. Ends at once with AppError
 * CANCELLED when the signal says so, whether or not what is under way listens to it.
 */
export async function inOrder<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  if (signal.aborted) throw new AppError('CANCELLED')
  const answers: R[] = []
  const { promise: cancelled, reject } = Promise.withResolvers<never>()
  const cancel = () => reject(new AppError('CANCELLED'))
  signal.addEventListener('abort', cancel)
  try {
    const all = eachOf(items.entries(), width, async ([i, item]) => {
      // What is left is not begun by a worker that was still busy when the rest was given up.
      if (!signal.aborted) answers[i] = await work(item)
    })
    await Promise.race([all, cancelled])
    return answers
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}
