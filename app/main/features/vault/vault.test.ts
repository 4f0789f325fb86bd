import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { codeOf, me, nothing, openVaultWorld, planted } from './test-world.ts'

const passphrase = 'a passphrase of the test'
const fileOf = (folder: string) => readFileSync(join(folder, 'data-key.json'), 'utf8')

test('with a passphrase the console starts locked, says so, and goes on without a restart once it is unlocked', async () => {
  const first = await openVaultWorld()
  const id = await first.plant()
  const before = first.inUse()
  await first.handlers.setPassphrase({ former: null, next: passphrase }, me)
  const file = JSON.parse(fileOf(first.folder)).content
  await first.close()

  const { folder } = first
  const world = await openVaultWorld({ folder })
  const { keys, plugins } = world
  await vi.waitFor(() => expect(world.states.at(-1)?.state.kind).toBe('locked'))
  const refused = [
    await codeOf(() => keys.handlers.reveal({ id }, me)),
    await codeOf(() => keys.handlers.test({ id }, me)),
    await codeOf(() => keys.handlers.rotate({ id, secret: 'sk-test-other-0123', graceHours: 0 }, me)),
    await codeOf(() => keys.handlers.export({ passphrase }, me)),
    await codeOf(() => plugins.handlers.configure({ id: 'vendor', values: { api_key: '' } }, me)),
    await codeOf(() => world.handlers.rotate({ passphrase }, me)),
  ]
  // What needs no secret is done as ever.
  await keys.handlers.disable({ ids: [id], reason: 'spare' }, me)
  await keys.handlers.enable({ ids: [id] }, me)
  const locked = world.inUse()
  const wrong = await codeOf(() => world.handlers.unlock({ passphrase: 'another one' }, me))
  await world.handlers.unlock({ passphrase }, me)
  const unlocked = world.inUse()
  await world.handlers.lock(undefined, me)
  const again = world.inUse()
  await world.handlers.unlock({ passphrase }, me)
  await world.handlers.setPassphrase({ former: passphrase, next: null }, me)

  expect({
    before,
    file: [Object.keys(file), file.locked.kdf],
    refused,
    locked,
    wrong,
    unlocked,
    again,
    after: world.inUse(),
    bare: Object.keys(JSON.parse(fileOf(folder)).content),
    unlockable: await codeOf(() => world.handlers.lock(undefined, me)),
    states: world.states.map(({ state, hasPassphrase }) => `${state.kind} ${hasPassphrase}`),
    audited: world.audited(),
  }).toEqual({
    // The worker brought the tokens: it is not told of them.
    before: { ...planted, token: null },
    file: [['locked'], 'scrypt'],
    refused: Array(6).fill('KEY_VAULT_LOCKED'),
    locked: nothing,
    wrong: 'VAULT_PASSPHRASE_WRONG',
    unlocked: planted,
    again: nothing,
    after: planted,
    bare: ['keys'],
    unlockable: 'VAULT_NO_PASSPHRASE',
    states: ['opening false', 'locked true', 'open true', 'locked true', 'open true', 'open false'],
    audited: [
      'browser vault.setPassphrase {"done":"set"}',
      'browser vault.refuse {"action":"unlock"}',
      'browser vault.unlock',
      'browser vault.lock',
      'browser vault.unlock',
      'browser vault.setPassphrase {"done":"removed"}',
    ],
  })
})

test('a rotation seals every secret of every table with a new key, under the same passphrase', async () => {
  const world = await openVaultWorld()
  const id = await world.plant()
  await world.handlers.setPassphrase({ former: null, next: passphrase }, me)
  const before = world.sealedTexts()
  const fingerprint = () => world.db.get('SELECT fingerprint FROM keys WHERE id = ?', id)
  const first = fingerprint()
  const refused = await codeOf(() => world.handlers.rotate({ passphrase: 'another one' }, me))
  const { resealed } = await world.handlers.rotate({ passphrase }, me)
  const after = world.sealedTexts()
  const duplicate = await codeOf(() =>
    world.keys.handlers.rotate({ id, secret: 'sk-test-after-0123', graceHours: 0 }, me),
  )
  await world.close()
  const next = await openVaultWorld({ folder: world.folder })
  await next.handlers.unlock({ passphrase }, me)

  expect({
    places: before.map((text) => text.split(' ')[0]).sort(),
    refused,
    resealed,
    same: after.filter((text) => before.includes(text)),
    count: after.length,
    fingerprint: JSON.stringify(first) === JSON.stringify(next.db.get('SELECT fingerprint FROM keys WHERE id = ?', id)),
    duplicate,
    inUse: next.inUse(),
    audited: next.audited(),
  }).toEqual({
    // The sandbox's key, one with its former secret, a field of a plugin and its tokens.
    places: ['keys.former_secret', 'keys.secret', 'keys.secret', 'plugin_configuration.value', 'plugins.tokens'],
    refused: 'VAULT_PASSPHRASE_WRONG',
    resealed: 5,
    same: [],
    count: 5,
    fingerprint: false,
    duplicate: 'KEY_DUPLICATE_SECRET',
    inUse: planted,
    audited: [
      'browser vault.setPassphrase {"done":"set"}',
      'browser vault.refuse {"action":"rotate"}',
      'browser vault.rotate {"resealed":5}',
      'browser vault.unlock',
    ],
  })
})

test('a rotation that the database refuses changes nothing, and what a former key sealed is swept up at the next start', async () => {
  const world = await openVaultWorld()
  await world.plant()
  const before = world.sealedTexts()
  const inFile = fileOf(world.folder)
  world.db.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
  const refused = await codeOf(() => world.handlers.rotate({ passphrase: null }, me))
  world.db.run('DROP TRIGGER full')
  const kept = [world.sealedTexts(), world.inUse()]
  await world.close()
  // As a console killed between the file and the tables leaves it: the new key is the one in use, nothing is sealed with it.
  const [former, fresh] = JSON.parse(fileOf(world.folder)).content.keys
  const keys = [
    { ...fresh, retiredAt: null },
    { ...former, retiredAt: Date.now() },
  ]
  const { folder } = world
  writeFileSync(join(folder, 'data-key.json'), JSON.stringify({ version: 2, wrapped: false, content: { keys } }))
  const next = await openVaultWorld({ folder })
  const inUse = next.inUse()
  await vi.waitFor(() => expect(next.sealedTexts().some((text) => before.includes(text))).toBe(false))
  await next.close()
  // A month later the former one is not needed any more.
  const later = await openVaultWorld({ folder, clock: () => Date.now() + 31 * 24 * 3_600_000 })
  await vi.waitFor(() => expect(JSON.parse(fileOf(folder)).content.keys).toHaveLength(1))
  await later.close()
  const last = await openVaultWorld({ folder })

  expect({
    first: JSON.parse(inFile).content.keys.length,
    refused,
    kept,
    inUse,
    last: last.inUse(),
  }).toEqual({
    first: 1,
    refused: 'SQLITE_CONSTRAINT_TRIGGER',
    kept: [before, { ...planted, token: null }],
    inUse: planted,
    last: planted,
  })
})

test('it locks itself when no operator did anything for so long, however long the machine slept', async () => {
  let now = Date.now()
  const world = await openVaultWorld({ clock: () => now })
  await world.plant()
  await world.handlers.setPassphrase({ former: null, next: passphrase }, me)
  world.settings.set({ autoLockMinutes: 10 }, 'browser')
  now += 9 * 60_000
  world.vault.used({ actor: 'browser' })
  now += 9 * 60_000
  world.vault.used({ actor: 'platform' })
  const open = world.key.isOpen()
  now += 2 * 60_000
  // The click that finds it so is too late.
  world.vault.used({ actor: 'browser' })
  await vi.waitFor(() => expect(world.key.isOpen()).toBe(false))

  expect([open, world.inUse(), world.audited().at(-1)]).toEqual([
    true,
    nothing,
    'console vault.lock {"reason":"unused"}',
  ])
})
