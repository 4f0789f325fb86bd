import { readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canMount, fillDisk, mountDisk } from '../../../tests/lib/small-disk.ts'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'
import { databaseFile } from '../lib/data-folder.ts'
import { KEPT, listBackups, listGoodBackups, makeBackup, removePartialBackups } from './backups.ts'
import { backupsFolder, prepareDataFolder } from './data-folder.ts'
import { finishRestore, prepareRestore } from './restore.ts'
import { openStore } from './store-file.ts'

function open(folder: string) {
  prepareDataFolder(folder)
  const store = openStore(folder)
  if (store.kind === 'damaged') throw new Error(store.reason)
  onTestFinished(store.db.close)
  const { db } = store
  return {
    db,
    put: (value: string) => db.run("INSERT OR REPLACE INTO settings VALUES ('x', ?)", value),
    value: () => db.get<{ value: string }>("SELECT value FROM settings WHERE key = 'x'")?.value,
  }
}
const nothing = () => {}

test('backups are whole copies of the moment, and the seven newest stay', async () => {
  const folder = tempFolder()
  const { db, put } = open(folder)
  const made: string[] = []
  for (let i = 0; i < KEPT + 2; i++) {
    put(String(i))
    made.push((await makeBackup(db, folder, nothing)).name)
  }
  db.close()
  const kept = listBackups(folder).map(({ name }) => name)
  prepareRestore(folder, kept.at(-1)!)()

  expect({ kept, files: readdirSync(backupsFolder(folder)).length, restored: open(folder).value() }).toEqual({
    kept: made.slice(2).reverse(),
    files: KEPT,
    restored: '2',
  })
})

test('only whole backups are offered', async () => {
  const folder = tempFolder()
  const { db } = open(folder)
  const good = await makeBackup(db, folder, nothing)
  writeFileSync(join(backupsFolder(folder), 'pilothouse-20200101T000000000Z.db'), 'no database')
  writeFileSync(join(backupsFolder(folder), 'pilothouse-20210101T000000000Z.db'), '')
  writeFileSync(join(backupsFolder(folder), 'letter.txt'), '')
  expect([listBackups(folder).length, listGoodBackups(folder)]).toEqual([3, [good]])
})

test('a backup that is ended leaves nothing behind, and one that a crash cut is cleared away', async () => {
  const folder = tempFolder()
  const { db, put } = open(folder)
  put('x'.repeat(2_000_000))
  const ended = makeBackup(db, folder, () => {
    throw new Error('enough')
  })
  await expect(ended).rejects.toThrow('enough')
  const afterEnd = readdirSync(backupsFolder(folder))
  writeFileSync(join(backupsFolder(folder), 'pilothouse-20200101T000000000Z.db.partial'), '')
  removePartialBackups(folder)
  expect([afterEnd, readdirSync(backupsFolder(folder))]).toEqual([[], []])
})

test('a restore that a crash cut between its renames is ended by the next start', async () => {
  const folder = tempFolder()
  const { db, put } = open(folder)
  put('saved')
  const { name } = await makeBackup(db, folder, nothing)
  put('later')
  db.close()
  prepareRestore(folder, name)
  const copy = `${databaseFile(folder)}.restoring`
  finishRestore(folder)
  const untouched = [readdirSync(folder).includes('pilothouse.db.restoring'), open(folder).value()]
  prepareRestore(folder, name)
  renameSync(databaseFile(folder), `${databaseFile(folder)}.aside`)
  expect([untouched, open(folder).value(), readdirSync(folder).includes(copy)]).toEqual([
    [false, 'later'],
    'saved',
    false,
  ])
})

test('a database that vanished beside its backups is damage, not a fresh start', async () => {
  const folder = tempFolder()
  const { db } = open(folder)
  await makeBackup(db, folder, nothing)
  db.close()
  writeFileSync(databaseFile(folder), '')
  expect(openStore(folder)).toEqual({ kind: 'damaged', reason: 'the file is missing or empty' })
})

test.skipIf(!canMount)(
  'a full disk fails the backup with its name and leaves no half of one [needs root to mount a small disk]',
  async () => {
    const { folder, unmount } = mountDisk(2048)
    onTestFinished(unmount)
    const { db, put, value } = open(folder)
    put('kept')
    const free = fillDisk(folder)
    const failure = await makeBackup(db, folder, nothing).catch((error) => error.code)
    const left = readdirSync(backupsFolder(folder))
    free()
    const made = await makeBackup(db, folder, nothing)
    expect({ failure, left, value: value(), good: listGoodBackups(folder) }).toEqual({
      failure: 'DISK_FULL',
      left: [],
      value: 'kept',
      good: [made],
    })
  },
)
