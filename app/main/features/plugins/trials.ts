import type { ReplayReport, TestReport } from '../../../shared/contracts/plugin-trials.ts'
import type { Asker } from '../../lib/asker.ts'
import type { TaskHandle } from '../../lib/tasks.ts'
import type { PluginParts } from './plugin-parts.ts'

const followed = (task: TaskHandle) => ({
  signal: task.signal,
  onProgress: ({ done, total }: { done: number; total: number }) => task.progress(done, total),
})

/** Reaches a plugin's servers and calls its operations, in the worker; the report stays with the plugin. */
export function testPlugin(parts: PluginParts, id: string, unsafe: readonly string[], asker: Asker) {
  const { registry, worker, tasks, audit } = parts
  const { name } = registry.find(id).version.facts
  const title = { kind: 'testPlugin', name } as const
  return tasks.run({ title, cancellable: true }, async (task): Promise<{ taskId: string; report: TestReport }> => {
    const subject = { actor: asker.actor, action: 'plugin.test', target: `plugin ${name}`, targetId: id }
    const report = await audit.perform({ ...subject, after: { unsafe } }, () =>
      worker.ask('test', { plugin: id, unsafe }, followed(task)),
    )
    registry.rows.setReport(id, 'last_test', report)
    registry.changed([id], true)
    return { taskId: task.id, report }
  })
}

/** Runs the recorded calls against another version; the report stays with the plugin. */
export function replayCalls(
  parts: PluginParts,
  { id, versionId, unsafe }: { id: string; versionId: number; unsafe: boolean },
  asker: Asker,
) {
  const { registry, calls, worker, tasks, audit } = parts
  const plugin = registry.find(id)
  const version = registry.version(id, versionId)
  const { name } = plugin.version.facts
  const title = { kind: 'replayCalls', name } as const
  return tasks.run({ title, cancellable: true }, async (task): Promise<{ taskId: string; report: ReplayReport }> => {
    await registry.keyReady
    const subject = { actor: asker.actor, action: 'plugin.replay', target: `plugin ${name}`, targetId: id }
    const input = {
      plugin: registry.callable(plugin, version),
      fromVersionId: plugin.version.versionId,
      ...{ calls: calls.recorded(id), unsafe },
    }
    const report = await audit.perform({ ...subject, after: { version: version.facts.version, unsafe } }, () =>
      worker.ask('replay', input, followed(task)),
    )
    registry.rows.setReport(id, 'last_replay', report)
    registry.changed([id], true)
    return { taskId: task.id, report }
  })
}
