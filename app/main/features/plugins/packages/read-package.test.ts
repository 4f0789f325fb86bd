import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageFiles } from '../../../../../tests/lib/package-files.ts'
import { tempFolder } from '../../../../../tests/lib/temp-folder.ts'
import { limits } from './package-types.ts'
import { readFiles, readPackage } from './read-package.ts'

const api = (title: string) => `openapi: 3.0.0
info: {title: ${title}, description: x, version: '1'}
servers: [{url: 'https://a.example'}]
paths: {}
`
const brief = ({ kind, plugins, findings }: Awaited<ReturnType<typeof readFiles>>) => ({
  kind,
  plugins: plugins.map(({ id }) => id),
  said: findings.map(({ code, file, line }) => `${code} ${file}:${line ?? ''}`),
})

test('a folder and a single file are told by what is in them', async () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'docs'))
  writeFileSync(join(folder, 'docs', 'b.yaml'), api('Same'))
  writeFileSync(join(folder, 'a.yml'), api('Same'))
  writeFileSync(join(folder, 'notes.json'), '{"a": 1}')
  writeFileSync(join(folder, 'torn.json'), '{"a": [1, }')
  const read = async (path: string) => brief(await readPackage(path, { strict: false }))
  expect([await read(folder), await read(join(folder, 'a.yml')), await read(join(folder, 'notes.json'))]).toEqual([
    {
      kind: 'openapi',
      plugins: ['same', 'same-2'],
      said: ['NO_OPERATIONS a.yml:4', 'NO_OPERATIONS docs/b.yaml:4', 'JSON_SYNTAX torn.json:1'],
    },
    { kind: 'openapi', plugins: ['same'], said: ['NO_OPERATIONS a.yml:4'] },
    { kind: null, plugins: [], said: ['PACKAGE_NOT_RECOGNISED notes.json:'] },
  ])
  expect((await readPackage(join(folder, 'none'), { strict: false })).findings.map(({ code }) => code)).toEqual([
    'PACKAGE_UNREADABLE',
  ])
})

test('too many findings end with how many more there are, and the gravest stay', async () => {
  const paths = Array.from({ length: 2000 }, (_, i) => `  /p${i}: {get: {responses: {}}}`)
  const text = `${api('Long').replace('paths: {}\n', 'paths:\n')}${paths.join('\n')}\n  wrong: {get: {}}\n`
  const { findings } = await readFiles(packageFiles({ 'a.yaml': text }), { strict: false })
  expect([findings.length, findings.filter(({ severity }) => severity === 'error'), findings.at(-1)]).toEqual([
    limits.findings,
    [expect.objectContaining({ code: 'PATH_WRONG', line: 2005 })],
    expect.objectContaining({ code: 'MORE_FINDINGS', details: { count: 2000 * 3 + 4 - (limits.findings - 1) } }),
  ])
})
