import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'
import type { AppError } from '../../shared/errors.ts'
import { features } from './features.ts'
import { decisionText } from './route.ts'
import { tokens } from './tokens.ts'

/** Does what a command line says, without a running console; answers what it prints, or the code that it fails with. */
function commands() {
  const folder = tempFolder()
  const out: string[] = []
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((text) => {
      if (stream === process.stdout) out.push(String(text))
      return true
    })
    onTestFinished(() => spy.mockRestore())
  }
  const run = async (command: (args: string[]) => Promise<void>, ...args: string[]) => {
    out.splice(0)
    try {
      await command([...args, '--data', folder])
      return out.join('')
    } catch (error) {
      const { code, message } = error as AppError
      return `${code} ${message}`
    }
  }
  return { folder, run }
}

const yaml = `description: ""
strategy: round_robin
candidates:
  - vendor: openai
    service: dalle
    model: m
    weight: 100
`

test('a feature is written, read back as it was written, and taken back', async () => {
  const { folder, run } = commands()
  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const [good, wrong, empty] = [file('a', yaml), file('b', 'strategy: fast\n'), file('c', 'candidates: []\n')]
  expect([
    await run(features, 'set', 'poster', '--file', good),
    await run(features, 'get', 'poster'),
    (await run(features, 'set', 'poster', '--file', wrong)).slice(0, 35),
    (await run(features, 'set', 'poster', '--file', empty, '--revision', '3')).slice(0, 14),
    await run(features, 'set', 'poster', '--file', empty),
    (await run(features, 'set', 'poster', '--file', file('d', Buffer.from([0xce, 0xc4])))).slice(-15),
    (await run(features, 'set', 'poster', '--file', file('e', '\n'))).slice(0, 10),
    await run(features, 'rollback', 'poster', '9'),
    JSON.parse(await run(features, 'history', 'poster', '--json')).map((one: { by: string; revision: number }) => [
      ...[one.revision, one.by],
    ]),
    await run(features, 'set', 'poster'),
    await run(features, 'fly'),
  ]).toEqual([
    'poster is at revision 9\n',
    `# poster, revision 9\n${yaml}`,
    'RULES_UNREADABLE Line 1: strategy: ',
    'REVISION_STALE',
    'poster is at revision 10\n',
    't is not UTF-8.',
    'WRONG_USE ',
    'poster is at revision 11, with the rules of 9\n',
    [11, 10, 9].map((revision) => [revision, 'cli']),
    'WRONG_USE features set needs --file with the rules as YAML.',
    'WRONG_USE features knows ls, get, set, history, rollback, remove.',
  ])
})

test('a token is printed alone and once; it is revoked by its name, and never named by itself', async () => {
  const { run } = commands()
  const scopes = ['--features', 'chat, rerank', '--plugins', 'none', '--rpm', '60']
  const created = await run(tokens, 'create', 'Robot', ...scopes)
  const list = await run(tokens, 'ls')
  const mistaken = await run(tokens, 'revoke', created.trim())
  const revoked = await run(tokens, 'revoke', 'Robot')
  const [token] = JSON.parse(await run(tokens, 'ls', '--json'))
  expect(created).toMatch(/^ph_[\w-]{43}\n$/)
  const rows = list.trim().split('\n')
  expect(rows.map((line) => line.split(/ {2,}/).slice(1))).toEqual([
    ['NAME', 'TOKEN', 'STATE', 'OPENS', 'RPM', 'TPM', 'USED'],
    ['Robot', `${created.slice(0, 9)}…`, 'valid', 'features: chat,rerank; models: all; plugins: none', '60', 'never'],
  ])
  expect([mistaken, revoked, token.scopes, typeof token.revokedAt]).toEqual([
    ...['TOKEN_NOT_FOUND There is no gateway token ph_….', 'Robot revoked\n'],
    { features: ['chat', 'rerank'], models: null, plugins: [] },
    'number',
  ])
})

test('a decision is told in the order of trying, then why not the others', () => {
  const choice = {
    vendor: 'openai' as const,
    service: 'gpt-4',
    model: 'm',
    tier: 'primary',
    endpoint: 'https://a.test',
  }
  const text = decisionText({
    ...{ id: 'd', at: 0, feature: 'chat', revision: 4, strategy: 'weighted', durationUs: 1, model: null, tokens: 0 },
    selected: { ...choice, keyId: 'a', keyName: 'First' },
    fallbacks: [{ ...choice, keyId: 'b', keyName: 'Second', tier: 'backup' }],
    rejected: [
      { ...choice, keyId: 'c', keyName: 'Third', reason: 'cooling', until: Date.UTC(2026, 0, 1) },
      { ...choice, keyId: null, keyName: null, reason: 'no-key', until: null },
    ].map(({ endpoint: _, ...rest }) => rest as never),
    ...{ leastBad: true, caller: null },
  })
  expect(text).toBe(
    [
      'chat, revision 4, weighted',
      'All are resting; the least bad is tried once.',
      '#  KEY     VENDOR  SERVICE  MODEL  TIER     WHY NOT',
      '1  First   openai  gpt-4    m      primary',
      '2  Second  openai  gpt-4    m      backup',
      '-  Third   openai  gpt-4    m      primary  cooling until 2026-01-01T00:00:00.000Z',
      '-          openai  gpt-4    m      primary  no-key',
    ].join('\n'),
  )
})
