import type { Key, KeyState, Vendor } from '../../shared/contracts/keys.ts'
import { AppError, describeError, knownCode } from '../../shared/errors.ts'
import { timeOfText } from '../../shared/time-text.ts'
import { first } from './current.ts'
import { spokenLanguage } from './language.ts'
import { readSecrets } from './read-secret.ts'
import type { Session } from './session.ts'
import { ago, table } from './table.ts'
import { parse, wholeNumber } from './usage.ts'
import { doVerb, print, printJson, within } from './verbs.ts'

const data = { type: 'string' } as const
const json = { type: 'boolean', default: false } as const
const text = { type: 'string' } as const

const verbs: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  ls,
  add,
  test,
  enable: act('enabled', (session, ids) => session.rpc.keys.enable({ ids })),
  disable,
  rotate,
  remove: act('removed', (session, ids) => session.rpc.keys.remove({ ids })),
  reset: act('reset', (session, ids) => session.rpc.keys.resetCooldown({ ids })),
}

/** `pilothouse keys …` */
export const keys = (args: string[]): Promise<void> => doVerb('keys', verbs, args)

const wrongUse = (reason: string) => new AppError('WRONG_USE', { reason })

/** So many words, no more. */
function words(verb: string, what: readonly string[], given: readonly string[]): string[] {
  if (given.length < what.length) throw wrongUse(`keys ${verb} needs ${what[given.length]}.`)
  // What is one too many may be a secret: it is not repeated.
  if (given.length > what.length)
    throw wrongUse(`keys ${verb} takes ${what.length} words; a secret is read from stdin.`)
  return [...given]
}

const currentKeys = ({ rpc }: Session) =>
  first<readonly Key[]>(0, (found, failed) =>
    rpc.keys.onUpdates((update) => update.kind === 'snapshot' && found(update.keys), undefined, failed),
  )

/** The one that is meant: by id, else by a name that only one has. */
function findKey(all: readonly Key[], asked: string): Key {
  const named = all.filter(({ name }) => name === asked)
  const found = all.find(({ id }) => id === asked) ?? named[0]
  if (!found) throw new AppError('KEY_NOT_FOUND', { name: asked.slice(0, 200) })
  if (found.id !== asked && named.length > 1)
    throw new AppError('BAD_INPUT', { reason: `several keys are called ${asked.slice(0, 100)}: use the id` })
  return found
}

async function readSecret(): Promise<string> {
  const [secret = ''] = await readSecrets(['the secret'])
  return secret.trim()
}

function stateText(state: KeyState): string {
  switch (state.kind) {
    case 'disabled':
      return state.reason ? `disabled (${state.reason})` : 'disabled'
    case 'benched':
      return `benched (${state.reason})`
    case 'cooling':
    case 'broken':
      return `${state.kind}, ${Math.max(0, Math.ceil((state.until - Date.now()) / 1000))} s`
    default:
      return state.kind
  }
}

/** What calls without a known price cost is not in it. */
function monthText({ use, currency }: Key): string {
  const bound = use.unpricedThisMonth > 0 ? '>= ' : ''
  return `${bound}${(use.costThisMonth / 1_000_000).toFixed(2)} ${currency}`
}

async function ls(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  words('ls', [], positionals)
  await within(values.data, async (session) => {
    const all = await currentKeys(session)
    if (values.json) return printJson(all)
    if (all.length === 0) return void print('There are no keys.')
    const rows = all.map((key) => [
      ...[key.id, key.name, key.vendor, key.service, key.tier, stateText(key.state)],
      ...[String(key.use.requestsToday), monthText(key)],
      ago(key.lastTest?.at ?? null),
    ])
    print(table(['ID', 'NAME', 'VENDOR', 'SERVICE', 'TIER', 'STATE', 'TODAY', 'MONTH', 'TESTED'], rows))
  })
}

async function add(args: string[]): Promise<void> {
  const options = { service: text, tier: text, 'base-url': text, weight: text, expires: text }
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json, ...options } })
  const [vendor = '', name = ''] = words('add', ['a vendor', 'a name'], positionals)
  const expiresAt = values.expires === undefined ? null : timeOfText(values.expires)
  if (Number.isNaN(expiresAt)) throw wrongUse('--expires takes a time, as in 2026-12-31.')
  const weight = values.weight === undefined ? 1 : wholeNumber('--weight', values.weight, 1, 1000)
  const secret = await readSecret()
  const { service = 'default', tier = 'primary', 'base-url': baseUrl = null } = values
  const { id } = await within(values.data, ({ rpc }) =>
    rpc.keys.add({
      // Main checks it, as it does everything else.
      vendor: vendor as Vendor,
      ...{ name, service, tier, baseUrl, weight, expiresAt, secret },
      ...{ rpm: null, tpm: null, concurrency: null, monthlyBudget: null, modelMapping: {} },
    }),
  )
  if (values.json) printJson({ id, name })
  else print(`${name} added (${id})`)
}

async function test(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  const [asked = ''] = words('test', ['a key'], positionals)
  const { name, result } = await within(values.data, async (session) => {
    const key = findKey(await currentKeys(session), asked)
    return { name: key.name, result: await session.rpc.keys.test({ id: key.id }) }
  })
  if (values.json) printJson(result)
  else {
    const { ok, latencyMs, statusCode, models, failure } = result
    const why = failure ? `: ${describeError(knownCode(failure.code), failure.details, spokenLanguage()).sentence}` : ''
    const status = statusCode === null ? '' : `, status ${statusCode}`
    const count = models === null ? '' : `, ${models.length} models`
    print(`${name} ${ok ? 'works' : 'FAILED'} (${Math.round(latencyMs)} ms${status}${count})${why}`)
  }
  if (!result.ok) process.exitCode = 1
}

async function rotate(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json, grace: text } })
  const [asked = ''] = words('rotate', ['a key'], positionals)
  const graceHours = values.grace === undefined ? 24 : wholeNumber('--grace', values.grace, 0, 720)
  const secret = await readSecret()
  await within(values.data, async (session) => {
    const { id, name } = findKey(await currentKeys(session), asked)
    await session.rpc.keys.rotate({ id, secret, graceHours })
    if (values.json) printJson({ rotated: { id, name } })
    else print(`${name} rotated`)
  })
}

async function disable(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json, reason: text } })
  const reason = values.reason ?? ''
  await each('disabled', positionals, values, (session, ids) => session.rpc.keys.disable({ ids, reason }))
}

function act(done: string, work: (session: Session, ids: string[]) => Promise<void>) {
  return async (args: string[]): Promise<void> => {
    const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
    await each(done, positionals, values, work)
  }
}

async function each(
  done: string,
  asked: readonly string[],
  values: { readonly data?: string | undefined; readonly json: boolean },
  work: (session: Session, ids: string[]) => Promise<void>,
): Promise<void> {
  if (asked.length === 0) throw wrongUse('say which key.')
  await within(values.data, async (session) => {
    const all = await currentKeys(session)
    const chosen = [...new Set(asked.map((one) => findKey(all, one)))]
    await work(
      session,
      chosen.map(({ id }) => id),
    )
    if (values.json) printJson({ [done]: chosen.map(({ id, name }) => ({ id, name })) })
    else for (const { name } of chosen) print(`${name} ${done}`)
  })
}
