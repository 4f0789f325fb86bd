import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type KeyWrapper, openDataKey } from './data-key.ts'

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
  const turned = `${sealed.slice(0, -1)}${sealed.endsWith('A') ? 'B' : 'A'}`

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
