// biome-ignore-all lint/style/noRestrictedImports: tests build a whole console around the feature.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { fakeHost } from '../../../../tests/lib/fake-host.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Entry } from '../../../shared/contracts/audit.ts'
import type { ImportResult, Plugin, PluginsUpdate } from '../../../shared/contracts/plugins.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import { openDatabase } from '../../db/db.ts'
import { migrate } from '../../db/migrate.ts'
import { openDataKey } from '../../lib/data-key.ts'
import { type AppLog, silentLog } from '../../lib/log.ts'
import { createScope } from '../../lib/scope.ts'
import type { PlatformWorker } from '../../platform/platform-worker.ts'
import { createAudit } from '../audit/audit.ts'
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
  const { folder = tempFolder(), clock, log = silentLog } = options
  const scope = createScope()
  const db = openDatabase(join(folder, 'pilothouse.db'))
  scope.add(db.close)
  db.pragma('journal_mode = WAL')
  migrate(db)
  const notices: string[] = []
  const notify = ({ code }: { code: string }) => void notices.push(code)
  const audit = createAudit({ db, log, notify })
  scope.add(audit.stop)
  const tasks = createTasks({ shelf: createTaskShelf({ db, log, notify }), log })
  scope.add(tasks.stop)
  const saved: { name: string; bytes: Buffer }[] = []
  const host = {
    ...fakeHost(),
    async saveFile(name: string, _: string, source: () => AsyncIterable<Uint8Array>) {
      saved.push({ name, bytes: await collected(source()) })
      return { kind: 'saved' as const, file: name }
    },
  }
  const { worker, ...fake } = fakeWorker()
  const dataKey = openDataKey(folder, null)
  const plugins = createPlugins({
    ...{ db, folder: join(folder, 'plugins'), dataKey, worker, audit, tasks, notify, host, log },
    ...(clock && { clock }),
  })
  scope.add(plugins.stop)
  await dataKey
  let list = new Map<string, Plugin>()
  scope.add(
    plugins.follow((update: PluginsUpdate) => {
      if (update.kind === 'snapshot') list = new Map(update.plugins.map((plugin) => [plugin.id, plugin]))
      else {
        for (const plugin of update.upserted) list.set(plugin.id, plugin)
        for (const id of update.removed) list.delete(id)
      }
      return true
    }),
  )
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await scope.close()
  }
  onTestFinished(close)
  const { handlers } = plugins
  return {
    ...{ folder, db, plugins, handlers, asks: plugins.asks, tasks, notices, saved, close, worker, ...fake },
    /** As a page mirrors it. */
    plugin: (id: string) => list.get(id),
    list: () => [...list.values()],
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

async function collected(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}
