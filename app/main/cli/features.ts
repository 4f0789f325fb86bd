import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { Feature } from '../../shared/contracts/routing.ts'
import { AppError } from '../../shared/errors.ts'
import { first } from './current.ts'
import type { Session } from './session.ts'
import { ago, table } from './table.ts'
import { parse, wholeNumber } from './usage.ts'
import { doVerb, print, printJson, within, words } from './verbs.ts'

const data = { type: 'string' } as const
const json = { type: 'boolean', default: false } as const
const MOST_REVISION = 999_999_999

/** `pilothouse features …` */
export const features = (args: string[]): Promise<void> =>
  doVerb('features', { ls, get, set, history, rollback, remove }, args)

async function currentFeatures({ rpc }: Session): Promise<readonly Feature[]> {
  const all = await first<readonly Feature[]>(0, (found, failed) =>
    rpc.routing.onUpdates((update) => update.kind === 'snapshot' && found(update.features), undefined, failed),
  )
  return [...all].sort((a, b) => a.name.localeCompare(b.name, 'en'))
}
async function findFeature(session: Session, name: string): Promise<Feature> {
  const found = (await currentFeatures(session)).find((feature) => feature.name === name)
  if (!found) throw new AppError('FEATURE_NOT_FOUND', { name: name.slice(0, 100) })
  return found
}

async function ls(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  words('features ls', [], positionals)
  const all = await within(values.data, currentFeatures)
  if (values.json) return printJson(all)
  const rows = all.map(({ name, revision, strategy, candidates, updatedAt, updatedBy }) => [
    ...[name, String(revision), strategy, String(candidates.length), ago(updatedAt), updatedBy],
  ])
  print(table(['NAME', 'REVISION', 'STRATEGY', 'CANDIDATES', 'CHANGED', 'BY'], rows))
}

/** Prints what `set --file` takes. */
async function get(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  const [name = ''] = words('features get', ['the name of a feature'], positionals)
  await within(values.data, async (session) => {
    const feature = await findFeature(session, name)
    if (values.json) return printJson(feature)
    const { yaml } = await session.rpc.routing.toYaml(feature)
    print(`# ${feature.name}, revision ${feature.revision}\n${yaml.trimEnd()}`)
  })
}

async function set(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { data, json, file: { type: 'string' }, revision: { type: 'string' } },
  })
  const [name = ''] = words('features set', ['the name of a feature'], positionals)
  if (!values.file) throw new AppError('WRONG_USE', { reason: 'features set needs --file with the rules as YAML.' })
  const yaml = await read(values.file)
  // As of a command before a pipe that failed; it would be taken for a route without candidates.
  if (yaml.trim() === '') throw new AppError('WRONG_USE', { reason: `${values.file} is empty.` })
  const given = values.revision === undefined ? null : wholeNumber('--revision', values.revision, 1, MOST_REVISION)
  const { revision } = await within(values.data, async (session) => {
    const rules = await session.rpc.routing.fromYaml({ yaml })
    const present = (await currentFeatures(session)).find((feature) => feature.name === name)?.revision ?? null
    return await session.rpc.routing.setFeature({ name, revision: given ?? present, rules })
  })
  if (values.json) printJson({ name, revision })
  else print(`${name} is at revision ${revision}`)
}
async function read(file: string): Promise<string> {
  try {
    const bytes = file === '-' ? await buffer(process.stdin) : await readFile(file)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code
    throw new AppError('WRONG_USE', { reason: `${file} cannot be read: ${reason}.` })
  }
}

async function history(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  const [name = ''] = words('features history', ['the name of a feature'], positionals)
  const { revisions } = await within(values.data, ({ rpc }) => rpc.routing.history({ name }))
  if (values.json) return printJson(revisions)
  const rows = revisions.map(({ revision, at, by, strategy, candidates, removed }) => [
    ...[String(revision), ago(at), by, removed ? 'removed' : strategy, String(candidates.length)],
  ])
  print(table(['REVISION', 'AGO', 'BY', 'STRATEGY', 'CANDIDATES'], rows))
}

async function rollback(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  const what = ['the name of a feature', 'the revision to go back to']
  const [name = '', wish = ''] = words('features rollback', what, positionals)
  const to = wholeNumber('The revision', wish, 1, MOST_REVISION)
  const { revision } = await within(values.data, ({ rpc }) => rpc.routing.rollback({ name, revision: to }))
  if (values.json) printJson({ name, revision })
  else print(`${name} is at revision ${revision}, with the rules of ${to}`)
}

async function remove(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  const [name = ''] = words('features remove', ['the name of a feature'], positionals)
  await within(values.data, async (session) => {
    const { revision } = await findFeature(session, name)
    await session.rpc.routing.removeFeature({ name, revision })
  })
  if (values.json) printJson({ removed: name })
  else print(`${name} removed`)
}
