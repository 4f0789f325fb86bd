// Small documents that would take hours or fill the memory if each reference, alias or mistake were followed as it asks.
import { expect, test } from 'vitest'
import { cpuMs } from '../../../../../tests/lib/cpu-time.ts'
import { packageFiles } from '../../../../../tests/lib/package-files.ts'
import { readDocument } from './document.ts'
import { limits } from './package-types.ts'
import { readFiles } from './read-package.ts'

const head = `openapi: 3.0.3
info: {title: t, description: d, version: v1}
servers: [{url: 'https://a.example'}]
`
const ok = `responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}`
const lines = (count: number, line: (n: number) => string) => Array.from({ length: count }, (_, n) => line(n)).join('')

/** How often each code is told, and that the time that it took is no matter of hours. */
async function codes(contents: Record<string, string>) {
  const since = cpuMs()
  const { plugins, findings } = await readFiles(packageFiles(contents), { strict: false })
  expect(cpuMs() - since).toBeLessThan(20_000)
  // What is stored must be writable.
  expect(JSON.stringify(plugins).length).toBeLessThan(400_000_000)
  return new Set(findings.map(({ code }) => code))
}

test('schemas that name each other eight times on each of 25 levels', async () => {
  const schemas = lines(25, (n) => {
    const parts = Array(8).fill(`{$ref: '#/components/schemas/S${n + 1}'}`)
    return `    S${n}: {allOf: [${parts.join(', ')}]}\n`
  })
  const body = `{content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}`
  const text = `${head}paths:
  /a: {post: {operationId: a, summary: A, requestBody: ${body}, ${ok}}}
components:
  schemas:
${schemas}    S25: {type: string}
`
  expect(await codes({ 'a.yaml': text })).toEqual(new Set(['BODY_NOT_OBJECT']))
})

test('a large part that is referred to from everywhere', async () => {
  const part = `      content:
        application/json:
          schema:
            type: array
            items: {type: integer}
            enum:
${lines(50_000, (n) => `            - ${n}\n`)}`
  const body = `requestBody: {$ref: '#/components/requestBodies/Large'}`
  const bodies = lines(3000, (n) => `  /b${n}: {post: {operationId: b${n}, summary: B, ${body}, ${ok}}}\n`)
  const items = lines(3000, (n) => `  /i${n}: {$ref: '#/components/pathItems/Large'}\n`)
  const text = (paths: string) => `${head}paths:
${paths}components:
  requestBodies:
    Large:
${part}  pathItems:
    Large:
      get:
        operationId: get
        summary: G
        ${ok}
        x-large:
${lines(50_000, (n) => `        - ${n}\n`)}`
  expect([await codes({ 'a.yaml': text(bodies) }), await codes({ 'a.yaml': text(items) })]).toEqual([
    new Set(['BUNDLE_TOO_LARGE', 'BODY_NOT_OBJECT', 'BODY_EMPTY', 'MORE_FINDINGS']),
    new Set(['BUNDLE_TOO_LARGE', 'OPERATION_ID_DUPLICATE']),
  ])
})

test('thousands of the same name, a chain of thousands, and signs that look like the beginning of something', async () => {
  const paths = lines(20_000, (n) => `  /p${n}: {get: {operationId: same, summary: S, ${ok}}}\n`)
  const chain = lines(20_000, (n) => `    S${n}: {$ref: '#/components/schemas/S${n + 1}'}\n`)
  const signs = `  /s: {get: {operationId: s, description: '${'<'.repeat(500_000)}', ${ok}}}\n`
  expect([
    await codes({ 'a.yaml': `${head}paths:\n${paths}` }),
    await codes({ 'a.yaml': `${head}paths: {}\ncomponents:\n  schemas:\n${chain}` }),
    await codes({ 'a.yaml': `${head}paths:\n${signs}` }),
    await codes({ 'a.yaml': `swagger: '2.0'\ninfo: {title: t}\nhost: h\nbasePath: '${'/'.repeat(500_000)}x'\n` }),
  ]).toEqual([
    new Set(['OPERATION_ID_DUPLICATE', 'MORE_FINDINGS']),
    new Set(['REFERENCE_MISSING', 'MORE_FINDINGS']),
    new Set(['SUMMARY_MISSING']),
    new Set(['OPENAPI_LOWERED', 'FIELD_MISSING', 'INFO_MISSING', 'SERVER_INVALID', 'SERVER_MISSING', 'NO_OPERATIONS']),
  ])
})

test('one document that every other one of the package reads anew', async () => {
  const size = 5 * 1024 * 1024
  const many = Math.ceil(limits.readBytes / size) + 1
  const others = Array.from({ length: many }, (_, n) => [`a${n}.yaml`, `${head}paths: {/a: {$ref: large.yaml}}\n`])
  const told = await codes({ ...Object.fromEntries(others), 'large.yaml': `x: ${'y'.repeat(size)}\n` })
  expect(told.has('FILE_UNREADABLE')).toBe(true)
})

const said = (text: string) =>
  readDocument('a.yaml', text).findings.map(({ code, line, column }) => `${code} ${line}:${column}`)

test('YAML of nothing but marks: as much of it is read as tells what is wrong with it', () => {
  const tabs = said(`a: &b 1\nx:\n${'\ty: 1\n'.repeat(300_000)}`)
  expect([
    said(`a: &b 1\nx:\n${'-\n'.repeat(2_000_000)}`).map((one) => one.split(' ')[0]),
    [tabs.length, tabs[0]],
    said(`a: &b ${'['.repeat(1_000_000)}`),
  ]).toEqual([['DOCUMENT_TOO_LARGE'], [50, 'YAML_TAB 3:1'], ['DOCUMENT_TOO_DEEP 1:207']])
})

test('a long text that many aliases stand for', () => {
  expect(said(`a: &a '${'x'.repeat(1_000_000)}'\nb:\n${'- *a\n'.repeat(1000)}`)).toEqual(['YAML_ALIAS_BOMB 12:3'])
})
