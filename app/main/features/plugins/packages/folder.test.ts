import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../../../tests/lib/temp-folder.ts'
import { openFile, openFolder } from './folder.ts'

function packageFolder(files: Record<string, string>): string {
  const folder = tempFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

test('the files of a folder, without what is hidden', async () => {
  const folder = packageFolder({
    'plugin_meta.yaml': '[]',
    'docs/天气.yaml': 'a: 1',
    '.git/config': 'x',
    'node_modules/x/index.js': 'x',
  })
  const { files, findings } = await openFolder(folder)
  expect(findings).toEqual([])
  expect(files!.files).toEqual([
    { path: 'docs/天气.yaml', size: 4 },
    { path: 'plugin_meta.yaml', size: 2 },
  ])
  expect(Buffer.from(await files!.read('docs/天气.yaml')).toString()).toBe('a: 1')
  expect(await files!.hash('plugin_meta.yaml')).toBe(createHash('sha256').update('[]').digest('hex'))
  await files!.close()
})

test('links are told and not followed, not even one that appears later', async () => {
  const folder = packageFolder({ 'a/b.yaml': 'x' })
  const outside = packageFolder({ 'b.yaml': 'secret' })
  symlinkSync(join(outside, 'b.yaml'), join(folder, 'link.yaml'))
  symlinkSync(outside, join(folder, 'linked'))
  const { files, findings } = await openFolder(folder)
  expect(files!.files).toEqual([{ path: 'a/b.yaml', size: 1 }])
  expect(findings.map(({ code, file }) => [code, file]).sort()).toEqual([
    ['FOLDER_LINK_SKIPPED', 'link.yaml'],
    ['FOLDER_LINK_SKIPPED', 'linked'],
  ])
  rmSync(join(folder, 'a'), { recursive: true })
  symlinkSync(outside, join(folder, 'a'))
  await expect(files!.read('a/b.yaml')).rejects.toMatchObject({ code: 'PACKAGE_REFUSED' })
  await expect(files!.read('linked/b.yaml')).rejects.toMatchObject({ code: 'PACKAGE_REFUSED' })
})

test('a file that grew since it was listed is refused', async () => {
  const folder = packageFolder({ 'a.yaml': 'x' })
  const { files } = await openFolder(folder)
  writeFileSync(join(folder, 'a.yaml'), 'xy')
  await expect(files!.read('a.yaml')).rejects.toMatchObject({ code: 'PACKAGE_REFUSED' })
})

test('a folder that is too deep is refused', async () => {
  const { files, findings } = await openFolder(packageFolder({ [`${'a/'.repeat(40)}b`]: '' }))
  expect([files, findings.map(({ code }) => code)]).toEqual([null, ['FOLDER_TOO_DEEP']])
})

test('one document is a package of one file', async () => {
  const folder = packageFolder({ 'api.yaml': 'openapi: 3.0.0' })
  const { files } = await openFile(join(folder, 'api.yaml'))
  expect(files!.files).toEqual([{ path: 'api.yaml', size: 14 }])
  expect(Buffer.from(await files!.read('api.yaml')).toString()).toBe('openapi: 3.0.0')
  await expect(openFile(folder)).rejects.toMatchObject({ code: 'PACKAGE_REFUSED' })
  await expect(openFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'PACKAGE_REFUSED' })
  await expect(openFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'PACKAGE_REFUSED' })
})
