import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDataKey } from './data-key.ts'
import type { KeyWrapper } from './key-file.ts'

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'data-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
const keyring: KeyWrapper = {
  wrap: async (key) => Buffer.from(`keyring:${key}`),
  unwrap: async (wrapped) => wrapped.toString().replace(/^keyring:/, ''),
}
const failure = (work: Promise<unknown>) => work.then(() => 'opened').catch((error) => error.details.reason)

test('what is sealed opens again, under its own name and unchanged only', async () => {
  const folder = dataFolder()
  const sealed = (await openDataKey(folder, null)).seal('openai', 'sk-秘密')
  const key = await openDataKey(folder, null)
  const open = (name: string, text: string) => {
    try {
      return key.open(name, text)
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  // Not the last character, of which some bits are padding.
  const turned = `${sealed.slice(0, 40)}${sealed[40] === 'A' ? 'B' : 'A'}${sealed.slice(41)}`

  expect([
    sealed.includes('sk-'),
    open('openai', sealed),
    open('other', sealed),
    open('openai', turned),
    open('openai', sealed.slice(0, 30)),
    open('openai', ''),
  ]).toEqual([false, 'sk-秘密', 'SECRET_UNREADABLE', 'SECRET_UNREADABLE', 'SECRET_UNREADABLE', 'SECRET_UNREADABLE'])
})

test('two consoles that create the key at once get the same one', async () => {
  const folder = dataFolder()
  const [one, two] = await Promise.all([openDataKey(folder, null), openDataKey(folder, null)])

  expect(two.open('name', one.seal('name', 'text'))).toBe('text')
})

test('a keyring that appears later takes the key over; without it the file stays shut', async () => {
  const folder = dataFolder()
  const plain = await openDataKey(folder, null)
  const sealed = plain.seal('name', 'text')
  const wrapped = await openDataKey(folder, keyring)
  const file = readFileSync(join(folder, 'data-key.json'), 'utf8')

  expect([
    plain.storage,
    wrapped.storage,
    wrapped.open('name', sealed),
    (await openDataKey(folder, keyring)).open('name', sealed),
    JSON.parse(file).wrapped,
    await failure(openDataKey(folder, null)),
  ]).toEqual([
    'key-file',
    'operating-system',
    'text',
    'text',
    true,
    'the desktop program sealed it with the keyring of the operating system',
  ])
})

test.skipIf(process.platform === 'win32')(
  'a key that others could read or replace is refused [needs file modes]',
  async () => {
    const folder = dataFolder()
    const path = join(folder, 'data-key.json')
    await openDataKey(folder, null)
    const modes = [statSync(folder).mode & 0o777, statSync(path).mode & 0o777]
    chmodSync(path, 0o640)
    const readable = await failure(openDataKey(folder, null))
    rmSync(path)
    writeFileSync(join(folder, 'elsewhere'), '{}', { mode: 0o600 })
    symlinkSync(join(folder, 'elsewhere'), path)
    const linked = await failure(openDataKey(folder, null))
    rmSync(path)
    writeFileSync(path, '{"version":1,"wrapped":false,"key":"AAAA"}', { mode: 0o600 })
    const short = await failure(openDataKey(folder, null))

    expect({ modes, readable, linked, short }).toEqual({
      modes: [0o700, 0o600],
      readable: 'others may read it (mode 640)',
      linked: 'it is no plain file',
      short: 'the key has the wrong length',
    })
  },
)

/** Enough for a test. */
const cost = { N: 1024, r: 8, p: 1 }
const codeOf = (work: Promise<unknown>) => work.then(() => 'done').catch((error) => error.code)

test.each([
  ['a key file', null],
  ['the keyring of the operating system', keyring],
])('a passphrase guards the key within %s, and can be changed and removed', async (_, wrapper) => {
  const folder = dataFolder()
  const first = await openDataKey(folder, wrapper, { cost })
  const sealed = first.seal('name', 'text')
  await first.setPassphrase(null, 'one passphrase')
  const key = await openDataKey(folder, wrapper, { cost })
  const heard: boolean[] = []
  key.follow((open) => heard.push(open))
  const locked = [await codeOf((async () => key.open('name', sealed))()), await codeOf(key.rotate(() => {}))]
  await key.unlock('one passphrase')
  const changed = [
    await codeOf(key.setPassphrase('another one', 'yet another one')),
    await codeOf(key.setPassphrase('one passphrase', 'n\u00e3o passphrase')),
  ]
  const again = await openDataKey(folder, wrapper, { cost })
  const former = await codeOf(again.unlock('one passphrase'))
  // Composed or not, it is the same text.
  await again.unlock('na\u0303o passphrase')
  await again.setPassphrase('n\u00e3o passphrase', null)

  expect({
    locked,
    changed,
    former,
    heard,
    opened: [
      key.open('name', sealed),
      again.open('name', sealed),
      (await openDataKey(folder, wrapper, { cost })).isOpen(),
    ],
  }).toEqual({
    locked: ['KEY_VAULT_LOCKED', 'KEY_VAULT_LOCKED'],
    changed: ['VAULT_PASSPHRASE_WRONG', 'done'],
    former: 'VAULT_PASSPHRASE_WRONG',
    heard: [false, true],
    opened: ['text', 'text', true],
  })
})

test('five wrong passphrases a minute are tried, however many come at once; the right one is not counted', async () => {
  const folder = dataFolder()
  await (await openDataKey(folder, null, { cost })).setPassphrase(null, 'one passphrase')
  let now = 0
  const key = await openDataKey(folder, null, { ticks: () => now })
  const guesses = await Promise.all(Array.from({ length: 20 }, (_, n) => codeOf(key.unlock(`guess ${n}`))))
  now = 59_000
  const late = await key.unlock('one passphrase').catch((error) => [error.code, error.details.seconds])
  now = 60_000
  const inTime = await codeOf(key.unlock('one passphrase'))

  expect([guesses, late, inTime]).toEqual([
    [...Array(5).fill('VAULT_PASSPHRASE_WRONG'), ...Array(15).fill('VAULT_TRY_LATER')],
    ['VAULT_TRY_LATER', 1],
    'done',
  ])
})

test('what a console that was killed left of the file is removed', async () => {
  const folder = dataFolder()
  const key = await openDataKey(folder, null)
  writeFileSync(join(folder, 'data-key.json.0a0b0c0d.partial'), '{}')
  await key.setPassphrase(null, 'one passphrase')
  const { N, r, p } = JSON.parse(readFileSync(join(folder, 'data-key.json'), 'utf8')).content.locked

  // And each guess at the passphrase costs 128 MB.
  expect([readdirSync(folder), { N, r, p }]).toEqual([['data-key.json'], { N: 131_072, r: 8, p: 1 }])
})
