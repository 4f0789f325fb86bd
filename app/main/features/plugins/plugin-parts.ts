import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import type { Host } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import type { TaskRunner } from '../../lib/tasks.ts'
import type { PlatformWorker } from '../../platform/platform-worker.ts'
import type { Actions } from './actions.ts'
import type { Calls } from './calls.ts'
import type { Imports } from './importing/imports.ts'
import type { PackageReader } from './importing/package-reader.ts'
import type { Uploads } from './importing/uploads.ts'
import type { Folders } from './mend.ts'
import type { Registry } from './registry.ts'
import type { WatchedFolders } from './watched-folders.ts'

/** The parts that answer what is asked about plugins, from a page, the command line or the local platform. */
export interface PluginParts {
  readonly db: Db
  readonly folders: Folders
  readonly registry: Registry
  readonly actions: Actions
  readonly calls: Calls
  readonly reader: PackageReader
  readonly uploads: Uploads
  readonly imports: Imports
  readonly watched: WatchedFolders
  readonly worker: PlatformWorker
  readonly audit: Audit
  readonly tasks: TaskRunner
  readonly host: Pick<Host, 'saveFile'>
  readonly log: Log
  readonly clock: () => number
}
