import { lstat, realpath } from 'node:fs/promises'
import { basename } from 'node:path'
import type { FSWatcher } from 'chokidar'
import type { Finding } from '../../../shared/contracts/plugin-findings.ts'
import type { WatchedFolder } from '../../../shared/contracts/plugins.ts'
import type { Failure } from '../../../shared/contracts/tasks.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Asker } from '../../lib/asker.ts'
import type { Audit } from '../../lib/audit.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Log } from '../../lib/log.ts'
import type { Imports } from './importing/imports.ts'
import { createFolderReader, type ReadContents, type Reading } from './read-watched.ts'
import type { Registry } from './registry.ts'

const MOST = 20
/** An editor's save is several events; a copy of a folder may take seconds, and is read in between. */
const SETTLE_MS = 300
const LONGEST_MS = 3000
/** Findings that say that a folder is too much to be watched at all. */
const TOO_MUCH = new Set(['ARCHIVE_TOO_MANY_ENTRIES', 'ARCHIVE_TOO_LARGE', 'FOLDER_TOO_DEEP'])

interface Watched {
  readonly path: string
  /** By id of a plugin that was found: the content that was read last and was good. */
  plugins: ReadContents
  shown: WatchedFolder
  watcher: FSWatcher | null
  /** Why changes of it are not seen; it is read on demand all the same. */
  blind: Failure | null
  timer: NodeJS.Timeout | null
  /** When the first event of those that are waited out came. */
  since: number
  last: Promise<unknown>
  stopped: boolean
}
export interface WatchParts {
  readonly db: Db
  readonly registry: Registry
  readonly imports: Imports
  readonly audit: Audit
  readonly log: Log
  readonly clock: () => number
  readonly settleMs?: number
}
export interface Reloaded {
  readonly reloaded: string[]
  readonly failed: { readonly plugin: string; readonly findings: Finding[] }[]
  readonly unchanged: string[]
}

/** Folders whose plugins are read anew when something in them changes. A bad edit keeps the last good version. */
export function createWatchedFolders({ db, registry, imports, audit, log, clock, settleMs = SETTLE_MS }: WatchParts) {
  const folders = new Map<string, Watched>()
  const updates = createEmitter<{ folders: WatchedFolder[] }>()
  const read = createFolderReader({ db, registry, imports, log })
  const all = (): { folders: WatchedFolder[] } => ({ folders: [...folders.values()].map(({ shown }) => shown) })
  const itself: Asker = { actor: 'console' }
  for (const row of db.all<{ path: string; plugins: string }>(
    'SELECT path, plugins FROM watched_folders ORDER BY added_at',
  )) {
    const folder = add(row.path, JSON.parse(row.plugins) as ReadContents)
    void beginAndRead(folder, itself)
  }

  function add(path: string, plugins: ReadContents): Watched {
    const shown = { path, readAt: null, pluginCount: Object.keys(plugins).length, failure: null, findings: [] }
    const rest = { watcher: null, blind: null, timer: null, since: 0, last: Promise.resolve(), stopped: false }
    const folder: Watched = { path, plugins, shown, ...rest }
    folders.set(path, folder)
    return folder
  }
  function show(folder: Watched, change: Partial<WatchedFolder>): void {
    folder.shown = { ...folder.shown, ...change }
    if (folders.get(folder.path) === folder) updates.emit(all())
  }

  /** Read once more when changes are seen: one that came just before would be missed. */
  async function beginAndRead(folder: Watched, asker: Asker): Promise<void> {
    await begin(folder)
    await readAgain(folder, asker)
  }
  async function begin(folder: Watched): Promise<void> {
    try {
      // Loaded only where a folder is watched.
      const { watch } = await import('chokidar')
      if (folder.stopped) return
      folder.watcher = watch(folder.path, {
        ignoreInitial: true,
        followSymlinks: false,
        depth: 32,
        ignored: (path) =>
          path.startsWith(`${folder.path}/`) &&
          /[\\/](\.[^\\/]*|node_modules)([\\/]|$)/.test(path.slice(folder.path.length)),
      })
      folder.watcher.on('all', () => settle(folder))
      folder.watcher.on('error', (error) => unwatchable(folder, error))
      const { watcher } = folder
      await new Promise<void>((resolve) => {
        watcher.once('ready', resolve)
        watcher.once('error', () => resolve())
      })
    } catch (error) {
      unwatchable(folder, error)
    }
  }
  function unwatchable(folder: Watched, error: unknown): void {
    const { path } = folder
    const reason = error instanceof Error ? error.message : String(error)
    log.warn('plugins', 'watching failed', { path, reason })
    folder.blind = { code: 'WATCHED_FOLDER_UNUSABLE', details: { path, reason } }
    show(folder, { failure: folder.blind })
  }
  function settle(folder: Watched): void {
    if (folder.stopped) return
    const now = Date.now()
    if (folder.timer) clearTimeout(folder.timer)
    else folder.since = now
    const left = Math.max(0, Math.min(settleMs, folder.since + LONGEST_MS - now))
    folder.timer = setTimeout(() => {
      folder.timer = null
      void readAgain(folder, itself)
    }, left)
  }

  /** Never throws: what goes wrong is shown with the folder. One reading of a folder after the other. */
  async function readAgain(folder: Watched, asker: Asker): Promise<Reading> {
    const mine = folder.last.then(() => readNow(folder, asker))
    folder.last = mine
    return await mine
  }
  async function readNow(folder: Watched, asker: Asker): Promise<Reading> {
    const { path, plugins } = folder
    try {
      if (folder.stopped) throw new AppError('CANCELLED')
      const reading = await read({ path, name: basename(path), plugins, asker })
      if (folder.stopped) return reading
      remember(folder, reading.plugins)
      show(folder, {
        readAt: clock(),
        pluginCount: Object.keys(reading.plugins).length,
        failure: reading.failure ?? folder.blind,
        findings: reading.findings,
      })
      return reading
    } catch (error) {
      const failure = failureOf(error)
      if (!folder.stopped) {
        log.warn('plugins', 'watched folder not read', { path, error })
        show(folder, { readAt: clock(), failure })
      }
      return {
        ...{ plugins, reloaded: [], unchanged: [], findings: [], failure },
        failed: [{ plugin: path, findings: [] }],
      }
    }
  }
  function failureOf(error: unknown): Failure {
    if (error instanceof AppError) return { code: error.code, details: error.details }
    return { code: 'INTERNAL', details: { incident: 'watched folder' } }
  }
  function remember(folder: Watched, plugins: ReadContents): void {
    const text = JSON.stringify(plugins)
    if (text === JSON.stringify(folder.plugins)) return
    const told = Object.keys({ ...folder.plugins, ...plugins })
    folder.plugins = plugins
    db.run('UPDATE watched_folders SET plugins = ? WHERE path = ?', text, folder.path)
    registry.changed(told, true)
  }

  async function end(folder: Watched): Promise<void> {
    folder.stopped = true
    if (folder.timer) clearTimeout(folder.timer)
    await folder.watcher?.close()
  }
  const unusable = (path: string, reason: string) => new AppError('WATCHED_FOLDER_UNUSABLE', { path, reason })

  return {
    follow(emit: Emit<{ folders: WatchedFolder[] }>): Unsubscribe {
      emit(all())
      return updates.listen((update) => void emit(update))
    },
    folderOf: (id: string): string | null =>
      [...folders.values()].find(({ plugins }) => Object.hasOwn(plugins, id))?.path ?? null,
    /** Reads the folder at once and from then on whenever it changes. Fails with WATCHED_FOLDER_UNUSABLE. */
    async watch(asked: string, asker: Asker): Promise<void> {
      const path = await realpath(asked).catch((error: Error) => {
        throw unusable(asked, error.message)
      })
      if (!(await lstat(path)).isDirectory()) throw unusable(path, 'it is no folder')
      const present = folders.get(path)
      if (present) return void (await readAgain(present, asker))
      if (folders.size >= MOST) throw unusable(path, `${MOST} folders are watched already`)
      const folder = add(path, {})
      try {
        db.transaction(() => {
          db.run('INSERT INTO watched_folders (path, added_at, plugins) VALUES (?, ?, ?)', path, clock(), '{}')
          audit.note({ actor: asker.actor, action: 'plugin.watch', target: `folder ${path}`, targetId: path })
        })
        const reading = await readAgain(folder, asker)
        const tooMuch = reading.findings.find(({ code }) => TOO_MUCH.has(code))
        if (tooMuch) throw unusable(path, `it holds more than a package may (${tooMuch.code})`)
        await beginAndRead(folder, asker)
      } catch (error) {
        await forget(folder)
        throw error
      }
    },
    async unwatch(path: string, asker: Asker): Promise<void> {
      const folder = folders.get(path)
      if (!folder) throw unusable(path, 'it is not watched')
      audit.note({ actor: asker.actor, action: 'plugin.unwatch', target: `folder ${path}`, targetId: path })
      await forget(folder)
    },
    /** Reads all of them anew. */
    async reload(asker: Asker): Promise<Reloaded> {
      const readings = await Promise.all([...folders.values()].map((folder) => readAgain(folder, asker)))
      const answer: Reloaded = {
        reloaded: readings.flatMap(({ reloaded }) => reloaded),
        failed: readings.flatMap(({ failed }) => failed),
        unchanged: readings.flatMap(({ unchanged }) => unchanged),
      }
      const { reloaded, failed } = answer
      const after = {
        reloaded,
        failed: failed.map(({ plugin }) => plugin),
        ...(asker.userId && { userId: asker.userId }),
      }
      audit.note({ actor: asker.actor, action: 'plugin.reload', target: 'watched folders', targetId: 'plugins', after })
      return answer
    },
    stop: async (): Promise<void> => void (await Promise.all([...folders.values()].map(end))),
  }

  async function forget(folder: Watched): Promise<void> {
    folders.delete(folder.path)
    db.run('DELETE FROM watched_folders WHERE path = ?', folder.path)
    await end(folder)
    registry.changed(Object.keys(folder.plugins), true)
    updates.emit(all())
  }
}
export type WatchedFolders = ReturnType<typeof createWatchedFolders>
