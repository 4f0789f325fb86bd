import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Saved } from '../../../../shared/contracts/host.ts'
import { AppError } from '../../../../shared/errors.ts'
import { storeFailure } from '../../../db/store-failure.ts'
import type { TaskHandle } from '../../../lib/tasks.ts'
import type { Asker } from '../actions.ts'
import type { PluginParts } from '../plugin-parts.ts'
import { applyRestore, planRestore, type RestorePlan } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

/** Milliseconds between two reports of progress. */
const REPORT_MS = 200

/** Lets the operator keep all plugins, versions and configuration as one file. */
export async function saveBackup(parts: PluginParts, asker: Asker): Promise<Saved> {
  const { registry, host, audit, clock } = parts
  await registry.keyReady
  const now = clock()
  const name = `pilothouse-plugins-${new Date(now).toISOString().slice(0, 10)}.zip`
  const saved = await host.saveFile(name, 'application/zip', () => asTask(parts, now))
  if (saved.kind !== 'cancelled') {
    const subject = { actor: asker.actor, action: 'plugin.backup', target: 'all plugins', targetId: 'plugins' }
    audit.note({ ...subject, after: { name } })
  }
  return saved
}

/** Made while it is taken, as a task. Whoever stops taking it before the end cancels the task. */
async function* asTask({ registry, tasks }: PluginParts, now: number): AsyncIterable<Uint8Array> {
  const started = Promise.withResolvers<TaskHandle>()
  const ended = Promise.withResolvers<void>()
  const spec = { title: { kind: 'pluginBackup' }, unit: 'bytes', total: null, cancellable: true } as const
  const task = tasks.run(spec, async (handle) => {
    started.resolve(handle)
    await ended.promise
  })
  task.catch(started.reject) // a list that refuses the task never hands out its handle
  ended.promise.catch(() => {}) // ... and then nobody waits for its end
  let signal: AbortSignal | undefined
  try {
    const handle = await started.promise
    signal = handle.signal
    let reported = 0
    const report = (done: number, total: number) => {
      if (Date.now() - reported < REPORT_MS) return
      reported = Date.now()
      handle.progress(done, total)
    }
    for await (const bytes of writeBackup(registry, now, report)) {
      signal.throwIfAborted()
      yield bytes
    }
    ended.resolve()
  } catch (error) {
    const reason = signal?.aborted ? new AppError('CANCELLED') : error
    ended.reject(reason)
    throw reason
  } finally {
    ended.reject(new AppError('CANCELLED')) // no effect after an end
    await task.catch(() => {}) // the task list has recorded it
  }
}

/** What a backup would bring back, then the same done. The upload stays after a look, for the restore itself. */
export async function restoreBackup(
  parts: PluginParts,
  { uploadId, apply }: { uploadId: string; apply: boolean },
  asker: Asker,
): Promise<RestorePlan> {
  const { registry, reader, uploads, tasks, folders } = parts
  await registry.keyReady
  const { path } = await uploads.arrived(uploadId)
  const target = join(folders.staging, randomUUID())
  return await tasks.run({ title: { kind: 'restorePlugins' }, cancellable: true }, async ({ signal, progress }) => {
    try {
      await mkdir(target, { mode: 0o700 })
      const onProgress = ({ done, total }: { done: number; total: number }) => progress(done, total)
      const opened = await reader.ask('openBackup', { path, target }, { signal, onProgress })
      const plan = planRestore(registry, opened)
      if (apply) {
        signal.throwIfAborted()
        applyRestore(parts, opened, target, asker)
      }
      return plan
    } catch (error) {
      throw storeFailure(error, folders.staging)
    } finally {
      await rm(target, { recursive: true, force: true })
      if (apply) await uploads.drop(uploadId)
    }
  })
}
