import type { ImportResult } from '../../../../shared/contracts/plugins.ts'
import type { PluginParts } from '../plugin-parts.ts'
import type { ImportRequest } from './imports.ts'

/** An import in the task list: with its progress, and cancellable until it is kept. */
export function importAsTask({ tasks, imports }: PluginParts, request: ImportRequest): Promise<ImportResult> {
  const title = { kind: 'importPackage', name: request.name } as const
  return tasks.run({ title, unit: 'bytes', total: null, cancellable: true }, async (task) => {
    const { signal } = task
    const imported = await imports.run({
      ...request,
      signal,
      onProgress: ({ done, total }) => task.progress(done, total),
    })
    return { ...imported, taskId: task.id }
  })
}
