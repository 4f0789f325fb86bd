import type { VaultState } from '../../shared/contracts/vault.ts'
import { AppError, describeError, knownCode } from '../../shared/errors.ts'
import { first } from './current.ts'
import { spokenLanguage } from './language.ts'
import { readSecrets } from './read-secret.ts'
import { openRunning, type Session } from './session.ts'
import { parse } from './usage.ts'
import { doVerb, print, printJson, within } from './verbs.ts'

const data = { type: 'string' } as const
const json = { type: 'boolean', default: false } as const

/** `pilothouse vault …` */
export const vault = (args: string[]): Promise<void> =>
  doVerb('vault', { status, lock, unlock, passphrase, rotate }, args)

function noWords(verb: string, given: readonly string[]): void {
  // It may be the passphrase: it is not repeated.
  if (given.length > 0)
    throw new AppError('WRONG_USE', { reason: `vault ${verb} takes no words; a passphrase is read from stdin.` })
}

/** How it stands once its key was looked for. */
const currentState = ({ rpc }: Session) =>
  first<VaultState>(0, (found, failed) =>
    rpc.vault.onState((state) => state.state.kind !== 'opening' && found(state), undefined, failed),
  )

async function status(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  noWords('status', positionals)
  const found = await within(values.data, currentState)
  if (values.json) return printJson(found)
  const { state, storage, hasPassphrase } = found
  const why =
    state.kind === 'unusable'
      ? `: ${describeError(knownCode(state.failure.code), state.failure.details, spokenLanguage()).sentence}`
      : ''
  print(`${state.kind}${why} (${storage ?? 'no key yet'}, ${hasPassphrase ? 'with a' : 'no'} passphrase)`)
}

/** With the running console alone: what a command starts for itself is locked and open for that command only. */
async function withRunning<T>(folder: string | undefined, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openRunning(folder)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

async function lock(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  noWords('lock', positionals)
  await withRunning(values.data, ({ rpc }) => rpc.vault.lock())
  if (values.json) printJson({ locked: true })
  else print('locked')
}

async function unlock(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  noWords('unlock', positionals)
  await withRunning(values.data, async ({ rpc }) => {
    const [given = ''] = await readSecrets(['the passphrase'])
    await rpc.vault.unlock({ passphrase: given })
  })
  if (values.json) printJson({ locked: false })
  else print('unlocked')
}

async function passphrase(args: string[]): Promise<void> {
  const remove = { type: 'boolean', default: false } as const
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json, remove } })
  noWords('passphrase', positionals)
  const had = await within(values.data, async (session) => {
    const { hasPassphrase } = await currentState(session)
    if (values.remove && !hasPassphrase) throw new AppError('VAULT_NO_PASSPHRASE')
    const asked = [
      ...(hasPassphrase ? ['the former passphrase'] : []),
      ...(values.remove ? [] : ['the new passphrase']),
    ]
    const given = await readSecrets(asked)
    const former = hasPassphrase ? (given.shift() ?? '') : null
    await openOwn(session, former)
    await session.rpc.vault.setPassphrase({ former, next: given.shift() ?? null })
    return hasPassphrase
  })
  if (values.json) printJson({ hasPassphrase: !values.remove })
  else print(`the passphrase is ${values.remove ? 'removed' : had ? 'changed' : 'set'}`)
}

async function rotate(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  noWords('rotate', positionals)
  const { resealed } = await within(values.data, async (session) => {
    const { hasPassphrase } = await currentState(session)
    const given = hasPassphrase ? ((await readSecrets(['the passphrase']))[0] ?? '') : null
    await openOwn(session, given)
    return await session.rpc.vault.rotate({ passphrase: given })
  })
  if (values.json) printJson({ resealed })
  else print(`a new data key seals ${resealed} ${resealed === 1 ? 'secret' : 'secrets'}`)
}

/** Parts of this command's own begin locked; a running console is left as its operator has it. */
async function openOwn({ rpc, running }: Session, given: string | null): Promise<void> {
  if (!running && given !== null) await rpc.vault.unlock({ passphrase: given })
}
