import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import { createJournal, journalFile, journalFiles } from './journal.ts'

const reading = (folder: string) =>
  journalFiles(folder).map((number) => readFileSync(journalFile(folder, number), 'utf8'))

test('nothing is made before there is a line; lines of one turn are written together, for nobody else to read', async () => {
  const folder = join(tempFolder(), 'gateway')
  const journal = createJournal({ folder, lost: (reason) => expect.fail(reason) })
  expect(journalFiles(folder)).toEqual([])
  journal.append('one\n')
  journal.append('two\n')
  const before = journalFiles(folder)
  await journal.written()
  const first = reading(folder)
  journal.append('水\n')
  journal.flush()
  const [number] = journalFiles(folder)
  expect([before, first, reading(folder), statSync(journalFile(folder, number!)).mode & 0o777]).toEqual([
    [],
    ['one\ntwo\n'],
    ['one\ntwo\n水\n'],
    0o600,
  ])
  await journal.written()
  journal.close()
})

test('a large file is followed by another, and a journal begins with one of its own', () => {
  const folder = tempFolder()
  const write = (...lines: string[]) => {
    const journal = createJournal({ folder, lost: (reason) => expect.fail(reason), mostBytes: 6 })
    for (const line of lines) {
      journal.append(line)
      journal.flush()
    }
    journal.close()
  }
  write('one\n', 'two\n', 'three\n')
  write('four\n')
  expect(reading(folder)).toEqual(['one\ntwo\n', 'three\n', 'four\n'])
})

test('where nothing can be written lines are told as lost, and nothing fails or waits', async () => {
  const folder = join(tempFolder(), 'gateway')
  writeFileSync(folder, 'no folder')
  const lost: unknown[] = []
  const journal = createJournal({ folder, lost: (...told) => lost.push(told) })
  journal.append('one\n')
  journal.append('two\n')
  await journal.written()
  journal.append('three\n')
  await journal.written()
  expect(lost).toEqual([
    [expect.stringContaining('EEXIST'), 2],
    ['the last lines could not be written either', 1],
  ])
  rmSync(folder)
  journal.close()
})
