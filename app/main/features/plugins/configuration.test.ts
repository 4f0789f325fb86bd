import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { PluginDetails } from '../../../shared/contracts/plugins.ts'
import { xpkg } from './test-packages.ts'
import { codeOf, filesBelow, me, openWorld, type World } from './test-world.ts'

const secret = 'sk-planted-0123456789-end'
const detailsOf = ({ handlers }: World, id: string): PluginDetails => {
  let found: PluginDetails | null = null
  handlers.onDetails(
    (update) => {
      found = update.kind === 'details' ? (update.details as PluginDetails) : null
      return true
    },
    { id },
    me,
  )()
  return found!
}
const valuesOf = (world: World) =>
  Object.fromEntries(detailsOf(world, 'vendor').configuration.map(({ name, value }) => [name, value]))

test('a secret is sealed where it lies, masked where it is shown, and stays when its mask comes back', async () => {
  const world = await openWorld()
  await world.upload('vendor', xpkg({}), true)
  const configure = (values: Record<string, string>) => world.handlers.configure({ id: 'vendor', values }, me)
  await configure({ api_key: secret, region: 'eu' })
  const shown = valuesOf(world)
  await configure({ api_key: shown['api_key']!, region: '' })
  const kept = [world.table.get('vendor')?.configuration, valuesOf(world)['api_key']]
  await configure({ api_key: 'short-one' })
  const short = valuesOf(world)['api_key']
  await configure({ api_key: secret })
  world.db.pragma('wal_checkpoint(TRUNCATE)')
  const holding = filesBelow(world.folder).filter((path) => readFileSync(join(world.folder, path)).includes('planted'))
  await configure({ api_key: '' })

  expect({
    shown,
    kept,
    short,
    holding,
    cleared: [valuesOf(world)['api_key'], world.plugin('vendor')?.missingConfiguration],
    audit: world.db.get<{ after: string }>("SELECT after FROM audit WHERE action = 'plugin.configure'")?.after,
  }).toEqual({
    shown: { api_key: 'sk-p****-end', base_url: null, retries: null, region: 'eu' },
    kept: [{ api_key: secret, retries: '3' }, 'sk-p****-end'],
    short: '****',
    holding: [],
    cleared: [null, ['api_key']],
    audit: '{"set":["api_key","region"],"cleared":[]}',
  })
})

test('a value that its field does not take is refused without being repeated, and nothing of the form is kept', async () => {
  const world = await openWorld()
  await world.upload('vendor', xpkg({}), true)
  const refusal = async (values: Record<string, string>) => {
    const error = await Promise.resolve(world.handlers.configure({ id: 'vendor', values }, me)).catch(
      (caught) => caught,
    )
    return [error.code, error.details.name, String(error.message).includes(Object.values(values)[0]!)]
  }

  expect([
    await refusal({ base_url: 'file:///etc/passwd', api_key: secret }),
    await refusal({ base_url: 'no address' }),
    await refusal({ retries: 'many' }),
    await refusal({ region: 'mars' }),
    await refusal({ unheard_of: 'xyz' }),
    world.plugin('vendor')?.missingConfiguration,
  ]).toEqual([
    ...['base_url', 'base_url', 'retries', 'region', 'unheard_of'].map((name) => ['ARGUMENT_INVALID', name, false]),
    ['api_key'],
  ])
})

test('with another data key a secret counts as missing, and can be entered again', async () => {
  const world = await openWorld()
  await world.upload('vendor', xpkg({}), true)
  await world.handlers.configure({ id: 'vendor', values: { api_key: secret, region: 'cn' } }, me)
  await world.close()
  rmSync(join(world.folder, 'data-key.json'))
  const later = await openWorld({ folder: world.folder })
  const missing = [later.plugin('vendor')?.missingConfiguration, later.table.get('vendor')?.configuration]
  await later.handlers.configure({ id: 'vendor', values: { api_key: 'sk-another-one-here' } }, me)

  expect([...missing, later.table.get('vendor')?.configuration]).toEqual([
    ['api_key'],
    { region: 'cn', retries: '3' },
    { api_key: 'sk-another-one-here', region: 'cn', retries: '3' },
  ])
})

test('tokens that the worker was handed are sealed, outlive it, and are gone after signing out', async () => {
  const world = await openWorld()
  await world.upload('vendor', xpkg({}), true)
  const tokens = { accessToken: 'at-planted-token', refreshToken: 'rt-planted', obtainedAt: 1000, expiresAt: 2000 }
  await world.asks.keepTokens({ pluginId: 'vendor', tokens }, {} as never)
  await world.close()
  const later = await openWorld({ folder: world.folder })
  const before = later.table.get('vendor')?.tokens
  const raw = readFileSync(join(world.folder, 'pilothouse.db')).includes('planted')
  await later.handlers.signOut({ id: 'vendor' }, me)

  expect([before, raw, later.table.get('vendor')?.tokens, later.audited().slice(-2)]).toEqual([
    tokens,
    false,
    null,
    ['plugin.signIn plugin Vendor', 'plugin.signOut plugin Vendor'],
  ])
  expect(await codeOf(() => later.handlers.signOut({ id: 'nobody' }, me))).toBe('PLUGIN_NOT_FOUND')
})
