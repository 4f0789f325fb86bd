import { expect, test } from 'vitest'
import { document, type Files, xpkg } from '../test-packages.ts'
import { me, openWorld } from '../test-world.ts'

/** A Coze folder: an entry for each document, signed in with a token that stands in the package. */
function coze(documents: Readonly<Record<string, string>>): Files {
  const entries = Object.keys(documents).map((name, at) => ({
    ...{
      plugin_id: 100 + at,
      product_id: 200 + at,
      deprecated: false,
      version: 'v1.0.0',
      openapi_doc_file: `${name}.yaml`,
    },
    plugin_type: 1,
    manifest: {
      ...{ schema_version: 'v1', name_for_model: name, name_for_human: name, description_for_model: name },
      ...{ description_for_human: name, logo_url: '', api: { type: 'openapi' }, common_params: {} },
      auth: {
        ...{ type: 'service_http', sub_type: 'token/api_key' },
        payload: JSON.stringify({ key: 'Authorization', service_token: 'Bearer planted-token', location: 'Header' }),
      },
    },
    tools: [{ tool_id: 300 + at, deprecated: false, method: 'get', sub_url: `/${name}` }],
  }))
  const files = Object.entries(documents).map(([name, text]) => [`coze/${name}.yaml`, text] as const)
  return { 'coze/plugin_meta.yaml': JSON.stringify(entries, null, 1), ...Object.fromEntries(files) }
}

test('a broken plugin of a Coze folder counts against no other one, and neither does its token', async () => {
  const world = await openWorld()
  const good = document('Good', '1.0.0', ['good'])
  const bad = document('Bad', '1.0.0', ['bad']).replace('"get"', '"git"')
  const { kind, plugins, findings } = await world.upload('coze', coze({ good, bad }), true)
  const form = new Map<string, unknown>()
  const stop = world.handlers.onDetails(
    (update) => {
      if (update.kind === 'details') for (const { name, value } of update.details.configuration) form.set(name, value)
      return true
    },
    { id: '100' },
    me,
  )
  stop()

  expect({
    kind,
    plugins: plugins.map(({ id, state, errorCount }) => [id, state, errorCount > 0]),
    told: findings.some(({ severity }) => severity === 'error'),
    good: [world.plugin('100')?.missingConfiguration, form.get('service_token'), world.table.get('100')?.configuration],
  }).toEqual({
    kind: 'coze',
    plugins: [
      ['100', 'active', false],
      ['101', 'error', true],
    ],
    told: true,
    good: [[], 'Bear****oken', {}],
  })
})

test('an import says who brought what, and each plugin of it that is used is a line of the audit trail', async () => {
  const world = await openWorld()
  const { plugins } = await world.upload(
    'two',
    { 'a.json': document('Alpha', '1.0.0', ['a']), 'b.json': document('Beta', '1.0.0', ['b']) },
    true,
  )
  const [alpha] = plugins
  const rows = world.db.all<{ actor: string; after: string }>(
    "SELECT actor, after FROM audit WHERE action = 'plugin.import'",
  )

  expect([rows.map(({ actor, after }) => [actor, JSON.parse(after)]), alpha?.provenance, world.audited()]).toEqual([
    plugins.map(({ versionId, provenance }) => [
      'browser',
      { version: 'v1.0.0', versionId, sha256: provenance.sha256, source: 'drop', name: 'two' },
    ]),
    {
      ...{ source: 'drop', name: 'two', by: 'browser', fileCount: 2, signature: 'none', foreign: false },
      ...{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), sizeBytes: expect.any(Number), at: expect.any(Number) },
    },
    [
      'plugin.import plugin Alpha',
      'plugin.import plugin Beta',
      'plugin.activate plugin Alpha',
      'plugin.activate plugin Beta',
    ],
  ])
})

test('imports at once do not mix: each is kept whole, the same one once', async () => {
  const world = await openWorld()
  const results = await Promise.all([
    world.upload('vendor', xpkg({}), true),
    world.upload('vendor', xpkg({}), true),
    world.upload('w', { 'w.json': document('Weather', '1.0.0', ['now']) }, true),
  ])
  const counts = world.db.get(
    'SELECT (SELECT count(*) FROM plugin_packages) AS packages, (SELECT count(*) FROM plugin_versions) AS versions',
  )

  expect([results.filter(({ plugins }) => plugins[0]?.unchanged).length, counts]).toEqual([
    1,
    { packages: 2, versions: 2 },
  ])
})
