import type { host as contract } from '../../../shared/contracts/host.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import type { Host } from '../../lib/host.ts'
import { version } from '../../lib/version.ts'

export function hostHandlers(
  host: Host,
  dataFolder: string,
): Pick<Handlers<typeof contract>, 'info' | 'signInAddress'> {
  const runtime = process.versions['electron']
    ? `Electron ${process.versions['electron']}, Node ${process.versions.node}`
    : `Node ${process.versions.node}`
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
    signInAddress() {
      if (!host.signInAddress) throw new AppError('NOT_SUPPORTED', { reason: 'the console has a window of its own' })
      return { url: host.signInAddress() }
    },
  }
}
