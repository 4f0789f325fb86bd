// biome-ignore-all lint/style/noRestrictedImports: the test runs a whole console around the feature.
// A console that imports and activates until it is killed; kill.test.ts kills it and looks at what is left.
import { join } from 'node:path'
import { openDatabase } from '../../db/db.ts'
import { migrate } from '../../db/migrate.ts'
import { openDataKey } from '../../lib/data-key.ts'
import { silentLog } from '../../lib/log.ts'
import type { PlatformWorker } from '../../platform/platform-worker.ts'
import { createAudit } from '../audit/audit.ts'
import { createTaskShelf } from '../tasks/task-shelf.ts'
import { createTasks } from '../tasks/tasks.ts'
import { createPlugins } from './plugins.ts'

const folder = process.argv[2]!
const say = (line: string) => process.stdout.write(`${line}\n`)
say('ready')
const db = openDatabase(join(folder, 'pilothouse.db'))
db.pragma('journal_mode = WAL')
db.pragma('synchronous = NORMAL')
migrate(db)
const log = silentLog
const notify = () => {}
const audit = createAudit({ db, log, notify })
const tasks = createTasks({ shelf: createTaskShelf({ db, log, notify }), log })
const worker: PlatformWorker = {
  ask: () => new Promise(() => {}),
  tell: () => {},
  onStarted: () => () => {},
}
const host = { saveFile: async () => ({ kind: 'cancelled' as const }) }
const dataKey = openDataKey(folder, null)
const { handlers } = createPlugins({
  ...{ db, folder: join(folder, 'plugins'), dataKey, worker, audit },
  tasks,
  notify,
  host,
  log,
})
const me = { actor: 'cli' } as const
say('open')

const operation = { operationId: 'now', summary: 'Now', responses: { 200: { description: 'ok' } } }
const first = db.get<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM plugin_versions')!.id
for (let n = first + 1; ; n++) {
  const info = { title: 'Weather', version: `1.0.${n}`, description: 'Weather' }
  const document = {
    openapi: '3.0.0',
    info,
    servers: [{ url: 'https://a.example' }],
    paths: { '/now': { get: operation } },
  }
  const files = [
    { path: 'pack/weather.json', bytes: Buffer.from(JSON.stringify(document)) },
    ...Array.from({ length: 8 }, (_, at) => ({
      path: `pack/assets/${at}.txt`,
      bytes: Buffer.alloc(20_000, `${n} ${at} `),
    })),
  ]
  const list = files.map(({ path, bytes }) => ({ path, size: bytes.length }))
  const { uploadId } = await handlers.beginUpload({ name: 'pack', files: list }, me)
  for (const [file, { bytes }] of files.entries()) {
    await handlers.appendUpload({ uploadId, file, offset: 0, data: bytes.toString('base64') }, me)
  }
  say('sent')
  const { plugins } = await handlers.finishUpload({ uploadId, activate: n % 2 === 0 }, me)
  const { id, versionId } = plugins[0]!
  if (n % 2 !== 0) await handlers.activate({ versions: [{ id, versionId }] }, me)
  say(`active ${versionId}`)
  // Ending by itself, it leaves its compiled modules for those that are killed.
  if (process.argv[3] === 'once') process.exit()
}
