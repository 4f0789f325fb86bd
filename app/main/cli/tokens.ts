import type { Scopes, Token } from '../../shared/contracts/gateway.ts'
import { AppError } from '../../shared/errors.ts'
import { first } from './current.ts'
import type { Session } from './session.ts'
import { ago, table } from './table.ts'
import { parse, wholeNumber } from './usage.ts'
import { doVerb, print, printJson, within, words } from './verbs.ts'

const data = { type: 'string' } as const
const json = { type: 'boolean', default: false } as const
const DAY = 24 * 3_600_000

/** `pilothouse tokens …` */
export const tokens = (args: string[]): Promise<void> => doVerb('tokens', { ls, create, revoke }, args)

async function currentTokens({ rpc }: Session): Promise<readonly Token[]> {
  return await first<readonly Token[]>(0, (found, failed) =>
    rpc.gateway.onTokens((update) => update.kind === 'snapshot' && found(update.tokens), undefined, failed),
  )
}

async function ls(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  words('tokens ls', [], positionals)
  const all = await within(values.data, currentTokens)
  if (values.json) return printJson(all)
  if (all.length === 0) return void print('There are no tokens.')
  const rows = all.map((token) => [
    ...[token.id.slice(0, 8), token.name, `${token.prefix}…`, stateOf(token), scopeText(token.scopes)],
    ...[token.rpm === null ? '' : String(token.rpm), token.tpm === null ? '' : String(token.tpm)],
    token.lastUsedAt === null ? 'never' : `${ago(token.lastUsedAt)} ago`,
  ])
  print(table(['ID', 'NAME', 'TOKEN', 'STATE', 'OPENS', 'RPM', 'TPM', 'USED'], rows))
}

function stateOf({ revokedAt, expiresAt }: Token): string {
  if (revokedAt !== null) return 'revoked'
  if (expiresAt === null) return 'valid'
  return expiresAt <= Date.now() ? 'expired' : `until ${new Date(expiresAt).toISOString().slice(0, 10)}`
}
const scopeText = (scopes: Scopes) =>
  (['features', 'models', 'plugins'] as const)
    .map((kind) => `${kind}: ${scopes[kind] === null ? 'all' : scopes[kind].join(',') || 'none'}`)
    .join('; ')

/** Prints the token alone, so that a script can keep it; it is never shown again. */
async function create(args: string[]): Promise<void> {
  const text = { type: 'string' } as const
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { data, json, features: text, models: text, plugins: text, rpm: text, tpm: text, days: text },
  })
  const [name = ''] = words('tokens create', ['a name'], positionals)
  const number = (option: 'rpm' | 'tpm' | 'days', most: number) => {
    const given = values[option]
    return given === undefined ? null : wholeNumber(`--${option}`, given, 1, most)
  }
  const days = number('days', 36_500)
  const facts = {
    ...{ name, rpm: number('rpm', 999_999_999), tpm: number('tpm', 999_999_999) },
    scopes: { features: listOf(values.features), models: listOf(values.models), plugins: listOf(values.plugins) },
    expiresAt: days === null ? null : Date.now() + days * DAY,
  }
  const made = await within(values.data, ({ rpc }) => rpc.gateway.createToken(facts))
  if (values.json) return printJson(made)
  print(made.token)
  process.stderr.write('pilothouse: keep it now, it is not shown again\n')
}
/** Null, for all, where nothing is said; none for "none". */
const listOf = (given: string | undefined): string[] | null =>
  given === undefined ? null : given === 'none' ? [] : given.split(',').flatMap((one) => one.trim() || [])

async function revoke(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  if (positionals.length === 0) throw new AppError('WRONG_USE', { reason: 'tokens revoke needs a token.' })
  await within(values.data, async (session) => {
    const all = await currentTokens(session)
    const chosen = [...new Set(positionals.map((asked) => findToken(all, asked)))]
    await session.rpc.gateway.revokeTokens({ ids: chosen.map(({ id }) => id) })
    if (values.json) printJson({ revoked: chosen.map(({ id, name }) => ({ id, name })) })
    else for (const { name } of chosen) print(`${name} revoked`)
  })
}

/** The one that is meant: by its name, or by the beginning of its id. Never by what opens doors. */
function findToken(all: readonly Token[], asked: string): Token {
  const valid = all.filter(({ revokedAt }) => revokedAt === null)
  const named = valid.filter(({ name }) => name === asked)
  const found = named.length > 0 ? named : asked.length >= 4 ? valid.filter(({ id }) => id.startsWith(asked)) : []
  if (found.length > 1) throw new AppError('WRONG_USE', { reason: `Several tokens are called ${asked}; name its id.` })
  // What was given may be a token itself, by mistake.
  if (!found[0]) throw new AppError('TOKEN_NOT_FOUND', { name: asked.startsWith('ph_') ? 'ph_…' : asked.slice(0, 100) })
  return found[0]
}
