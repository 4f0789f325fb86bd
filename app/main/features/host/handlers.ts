import type { host as contract } from '../../../shared/contracts/host.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import type { Host } from '../../lib/host.ts'
import type { AppLog } from '../../lib/log.ts'
import type { TaskRunner } from '../../lib/tasks.ts'
import { version } from '../../lib/version.ts'
import { makeSupportBundle, type SupportSources } from './support-bundle.ts'

/** What can be done with any database, also a damaged one (`whole` is null then). */
export function hostHandlers(options: {
  readonly host: Host
  readonly dataFolder: string
  readonly log: AppLog
  readonly whole: { readonly tasks: TaskRunner; readonly sources: SupportSources } | null
}): Handlers<typeof contract> {
  const { host, dataFolder, log, whole } = options
  const runtime = process.versions['electron']
    ? `Electron ${process.versions['electron']}, Node ${process.versions.node}`
    : `Node ${process.versions.node}`

  async function saveBundle() {
    const bundle = await makeSupportBundle(log, whole?.sources ?? null)
    const day = new Date().toISOString().slice(0, 10)
    return await host.saveFile(`pilothouse-support-${day}.zip`, 'application/zip', async function* () {
      yield bundle
    })
  }
  return {
    info: () => ({
      host: host.kind,
      version,
      platform: `${process.platform} ${process.arch}`,
      runtime,
      pid: process.pid,
      dataFolder,
      capabilities: host.capabilities,
    }),
    exportSupportBundle: () =>
      whole ? whole.tasks.run({ title: { kind: 'supportBundle' } }, saveBundle) : saveBundle(),
    signInAddress() {
      if (!host.signInAddress) throw new AppError('NOT_SUPPORTED', { reason: 'the console has a window of its own' })
      return { url: host.signInAddress() }
    },
  }
}
