import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createFile, replaceFile } from './replace-file.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'replace-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

test('a source that fails in the middle leaves the old file and nothing beside it', async () => {
  const path = join(folder(), 'log.txt')
  await replaceFile(path, 'old')
  async function* broken() {
    yield Buffer.from('new, but only ha')
    throw new Error('the source ended')
  }
  const failure = await replaceFile(path, broken()).catch((error) => [error.code, error.details.reason])

  expect([failure, readFileSync(path, 'utf8'), readdirSync(join(path, '..'))]).toEqual([
    ['FILE_NOT_WRITTEN', 'the source ended'],
    'old',
    ['log.txt'],
  ])
})

test('of several that create the same file one wins, and its content stays', async () => {
  const path = join(folder(), 'key')
  const won = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (text) => ((await createFile(path, text)) ? text : null)),
  )

  expect(won.filter(Boolean)).toEqual([readFileSync(path, 'utf8')])
})
