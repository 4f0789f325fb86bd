import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { folders, texts } from '../../../../../tests/lib/package-samples.ts'
import { tempFolder } from '../../../../../tests/lib/temp-folder.ts'
import { writeZip } from '../../../../../tests/lib/zip-writer.ts'
import { readPackage } from './read-package.ts'

async function kindOf(path: string): Promise<string> {
  const { kind, plugins } = await readPackage(path, { strict: false })
  return `${kind} ${plugins.length}`
}

test('every kind is told by what is in it: as a zip, as a folder, as one file', async () => {
  const folder = tempFolder()
  const kinds: string[][] = []
  for (const [n, files] of folders.entries()) {
    const zip = join(folder, `${n}.bin`)
    writeFileSync(zip, writeZip(Object.entries(files).map(([name, data]) => ({ name: `inside/${name}`, data }))))
    for (const [name, data] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, String(n), name)), { recursive: true })
      writeFileSync(join(folder, String(n), name), data)
    }
    kinds.push([await kindOf(zip), await kindOf(join(folder, String(n)))])
  }
  const single: string[] = []
  for (const text of texts.slice(0, 3)) {
    writeFileSync(join(folder, 'one'), text)
    single.push(await kindOf(join(folder, 'one')))
  }
  expect({ kinds, single }).toEqual({
    kinds: [
      ['coze 1', 'coze 1'],
      // Its signature is a wrong one: it is read, and the finding says so.
      ['xpkg 1', 'xpkg 1'],
      ['dify 1', 'dify 1'],
      ['openapi 1', 'openapi 1'],
    ],
    single: ['openapi 1', 'postman 1', 'curl 1'],
  })
})

test('a manifest of something else makes no .xpkg of it', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'manifest.json'), '{"name":"a page","icons":[]}')
  expect(await kindOf(folder)).toBe('null 0')
})
