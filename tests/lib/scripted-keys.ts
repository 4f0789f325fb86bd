import type { Token, UsageQuestion } from '../../app/shared/contracts/gateway.ts'
import type { ImportedKey, Key, KeyFacts, KeyTest } from '../../app/shared/contracts/keys.ts'
import { AppError } from '../../app/shared/errors.ts'
import { importedKey, key, keyDetails, keyTest, sampleKeys, sampleTokens, token, usageRows } from './keys-samples.ts'
import type { ScriptedMain } from './scripted-main.ts'
import { pictureTime } from './scripted-platform.ts'

export type ScriptedKeys = ReturnType<typeof scriptKeys>

/** Answers for keys, tokens and usage in place of main, from memory; what the page did can be read from `main.calls`. */
export function scriptKeys(
  main: ScriptedMain,
  initial: readonly Key[] = sampleKeys(),
  initialTokens: readonly Token[] = sampleTokens(),
) {
  const byId = new Map(initial.map((one) => [one.id, one]))
  const tokens = new Map(initialTokens.map((one) => [one.id, one]))
  let made = 0
  let answered: (secret: string) => KeyTest | Promise<KeyTest> = () => keyTest()
  let found: readonly ImportedKey[] = [importedKey()]

  const tell = () => main.emit('keys', 'updates', { kind: 'snapshot', keys: [...byId.values()] })
  const tellTokens = () => main.emit('gateway', 'tokens', { kind: 'snapshot', tokens: [...tokens.values()] })
  const change = (id: string, part: Partial<Key>) => {
    const known = byId.get(id)
    if (!known) throw new AppError('KEY_NOT_FOUND', { name: id })
    byId.set(id, { ...known, ...part })
  }
  const changeAll = (part: (input: never) => Partial<Key>) => (input: unknown) => {
    for (const id of (input as { ids: string[] }).ids) change(id, part(input as never))
    tell()
  }
  tell()
  tellTokens()
  main.emit('keys', 'details', keyDetails('openai-main'))
  main.answer(
    'keys',
    'enable',
    changeAll(() => ({ state: { kind: 'ready' } })),
  )
  main.answer(
    'keys',
    'disable',
    changeAll(({ reason }: { reason: string }) => ({ state: { kind: 'disabled', reason, at: pictureTime } })),
  )
  main.answer(
    'keys',
    'resetCooldown',
    changeAll(() => ({ state: { kind: 'ready' } })),
  )
  main.answer('keys', 'remove', (input) => {
    for (const id of (input as { ids: string[] }).ids) byId.delete(id)
    tell()
  })
  main.answer('keys', 'add', (input) => {
    const { secret, ...facts } = input as KeyFacts & { secret: string }
    if (secret === 'sk-test-openai-main') throw new AppError('KEY_DUPLICATE_SECRET', { name: 'openai-main' })
    const id = `new-${++made}`
    byId.set(id, key(id, { ...facts, maskedSecret: `${secret.slice(0, 4)}****${secret.slice(-4)}` }))
    tell()
    return { id }
  })
  main.answer('keys', 'change', (input) => {
    const { id, facts } = input as { id: string; facts: Partial<Key> }
    change(id, facts)
    tell()
  })
  main.answer('keys', 'rotate', (input) => change((input as { id: string }).id, {}))
  main.answer('keys', 'reveal', () => ({ secret: 'sk-test-revealed-0001', until: Date.now() + 30_000 }))
  main.answer('keys', 'test', () => answered(''))
  main.answer('keys', 'tryOut', (input) => answered((input as { secret: string }).secret))
  main.answer('keys', 'importText', () => ({ keys: found }))
  main.answer('keys', 'export', () => ({ kind: 'saved', file: '/tmp/keys.pilothouse.json' }))
  main.answer('gateway', 'createToken', (input) => {
    const id = `token-${++made}`
    tokens.set(id, token(id, { ...(input as Partial<Token>), createdAt: pictureTime, lastUsedAt: null }))
    tellTokens()
    return { id, token: 'ph_sk-test-made-token-0001' }
  })
  main.answer('gateway', 'changeToken', (input) => {
    const { id, facts } = input as { id: string; facts: Partial<Token> }
    tokens.set(id, { ...tokens.get(id)!, ...facts })
    tellTokens()
  })
  main.answer('gateway', 'revokeTokens', (input) => {
    for (const id of (input as { ids: string[] }).ids) tokens.set(id, { ...tokens.get(id)!, revokedAt: pictureTime })
    tellTokens()
  })
  let used = usageRows
  const tellUsage = main.tellBy('gateway', 'usage', ({ by, from, to }: UsageQuestion) => ({
    rows: used(by, from, to),
  }))

  return {
    byId,
    tokens,
    tell,
    change(id: string, part: Partial<Key>): void {
      change(id, part)
      tell()
    },
    /** What was used, from now on; whoever looks is told. */
    uses(next: typeof usageRows): void {
      used = next
      tellUsage()
    },
    /** What vendors answer to tests from now on. */
    vendorAnswers(next: (secret: string) => KeyTest | Promise<KeyTest>): void {
      answered = next
    },
    /** What the next imports find. */
    importFinds(next: readonly ImportedKey[]): void {
      found = next
    },
  }
}
