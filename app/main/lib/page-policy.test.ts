import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { contentSecurityPolicy, readPageFile } from './page-policy.ts'

test('only files of the page are read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'index.html'), 'page')
  const read = async (path: string) => (await readPageFile(folder, path))?.body.toString() ?? null

  expect({
    root: await read('/'),
    parent: await read('/../../etc/hostname'),
    encodedParent: await read('/%2e%2e/%2e%2e/etc/hostname'),
    folder: await read('/.'),
    zero: await read('/%00'),
    malformed: await read('/%zz'),
    absent: await read('/nothing.js'),
  }).toEqual({
    root: 'page',
    parent: null,
    encodedParent: null,
    folder: null,
    zero: null,
    malformed: null,
    absent: null,
  })
})

test('the policy allows nothing unsafe', () => {
  expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/)
})
