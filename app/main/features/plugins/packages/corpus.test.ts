import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { ReadPackage } from './package-types.ts'
import { readPackage } from './read-package.ts'

// Real documents of others, which are not ours to keep here.
const corpus = fileURLToPath(new URL('../../../../../../shared/corpus', import.meta.url))
const openapi = `${corpus}/openapi`
const here = existsSync(`${openapi}/INDEX.json`)
const index: { file: string }[] = here ? JSON.parse(readFileSync(`${openapi}/INDEX.json`, 'utf8')) : []

/** The lines at which these documents are known to be wrong. */
const invalid: Record<string, string[]> = {
  'libopenapi-all-the-components.yaml': ['196 REFERENCE_MISSING'],
  'libopenapi-badref-burgershop.openapi.yaml': [
    '38 REFERENCE_MISSING',
    '56 REFERENCE_WRONG',
    '90 REFERENCE_EXTERNAL',
    '151 REFERENCE_WRONG',
    '220 REFERENCE_MISSING',
    '294 REFERENCE_MISSING',
  ],
  'libopenapi-mixedref-burgershop.openapi.yaml': [38, 56, 111, 169, 225, 237].map(
    (line) => `${line} REFERENCE_EXTERNAL`,
  ),
  'libopenapi-xsoar.json': ['1983 REFERENCE_MISSING', '2006 REFERENCE_MISSING'],
  'libopenapi-swagger-invalid-recursive-model.yaml': [35, 47, 59].map((line) => `${line} SCHEMA_RECURSIVE`),
}
/** What these refer to is not in the corpus. */
const torn = ['libopenapi-digitalocean.yaml', 'libopenapi-redocly-starter.yaml']

const callable = ({ plugins }: ReadPackage) => {
  const tools = plugins.flatMap((plugin) => plugin.tools)
  return { tools: tools.length, callable: tools.filter(({ disabled }) => disabled === null).length }
}

describe.skipIf(!here)('[needs the corpus beside the project]', () => {
  test('the Coze folder is 18 plugins with 73 tools', async () => {
    const read = await readPackage(`${corpus}/coze`, { strict: false })
    expect([read.plugins.length, callable(read)]).toEqual([18, { tools: 73, callable: 73 }])
    expect(read.findings.map(({ code, line }) => `${code} ${line}`)).toEqual(['FIELD_MISSING 846'])
  })

  test.each(index.map(({ file }) => file))('%s', async (file) => {
    const read = await readPackage(`${openapi}/${file}`, { strict: false })
    const told = read.findings
      .filter(({ code }) => /REFERENCE|RECURSIVE/.test(code))
      .map(({ code, line }) => `${line} ${code}`)
    if (torn.includes(file)) expect(told.length).toBeGreaterThan(0)
    else {
      expect(told).toEqual(invalid[file] ?? [])
      const { tools, callable: usable } = callable(read)
      if (!(file in invalid)) expect(usable).toBeGreaterThanOrEqual(tools * 0.95)
      expect(read.plugins.length).toBe(1)
    }
  })

  test('a document that is spread over files is read whole', async () => {
    const read = await readPackage(`${openapi}/multifile-nested`, { strict: false })
    expect([read.findings.filter(({ severity }) => severity === 'error'), callable(read)]).toEqual([
      [],
      { tools: 7, callable: 7 },
    ])
  })
})
