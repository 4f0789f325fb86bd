import { expect, test } from 'vitest'
import { pluginRows } from './plugin-rows.ts'
import { me, openWorld } from './test-world.ts'
import type { VersionFacts } from './version-facts.ts'

const facts = (n: number): VersionFacts => ({
  ...{
    kind: 'openapi',
    name: `Plugin ${n}`,
    nameForModel: `plugin_${n}`,
    version: 'v1.0.0',
    description: 'One of many',
  },
  ...{
    author: '',
    license: '',
    provider: '',
    server: 'https://api.example.com',
    signature: 'none',
    auth: 'serviceToken',
  },
  models: [],
  configuration: [
    {
      name: 'service_token',
      label: 'Token',
      kind: 'secret',
      required: true,
      default: null,
      options: [],
      maxLength: null,
    },
  ],
  provided: {},
  ...{ toolCount: 20, callableCount: 20, repairCount: 0, errorCount: 0, warningCount: 0 },
})

test('a thousand plugins with twenty thousand tools open, are listed and searched', async () => {
  const first = await openWorld()
  const rows = pluginRows(first.db)
  first.db.transaction(() => {
    const kept = { kind: 'openapi', name: 'many', source: 'drop', broughtBy: 'browser' } as const
    rows.addPackage({ id: 'p', sha256: 'x', ...kept, broughtAt: 1, sizeBytes: 1, fileCount: 0 }, [])
    for (let n = 0; n < 1000; n++) {
      rows.addPlugin(`${n}`, n)
      const tools = Array.from({ length: 20 }, (_, at) => ({
        ...{ id: `${n}-${at}`, operationId: `operation_${n}_${at}`, summary: `查询 item ${at} of ${n}` },
        ...{ method: 'GET', path: `/things/${n}/${at}`, disabled: null },
      }))
      const version = {
        pluginId: `${n}`,
        packageId: 'p',
        number: n,
        contentHash: '',
        foreign: false,
        activatedAt: 1,
        facts: facts(n),
      }
      rows.changePlugin(`${n}`, 1, { activeVersion: rows.addVersion(version, tools) })
    }
  })
  await first.close()
  const world = await openWorld({ folder: first.folder })
  const search = async (text: string) => (await world.handlers.search({ text }, me)).tools

  expect([
    world.list().length,
    (await search('operation_7_1')).map(({ operationId }) => operationId).slice(0, 2),
    (await search('查询 plugin things/999/19')).map(({ pluginName }) => pluginName),
    (await search('item')).length,
    (await search('')).length,
    await search("' OR 1=1 --"),
    await search('%'),
  ]).toEqual([1000, ['operation_7_1', 'operation_7_10'], ['Plugin 999'], 50, 50, [], []])
})
