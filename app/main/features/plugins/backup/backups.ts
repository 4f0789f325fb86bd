import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Saved } from '../../../../shared/contracts/host.ts'
import { storeFailure } from '../../../db/store-failure.ts'
import type { Asker } from '../../../lib/asker.ts'
import { streamedTask } from '../../../lib/streamed-task.ts'
import type { PluginParts } from '../plugin-parts.ts'
import { applyRestore, planRestore, type RestorePlan } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

/** Lets the operator keep all plugins, versions and configuration as one file. */
export async function saveBackup(parts: PluginParts, asker: Asker): Promise<Saved> {
  const { registry, host, tasks, audit, clock } = parts
  await registry.keyReady
  const now = clock()
  const name = `pilothouse-plugins-${new Date(now).toISOString().slice(0, 10)}.zip`
  const saved = await host.saveFile(name, 'application/zip', () =>
    streamedTask(tasks, { kind: 'pluginBackup' }, ({ report }) => writeBackup(registry, now, report)),
  )
  if (saved.kind !== 'cancelled') {
    const subject = { actor: asker.actor, action: 'plugin.backup', target: 'all plugins', targetId: 'plugins' }
    audit.note({ ...subject, after: { name } })
  }
  return saved
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
