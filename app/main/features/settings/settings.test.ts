import { expect, test } from 'vitest'
import { tempDatabase } from '../../../../tests/lib/temp-database.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import { defaultSettings } from '../../../shared/contracts/settings.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../../db/db.ts'
import type { AuditSubject } from '../../lib/audit.ts'
import { silentLog } from '../../lib/log.ts'
import { createSettings, settingsHandlers } from './settings.ts'

function open(db: Db, note: (subject: AuditSubject) => void = () => {}) {
  const warned: unknown[] = []
  const log = {
    ...silentLog,
    warn: (_: string, message: string, fields?: object) => void warned.push([message, fields]),
  }
  const settings = createSettings({ db, audit: { note, perform: (_, work) => work() }, log })
  return { ...settings, warned }
}

test('a value that is broken or from another version falls back to its default, alone, and is logged', () => {
  const db = tempDatabase(tempFolder())
  const row = (key: string, value: string) => db.run('INSERT INTO settings VALUES (?, ?)', key, value)
  row('theme', '"dark"')
  row('language', '"klingon"')
  row('dockerEndpoint', '{"kind":')
  row('abolished', '1')
  const settings = open(db)
  expect([settings.current(), settings.warned]).toEqual([
    { ...defaultSettings, theme: 'dark' },
    [
      ['value not usable, default taken', { key: 'language' }],
      ['value not usable, default taken', { key: 'dockerEndpoint' }],
    ],
  ])
})

test('a setting that cannot be audited is not changed', () => {
  const db = tempDatabase(tempFolder())
  const settings = open(db, () => {
    throw new AppError('DISK_FULL', { folder: '/data' })
  })
  const followed: string[] = []
  settings.follow(({ theme }) => void followed.push(theme))
  expect(() => settings.set({ theme: 'dark' }, 'browser')).toThrow('full')
  expect([followed, settings.current().theme, open(db).current().theme]).toEqual([['system'], 'system', 'system'])
})

test('what the system refuses is not kept', async () => {
  const settings = open(tempDatabase(tempFolder()))
  const handlers = settingsHandlers(settings, () => {
    throw new AppError('NOT_SUPPORTED', { reason: 'no desktop' })
  })
  expect(() => handlers.set({ startAtLogin: true }, { actor: 'browser' })).toThrow('no desktop')
  expect(settings.current().startAtLogin).toBe(false)
})
