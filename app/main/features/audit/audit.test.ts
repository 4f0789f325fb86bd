import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runScript } from '../../../../tests/lib/script.ts'
import { canMount, fillDisk, mountDisk } from '../../../../tests/lib/small-disk.ts'
import { tempDatabase } from '../../../../tests/lib/temp-database.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Entry } from '../../../shared/contracts/audit.ts'
import type { Notice } from '../../../shared/contracts/notices.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../../db/db.ts'
import type { AuditSubject } from '../../lib/audit.ts'
import { silentLog } from '../../lib/log.ts'
import { createAudit } from './audit.ts'

function open(folder: string) {
  const db = tempDatabase(folder)
  const noticed: string[] = []
  const notify = ({ code, details }: Pick<Notice, 'code' | 'details'>) =>
    void noticed.push(`${code} ${Object.values(details).join(' ')}`)
  const audit = createAudit({ db, log: silentLog, notify })
  onTestFinished(audit.stop)
  return { db, audit, noticed }
}
const subject = (name: string): AuditSubject => ({
  actor: 'browser',
  action: 'service.restart',
  target: `service ${name}`,
  targetId: name,
})
const story = (entries: readonly Entry[]) =>
  [...entries].reverse().map(({ sequence, targetId, outcome, ends, code }) => ({
    line: `${sequence} ${targetId} ${outcome}`,
    ...(ends === null ? {} : { ends }),
    ...(code === null ? {} : { code }),
  }))
const all = { before: null, targetId: null, limit: 100 }

test('what is performed stands as started and ended, what is noted as one line, and followers see each', async () => {
  const { audit } = open(tempFolder())
  const followed: string[] = []
  audit.follow((update) => {
    const entries = update.kind === 'snapshot' ? update.entries : [update.entry]
    followed.push(`${update.kind} ${entries.map(({ sequence }) => sequence)}`)
    return true
  })
  const value = await audit.perform(subject('db'), async () => 42)
  const refusal = new AppError('DOCKER_REFUSED', { status: 500, reason: 'no' })
  const thrown = await audit.perform(subject('web'), () => Promise.reject(refusal)).catch((error) => error)
  await audit.perform(subject('api'), () => Promise.reject(new AppError('CANCELLED'))).catch(() => {})
  audit.note({ ...subject('key'), before: { a: 1 }, after: { long: 'x'.repeat(20_000) } })
  const entries = audit.list(all)

  expect({ value, thrown, lines: story(entries), followed, verdict: await audit.verify() }).toEqual({
    value: 42,
    thrown: refusal,
    lines: [
      { line: '1 db started' },
      { line: '2 db done', ends: 1 },
      { line: '3 web started' },
      { line: '4 web failed', ends: 3, code: 'DOCKER_REFUSED' },
      { line: '5 api started' },
      { line: '6 api cancelled', ends: 5, code: 'CANCELLED' },
      { line: '7 key done' },
    ],
    followed: ['snapshot ', ...[1, 2, 3, 4, 5, 6, 7].map((sequence) => `appended ${sequence}`)],
    verdict: { kind: 'whole', entries: 7 },
  })
  expect(JSON.parse(entries[0]!.after!)).toEqual({ cutFrom: 20_011, beginning: expect.stringMatching(/^.{4000}$/) })
})

test('a page of older lines continues where the last one ended, for one target too', () => {
  const { audit } = open(tempFolder())
  for (let i = 1; i <= 9; i++) audit.note(subject(i % 2 ? 'odd' : 'even'))
  const page = (before: number | null, targetId: string | null) =>
    audit.list({ before, targetId, limit: 3 }).map(({ sequence }) => sequence)
  expect([page(null, null), page(7, null), page(null, 'even'), page(4, 'even')]).toEqual([
    [9, 8, 7],
    [6, 5, 4],
    [8, 6, 4],
    [2],
  ])
})

const forgeries: Record<string, { forge: (db: Db) => void; found: { sequence: number; reason: string } }> = {
  'a changed line': {
    forge: (db) => db.run("UPDATE audit SET target = 'service harmless' WHERE sequence = 3"),
    found: { sequence: 3, reason: 'changed' },
  },
  'a removed line': {
    forge: (db) => db.run('DELETE FROM audit WHERE sequence = 3'),
    found: { sequence: 3, reason: 'removed' },
  },
  'a removed end': {
    forge: (db) => db.run('DELETE FROM audit WHERE sequence > 3'),
    found: { sequence: 4, reason: 'removed' },
  },
  'a line added at the end': {
    forge: (db) =>
      db.run(
        "INSERT INTO audit SELECT 6, time, actor, action, 'x', 'x', before, after, outcome, code, ends, hash FROM audit WHERE sequence = 5",
      ),
    found: { sequence: 6, reason: 'inserted' },
  },
  'a line put in between, the later ones renumbered': {
    forge: (db) => {
      for (const sequence of [5, 4, 3]) db.run('UPDATE audit SET sequence = sequence + 1 WHERE sequence = ?', sequence)
      db.run(
        "INSERT INTO audit SELECT 3, time, actor, action, 'x', 'x', before, after, outcome, code, ends, hash FROM audit WHERE sequence = 2",
      )
      db.run('UPDATE audit_tail SET sequence = 6')
    },
    found: { sequence: 3, reason: 'changed' },
  },
  'a line put before the first': {
    forge: (db) =>
      db.run(
        "INSERT INTO audit SELECT 0, time, actor, action, 'x', 'x', before, after, outcome, code, ends, hash FROM audit WHERE sequence = 2",
      ),
    found: { sequence: 0, reason: 'inserted' },
  },
}
for (const [name, { forge, found }] of Object.entries(forgeries)) {
  test(`${name} is found and told`, async () => {
    const { db, audit, noticed } = open(tempFolder())
    for (const target of ['a', 'b', 'c', 'd', 'e']) audit.note(subject(target))
    for (const trigger of ['audit_never_changes', 'audit_never_shrinks', 'audit_only_appends']) {
      db.exec(`DROP TRIGGER ${trigger}`)
    }
    forge(db)
    expect([await audit.verify(), noticed]).toEqual([{ kind: 'broken', ...found }, [`AUDIT_BROKEN ${found.sequence}`]])
  })
}

test('the database itself refuses to change, remove, replace or slip in a line', () => {
  const { db, audit } = open(tempFolder())
  audit.note(subject('a'))
  const copy = (verb: string, sequence: number) =>
    `${verb} INTO audit SELECT ${sequence}, time, actor, action, target, target_id, before, after, outcome, code, ends, hash FROM audit`
  for (const sql of [
    "UPDATE audit SET target = 'x'",
    'DELETE FROM audit',
    copy('INSERT OR REPLACE', 1),
    copy('INSERT', 7),
  ]) {
    expect(() => db.run(sql)).toThrow('append-only')
  }
})

test('an action that kill -9 cut is interrupted at the next start, once', async () => {
  const folder = tempFolder()
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)
  const other = await runScript(`
    import { openDatabase } from ${url('../../db/db.ts')}
    import { migrate } from ${url('../../db/migrate.ts')}
    import { createAudit } from ${url('./audit.ts')}
    import { silentLog } from ${url('../../lib/log.ts')}
    const db = openDatabase(${JSON.stringify(join(folder, 'x.db'))})
    db.pragma('journal_mode = WAL')
    migrate(db)
    const audit = createAudit({ db, log: silentLog, notify: () => {} })
    audit.note({ actor: 'cli', action: 'settings.set', target: 'theme', targetId: 'settings' })
    void audit.perform(${JSON.stringify(subject('db'))}, () => {
      console.log('working')
      return new Promise(() => setInterval(() => {}, 1000))
    })
  `)
  await other.kill()
  const first = open(folder)
  const lines = story(first.audit.list(all))
  const second = open(folder)

  expect({
    lines,
    noticed: first.noticed,
    again: second.audit.list(all).length,
    noticedAgain: second.noticed,
    verdict: await second.audit.verify(),
  }).toEqual({
    lines: [{ line: '1 settings done' }, { line: '2 db started' }, { line: '3 db interrupted', ends: 2 }],
    noticed: ['ACTION_INTERRUPTED service.restart service db'],
    again: 3,
    noticedAgain: [],
    verdict: { kind: 'whole', entries: 3 },
  })
})

const disk = test.skipIf(!canMount)
disk(
  'a full disk refuses what has not begun, and owes the end of what has [needs root to mount a small disk]',
  async () => {
    const { folder, unmount } = mountDisk(1024)
    onTestFinished(unmount)
    const { audit, noticed } = open(folder)
    audit.note(subject('before'))
    let done = 0
    let free = () => {}
    await audit.perform(subject('db'), async () => {
      free = fillDisk(folder)
      done++
    })
    const refused = await audit
      .perform(subject('web'), async () => {
        done++
      })
      .catch((error) => error)
    const told = [...noticed]
    free()
    audit.note(subject('after'))

    expect({ refused, done, told, lines: story(audit.list(all)), verdict: await audit.verify() }).toEqual({
      refused: new AppError('DISK_FULL', { folder }),
      done: 1,
      told: [`DISK_FULL ${folder}`],
      lines: [
        { line: '1 before done' },
        { line: '2 db started' },
        { line: '3 db done', ends: 2 },
        { line: '4 after done' },
      ],
      verdict: { kind: 'whole', entries: 4 },
    })
  },
)
