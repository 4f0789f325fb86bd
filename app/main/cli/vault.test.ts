import { expect, test } from 'vitest'
import { runCommand, startConsole } from '../../../tests/lib/command-line.ts'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'

const first = 'correct horse battery'
const next = 'staple  with two blanks '

test('a passphrase is set, changed, asked for and removed; it comes from standard input alone', async () => {
  const folder = tempFolder()
  const run = (args: string, input?: string) => runCommand(folder, ['vault', ...args.split(' ')], input)
  const told = [
    await run('status'),
    await run('rotate --json'),
    await run('passphrase', `${first}\n`),
    await run('status --json'),
    await run('passphrase', `${first}\n${next}\r\n`),
    await run('rotate', next),
    await run('rotate', first),
    await run('passphrase', next),
    await run('rotate'),
    await run(`unlock ${first}`),
    await run('passphrase', `${next}\nshort\n`),
    await run('lock'),
    await run('passphrase --remove', next),
    await run('passphrase --remove', next),
  ]
  expect(told.map(({ out, errors, code }) => `${code} ${out}${errors}`.trim().replaceAll(folder, 'FOLDER'))).toEqual([
    '0 open (key-file, no passphrase)',
    '0 {"resealed":1}',
    '0 the passphrase is set',
    '0 {"state":{"kind":"locked"},"storage":"key-file","hasPassphrase":true}',
    '0 the passphrase is changed',
    '0 a new data key seals 1 secret',
    '1 pilothouse: That is not the passphrase of the vault. (VAULT_PASSPHRASE_WRONG)',
    '2 pilothouse: the new passphrase is read from standard input, and is not there. (WRONG_USE)',
    '2 pilothouse: the passphrase is read from standard input, and is not there. (WRONG_USE)',
    '2 pilothouse: vault unlock takes no words; a passphrase is read from stdin. (WRONG_USE)',
    expect.stringMatching(/^1 pilothouse: .*\(BAD_INPUT\)$/),
    expect.stringMatching(/^1 pilothouse: .*\(CONSOLE_NOT_RUNNING\)$/),
    '0 the passphrase is removed',
    expect.stringMatching(/^1 pilothouse: .*\(VAULT_NO_PASSPHRASE\)$/),
  ])
  expect(JSON.stringify(told)).not.toMatch(/correct|staple|short/)
}, 120_000)

test('the running console is locked and unlocked', async () => {
  const folder = tempFolder()
  await startConsole(folder)
  const run = async (args: string, input?: string) => {
    const { out, errors, code } = await runCommand(folder, ['vault', ...args.split(' ')], input)
    return `${code} ${out}${errors}`.trim()
  }
  expect([
    await run('passphrase', first),
    await run('lock'),
    await run('status'),
    await run('rotate', first),
    await run('unlock', next),
    await run('unlock --json', first),
    await run('status'),
  ]).toEqual([
    ...['0 the passphrase is set', '0 locked', '0 locked (key-file, with a passphrase)'],
    '1 pilothouse: The vault is locked. (KEY_VAULT_LOCKED)',
    '1 pilothouse: That is not the passphrase of the vault. (VAULT_PASSPHRASE_WRONG)',
    ...['0 {"locked":false}', '0 open (key-file, with a passphrase)'],
  ])
}, 120_000)
