import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runScript } from '../../../tests/lib/script.ts'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'
import { AppError } from '../../shared/errors.ts'
import { databaseFile, makeDataFolder } from '../lib/data-folder.ts'
import { backupsFolder, prepareDataFolder } from './data-folder.ts'
import { openDatabase } from './db.ts'
import { lockDataFolder } from './lock.ts'
import { migrate, migrations, schemaVersion } from './migrate.ts'
import { storeFailure } from './store-failure.ts'
import { openStore } from './store-file.ts'

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
const failureOf = (work: () => unknown) => {
  try {
    work()
    return null
  } catch (error) {
    return error instanceof AppError ? { code: error.code, details: error.details } : error
  }
}

test('a failing migration leaves the version before it whole', () => {
  const db = openDatabase(join(tempFolder(), 'x.db'))
  const first = 'CREATE TABLE a (x)'
  expect(() => migrate(db, [first, 'CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)'])).toThrow('nowhere')
  const tables = () => db.all<{ name: string }>('SELECT name FROM sqlite_schema').map(({ name }) => name)
  const afterFailure = { version: schemaVersion(db), tables: tables() }
  migrate(db, [first, 'CREATE TABLE b (x)'])

  expect({ afterFailure, version: schemaVersion(db), tables: tables() }).toEqual({
    afterFailure: { version: 1, tables: ['a'] },
    version: 2,
    tables: ['a', 'b'],
  })
  db.close()
})

test('a database of a newer version is refused, not touched', () => {
  const folder = tempFolder()
  prepareDataFolder(folder)
  const db = openDatabase(databaseFile(folder))
  db.pragma('user_version = 99')
  db.exec('CREATE TABLE future (x)')
  db.close()
  expect(failureOf(() => openStore(folder))).toEqual({
    code: 'STORE_TOO_NEW',
    details: { found: 99, known: migrations.length },
  })
})

test('the data folder and the database are for their owner alone; a folder that is not ours keeps its mode', () => {
  const own = join(tempFolder(), 'new', 'folder')
  const foreign = tempFolder()
  chmodSync(foreign, 0o755)
  writeFileSync(join(foreign, 'letter.txt'), '')
  for (const folder of [own, foreign]) {
    makeDataFolder(folder)
    prepareDataFolder(folder)
    const store = openStore(folder)
    if (store.kind === 'ready') {
      store.db.run("INSERT INTO settings VALUES ('x', '1')")
      expect([mode(databaseFile(folder)), mode(`${databaseFile(folder)}-wal`)]).toEqual(['600', '600'])
      store.db.close()
    }
  }
  expect([mode(own), mode(backupsFolder(own)), mode(foreign)]).toEqual(['700', '700', '755'])
})

test('overwritten pages, foreign content and a vanished file are damage, each with its reason', async () => {
  const kinds = {
    pages: (file: string) => {
      const bytes = readFileSync(file)
      writeFileSync(file, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0x5a)]))
    },
    foreign: (file: string) => writeFileSync(file, 'this was never a database'.repeat(1000)),
  }
  const reasons: Record<string, string> = {}
  for (const [name, damage] of Object.entries(kinds)) {
    const folder = tempFolder()
    prepareDataFolder(folder)
    const store = openStore(folder)
    if (store.kind === 'ready') store.db.close()
    damage(databaseFile(folder))
    const again = openStore(folder)
    reasons[name] = again.kind === 'damaged' ? again.reason : 'ready'
  }
  expect(reasons).toEqual({ pages: expect.stringMatching(/./), foreign: 'file is not a database' })
  expect(reasons['pages']).not.toBe('ready')
})

test('a transaction is whole or nothing, and its effects happen only when it is written', () => {
  const db = openDatabase(join(tempFolder(), 'x.db'))
  db.exec('CREATE TABLE a (x)')
  const seen: string[] = []
  const write = (name: string, fail: boolean) =>
    db.transaction(() => {
      db.transaction(() => db.run('INSERT INTO a VALUES (?)', name))
      db.afterCommit(() => seen.push(name))
      if (fail) throw new Error('no')
    })
  expect(() => write('lost', true)).toThrow('no')
  write('kept', false)
  expect({ seen, rows: db.all('SELECT x FROM a') }).toEqual({ seen: ['kept'], rows: [{ x: 'kept' }] })
  db.close()
  expect(failureOf(() => db.run('INSERT INTO a VALUES (1)'))).toEqual({ code: 'DISCONNECTED', details: {} })
})

test('failures of the disk become codes, bugs stay what they are', () => {
  const coded = (code: string) => storeFailure(Object.assign(new Error('why'), { code }), '/data')
  const bug = Object.assign(new Error('syntax'), { code: 'SQLITE_ERROR' })
  expect([
    coded('SQLITE_FULL'),
    coded('ENOSPC'),
    coded('EROFS'),
    coded('SQLITE_CORRUPT_VTAB'),
    storeFailure(bug, '/'),
  ]).toEqual([
    new AppError('DISK_FULL', { folder: '/data' }),
    new AppError('DISK_FULL', { folder: '/data' }),
    new AppError('DATA_FOLDER_UNUSABLE', { folder: '/data', reason: 'why (EROFS)' }),
    new AppError('STORE_DAMAGED', { reason: 'why' }),
    bug,
  ])
})

test('a data folder that is a file is refused with the reason', () => {
  const folder = join(tempFolder(), 'file')
  writeFileSync(folder, '')
  expect(failureOf(() => prepareDataFolder(folder))).toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' })
})

test('a second console in this process is refused until the first lets go', () => {
  const folder = tempFolder()
  const unlock = lockDataFolder(folder)
  const refused = failureOf(() => lockDataFolder(folder))
  unlock()
  const again = lockDataFolder(folder)
  again()
  expect(refused).toEqual({ code: 'DATA_FOLDER_IN_USE', details: { folder, pid: String(process.pid) } })
})

test('another process is refused with the pid of the first, and let in once that was killed', async () => {
  const folder = tempFolder()
  mkdirSync(folder, { recursive: true })
  const other = await runScript(`
    import { lockDataFolder } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)}
    lockDataFolder(${JSON.stringify(folder)})
    console.log(process.pid)
    setInterval(() => {}, 1000)
  `)
  const refused = failureOf(() => lockDataFolder(folder))
  await other.kill()
  const unlock = lockDataFolder(folder)
  unlock()
  expect(refused).toEqual({ code: 'DATA_FOLDER_IN_USE', details: { folder, pid: other.line } })
})
