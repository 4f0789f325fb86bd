// biome-ignore-all lint/style/noRestrictedImports: tests build a whole console around the feature.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { mirrored, openFeatureWorld } from '../../../../tests/lib/feature-world.ts'
import type { Entry } from '../../../shared/contracts/audit.ts'
import type { ImportResult, Plugin, PluginsUpdate } from '../../../shared/contracts/plugins.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import { openDataKey } from '../../lib/data-key.ts'
import type { AppLog } from '../../lib/log.ts'
import type { PlatformWorker } from '../../platform/platform-worker.ts'
import { createTaskShelf } from '../tasks/task-shelf.ts'
import { createTasks } from '../tasks/tasks.ts'
import type { CallablePlugin } from './calling/call-types.ts'
import { createPlugins, type Plugins } from './plugins.ts'
import type { Files } from './test-packages.ts'

export const me: Caller = { actor: 'browser' }

/** A worker that keeps the table that it is told, and answers what the test gives it. */
export function fakeWorker() {
  const table = new Map<string, CallablePlugin>()
  const answers: Record<string, (input: never) => unknown> = {}
  const starts: (() => void)[] = []
  let hanging = false
  const ask = async (name: string, input: never, { signal }: { signal?: AbortSignal } = {}) => {
    if (!hanging) return await answers[name]!(input)
    return await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new AppError('CANCELLED'))))
  }
  const worker: PlatformWorker & { hang(): void } = {
    ask: ask as PlatformWorker['ask'],
    /** From now on only cancelling ends what is asked. */
    hang: () => {
      hanging = true
    },
    tell(name, input) {
      if (name !== 'plugins') return
      const { reset, upserted, removed } = input as unknown as {
        reset: boolean
        upserted: CallablePlugin[]
        removed: string[]
      }
      if (reset) table.clear()
      for (const plugin of upserted) table.set(plugin.id, plugin)
      for (const id of removed) table.delete(id)
    },
    onStarted(listener) {
      starts.push(listener)
      listener()
      return () => {}
    },
  }
  return { worker, table, answers, restart: () => starts.forEach((start) => void start()) }
}

/** The plugins of one console in a data folder; what it holds goes on in the next one that opens the same folder. */
export async function openWorld(options: { folder?: string; clock?: () => number; log?: AppLog } = {}) {
  const { clock } = options
  const { folder, log, scope, db, notices, notify, audit, saved, host, close } = openFeatureWorld(options)
  const tasks = createTasks({ shelf: createTaskShelf({ db, log, notify }), log })
  scope.add(tasks.stop)
  const { worker, ...fake } = fakeWorker()
  const dataKey = openDataKey(folder, null)
  const plugins = createPlugins({
    ...{ db, folder: join(folder, 'plugins'), dataKey, worker, audit, tasks, notify, host, log },
    ...(clock && { clock }),
  })
  scope.add(plugins.stop)
  await dataKey
  const mirror = mirrored<Plugin, PluginsUpdate>(plugins.follow, (update) =>
    update.kind === 'snapshot' ? { kind: update.kind, all: update.plugins } : update,
  )
  scope.add(mirror.stop)
  const { handlers } = plugins
  return {
    ...{ folder, db, plugins, handlers, asks: plugins.asks, tasks, notices, saved, close, worker, ...fake },
    /** As a page mirrors it. */
    plugin: (id: string) => mirror.items().get(id),
    list: () => [...mirror.items().values()],
    audited: (): string[] =>
      db
        .all<Entry>('SELECT action, target FROM audit ORDER BY sequence')
        .map(({ action, target }) => `${action} ${target}`),
    upload: (name: string, files: Files, activate = false): Promise<ImportResult> =>
      upload(handlers, name, files, activate),
  }
}
export type World = Awaited<ReturnType<typeof openWorld>>

const PART = 1024 * 1024
export async function sendUpload(handlers: Plugins['handlers'], name: string, files: Files): Promise<string> {
  const list = Object.entries(files).map(([path, content]) => ({ path, bytes: Buffer.from(content as string) }))
  const { uploadId } = await handlers.beginUpload(
    { name, files: list.map(({ path, bytes }) => ({ path, size: bytes.length })) },
    me,
  )
  for (const [file, { bytes }] of list.entries()) {
    for (let offset = 0; offset < bytes.length; offset += PART) {
      const data = bytes.subarray(offset, offset + PART).toString('base64')
      await handlers.appendUpload({ uploadId, file, offset, data }, me)
    }
  }
  return uploadId
}
async function upload(
  handlers: Plugins['handlers'],
  name: string,
  files: Files,
  activate: boolean,
): Promise<ImportResult> {
  const uploadId = await sendUpload(handlers, name, files)
  return await handlers.finishUpload({ uploadId, activate }, me)
}

/** Every file below a folder. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile())

/** The code of the failure, or what came instead. */
export const codeOf = async (work: unknown): Promise<unknown> => {
  try {
    return await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return (error as { code?: string }).code ?? error
  }
}
