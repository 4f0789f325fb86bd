import { expect, test } from 'vitest'
import { tempDatabase } from '../../../../tests/lib/temp-database.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Notice } from '../../../shared/contracts/notices.ts'
import { silentLog } from '../../lib/log.ts'
import { createNotices } from './notices.ts'

function open(folder: string) {
  const db = tempDatabase(folder)
  const notices = createNotices({ db, log: silentLog })
  let list: readonly Notice[] = []
  notices.follow((update) => {
    list = update.notices
    return true
  })
  return {
    ...notices,
    db,
    list: () => list,
    codes: () => list.map(({ code, details }) => [code, ...Object.values(details)]),
  }
}

test('a notice stays until dismissed, through restarts, and is not repeated meanwhile', () => {
  const folder = tempFolder()
  const first = open(folder)
  const full = { severity: 'fail', code: 'DISK_FULL', details: { folder: '/data' } } as const
  first.notify(full)
  first.notify(full)
  first.notify({ ...full, details: { folder: '/other' } })
  const second = open(folder)
  second.notify(full)
  const told = second.codes()
  second.dismiss(second.list().at(-1)!.id)
  const left = second.codes()
  second.notify(full)

  expect({ told, left, again: second.codes(), stored: open(folder).codes() }).toEqual({
    told: [
      ['DISK_FULL', '/other'],
      ['DISK_FULL', '/data'],
    ],
    left: [['DISK_FULL', '/other']],
    again: [
      ['DISK_FULL', '/data'],
      ['DISK_FULL', '/other'],
    ],
    stored: second.codes(),
  })
})

test('what is said once ever is not said again after it was dismissed', () => {
  const folder = tempFolder()
  const root = { severity: 'info', code: 'DOCKER_IS_ROOT', details: {} } as const
  const first = open(folder)
  first.notify(root)
  first.dismiss(first.list()[0]!.id)
  first.notify(root)
  const second = open(folder)
  second.notify(root)
  expect([first.codes(), second.codes()]).toEqual([[], []])
})

test('what says more takes the place of what said less', () => {
  const folder = tempFolder()
  const notices = open(folder)
  const cut = { severity: 'warn', code: 'ACTION_INTERRUPTED' } as const
  const details = { action: 'service.recreate', target: 'service db' }
  notices.notify({ ...cut, details })
  notices.notify({ ...cut, details: { ...details, state: 'restored' } })
  notices.notify({ ...cut, details: { ...details, target: 'service web' } })
  const expected = [
    ['ACTION_INTERRUPTED', 'service.recreate', 'service web'],
    ['ACTION_INTERRUPTED', 'service.recreate', 'service db', 'restored'],
  ]
  expect([notices.codes(), open(folder).codes()]).toEqual([expected, expected])
})

test('a notice that cannot be written is shown all the same', () => {
  const notices = open(tempFolder())
  notices.db.close()
  notices.notify({ severity: 'warn', code: 'LOG_NOT_WRITTEN', details: { reason: 'disk' } })
  expect(notices.codes()).toEqual([['LOG_NOT_WRITTEN', 'disk']])
})
