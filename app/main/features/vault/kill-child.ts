// biome-ignore-all lint/style/noRestrictedImports: the test runs a whole console around the feature.
// A console that rotates its data key until it is killed; kill.test.ts kills it and looks at what is left.
import { join } from 'node:path'
import { openDatabase } from '../../db/db.ts'
import { migrate } from '../../db/migrate.ts'
import { openDataKey } from '../../lib/data-key.ts'
import { silentLog } from '../../lib/log.ts'
import { createAudit } from '../audit/audit.ts'
import { createKeys } from '../keys/keys.ts'
import { createSettings } from '../settings/settings.ts'
import { createVault } from './vault.ts'

const folder = process.argv[2]!
const db = openDatabase(join(folder, 'pilothouse.db'))
db.pragma('journal_mode = WAL')
db.pragma('synchronous = NORMAL')
migrate(db)
const log = silentLog
const notify = () => {}
const audit = createAudit({ db, log, notify })
const settings = createSettings({ db, audit, log })
const worker = { ask: () => new Promise<never>(() => {}), tell: () => {}, onStarted: () => () => {} }
const host = { saveFile: async () => ({ kind: 'cancelled' as const }) }
const dataKey = openDataKey(folder, null)
const plugins = { access: () => Promise.reject(new Error('there are none')), onChange: () => () => {} }
const keys = createKeys({ db, dataKey, worker, audit, notify, host, log, loadUse: () => [], plugins })
const { handlers } = createVault({ db, dataKey, sealed: [keys.reseal], audit, settings, log })
await dataKey
process.stdout.write('open\n')
for (let n = 1; ; n++) {
  await handlers.rotate({ passphrase: null }, { actor: 'cli' })
  process.stdout.write(`${n}\n`)
}
