import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createDefinitions, rowOf } from './load-plugin.ts'
import { inUse, readDocument } from './test-plugins.ts'

const document = `openapi: 3.0.1
info: { title: 港口, description: d, version: v1 }
servers: [{ url: 'https://harbour.example' }]
paths: {}
`

test('a definition is read once, however many want it, and the same row is the same plugin', async () => {
  const { load } = createDefinitions()
  const row = inUse(await readDocument(document))
  const [first, second] = await Promise.all([load(row), load({ ...row, recording: true })])
  rmSync(row.definitionFile)
  const later = await load(row)
  expect([later === first, second.definition === first.definition, second.recording]).toEqual([true, true, true])
  expect([await load(first), rowOf(first)]).toEqual([first, row])
})

test('those that were called last stay, as many bytes of them as may', async () => {
  const definition = await readDocument(document)
  const rows = [inUse(definition), inUse(definition), inUse(definition)] as const
  const size = readFileSync(rows[0].definitionFile).length
  const { load } = createDefinitions({ most: size * 2 })
  await load(rows[0])
  await load(rows[1])
  await load(rows[0])
  await load(rows[2])
  for (const { definitionFile } of rows) rmSync(definitionFile)
  const kept = await Promise.all(
    rows.map((row) =>
      load(row).then(
        () => 'kept',
        (error) => error.code,
      ),
    ),
  )
  expect(kept).toEqual(['kept', 'PLUGIN_VERSION_UNUSABLE', 'kept'])
})

test('a file that could not be read is tried again', async () => {
  const { load } = createDefinitions()
  const row = inUse(await readDocument(document))
  const text = readFileSync(row.definitionFile)
  writeFileSync(row.definitionFile, 'no JSON')
  await expect(load(row)).rejects.toMatchObject({ code: 'PLUGIN_VERSION_UNUSABLE' })
  writeFileSync(row.definitionFile, text)
  expect([(await load(row)).definition.name, existsSync(row.definitionFile)]).toEqual(['港口', true])
})
