// Packages are read in a thread of their own: a document that takes seconds or fills the memory delays and ends nothing
// but its own import.
import { parentPort } from 'node:worker_threads'
import { createPeer } from '../../../lib/peer.ts'
import { openBackup } from '../backup/open-backup.ts'
import type { PackageAsks, PackageReports } from './package-asks.ts'
import { sourceLines } from './source-lines.ts'
import { takePackage } from './take-package.ts'

const main = createPeer<PackageReports, PackageAsks>(
  parentPort!,
  {
    take: ({ path, target }, { report }) => takePackage(path, target, report),
    lines: ({ file, from, count }) => sourceLines(file, from, count),
    openBackup: ({ path, target }, { report }) => openBackup(path, target, report),
  },
  (name, error) => main.tell('failed', { name, stack: error instanceof Error ? (error.stack ?? '') : String(error) }),
)
