import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { describeFinding } from '../../shared/contracts/plugin-finding-texts.ts'
import type { TestReport } from '../../shared/contracts/plugin-trials.ts'
import type { ImportResult, Plugin } from '../../shared/contracts/plugins.ts'
import { AppError } from '../../shared/errors.ts'
import { check } from './check.ts'
import { first } from './current.ts'
import { spokenLanguage } from './language.ts'
import { openSession, type Session } from './session.ts'
import { ago, table } from './table.ts'
import { parse } from './usage.ts'
import { print, printJson } from './verbs.ts'

const data = { type: 'string' } as const
const json = { type: 'boolean', default: false } as const

const verbs: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  check,
  ls,
  import: importPackage,
  call,
  test,
  enable: act('enable', 'enabled'),
  disable: act('disable', 'disabled'),
  remove: act('remove', 'removed'),
}

/** `pilothouse plugins …` */
export async function plugins(args: string[]): Promise<void> {
  const [name = '', ...rest] = args
  const verb = Object.hasOwn(verbs, name) ? verbs[name]! : null
  if (!verb) throw new AppError('WRONG_USE', { reason: `plugins knows ${Object.keys(verbs).join(', ')}.` })
  await verb(rest)
}

/** So many names, no more. */
function names(verb: string, what: readonly string[], given: readonly string[]): string[] {
  if (given.length < what.length)
    throw new AppError('WRONG_USE', { reason: `plugins ${verb} needs ${what[given.length]}.` })
  if (given.length > what.length) {
    throw new AppError('WRONG_USE', { reason: `plugins ${verb} does not take ${given[what.length]}.` })
  }
  return [...given]
}

async function within<T>(folder: string | undefined, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(folder)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

export async function currentPlugins({ rpc }: Session): Promise<readonly Plugin[]> {
  const all = await first<readonly Plugin[]>(0, (found, failed) =>
    rpc.plugins.onUpdates((update) => update.kind === 'snapshot' && found(update.plugins), undefined, failed),
  )
  return all.filter(({ restorableUntil }) => restorableUntil === null)
}

/** The one that is meant: by id, by name for the model, by name. */
export function findPlugin(all: readonly Plugin[], asked: string): Plugin {
  const found =
    all.find(({ id }) => id === asked) ??
    all.find(({ nameForModel }) => nameForModel === asked) ??
    all.find(({ name }) => name === asked)
  if (!found) throw new AppError('PLUGIN_NOT_FOUND', { name: asked.slice(0, 200) })
  return found
}

async function ls(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  names('ls', [], positionals)
  await within(values.data, async (session) => {
    const all = await currentPlugins(session)
    if (values.json) return printJson(all)
    if (all.length === 0) return void print('There are no plugins.')
    const rows = all.map((plugin) => [
      ...[plugin.id, plugin.nameForModel, plugin.state, plugin.version, plugin.kind],
      ...[`${plugin.callableCount}/${plugin.toolCount}`, ago(plugin.figures.lastAt)],
    ])
    print(table(['ID', 'NAME', 'STATE', 'VERSION', 'KIND', 'TOOLS', 'LAST CALL'], rows))
  })
}

async function importPackage(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: { data, json, activate: { type: 'boolean', default: true } },
  })
  const [path = ''] = names('import', ['the path of a package'], positionals)
  const result = await within(values.data, ({ rpc }) =>
    rpc.plugins.importPath({ path: resolve(path), activate: values.activate }),
  )
  if (values.json) printJson(result)
  else print(importText(result))
  if (result.plugins.length === 0) process.exitCode = 1
}

function importText({ plugins: found, findings }: ImportResult): string {
  const wrong = findings.filter(({ severity }) => severity === 'error')
  const told = wrong.map(
    (one) => `${one.file || '.'}:${one.line ?? ''} ${one.code} ${describeFinding(one, spokenLanguage()).sentence}`,
  )
  const rows = found.map((plugin) => [
    ...[plugin.id, plugin.name, plugin.version, plugin.unchanged ? `${plugin.state}, unchanged` : plugin.state],
    `${plugin.callableCount}/${plugin.toolCount}`,
  ])
  return [found.length > 0 ? table(['ID', 'NAME', 'VERSION', 'STATE', 'TOOLS'], rows) : '', ...told]
    .filter((part) => part !== '')
    .join('\n')
}

/** Prints the answer as JSON; where the call failed, what the other end said, and the failure on standard error. */
async function call(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { data, json: { type: 'string', default: '{}' } },
  })
  const [asked = '', operation = ''] = names('call', ['a plugin', 'the name of an operation'], positionals)
  const given = parseArguments(values.json === '-' ? await text(process.stdin) : values.json)
  const result = await within(values.data, async (session) => {
    const { id } = findPlugin(await currentPlugins(session), asked)
    const callId = `command-${process.pid}`
    // Ctrl+C gives up the call, then the command ends with what became of it.
    process.once('SIGINT', () => void session.rpc.plugins.cancelCall({ callId }).catch(() => {}))
    return await session.rpc.plugins.call({ id, operation, callId, arguments: given })
  })
  process.stdout.write(`${result.data}\n`)
  if (result.dropped.length > 0)
    process.stderr.write(`pilothouse: not taken by the tool: ${result.dropped.join(', ')}\n`)
  if (result.failure) throw new AppError(result.failure.code as AppError['code'], result.failure.details)
}

function parseArguments(given: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(given)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Told below, like any other value that is no object.
  }
  throw new AppError('WRONG_USE', { reason: '--json takes a JSON object with the arguments.' })
}

async function test(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: { data, json, unsafe: { type: 'string', default: '' } },
  })
  const [asked = ''] = names('test', ['a plugin'], positionals)
  const unsafe = values.unsafe.split(',').filter(Boolean)
  const report = await within(values.data, async (session) => {
    const { id } = findPlugin(await currentPlugins(session), asked)
    return (await session.rpc.plugins.test({ id, unsafe })).report
  })
  if (values.json) printJson(report)
  else print(testText(report))
  const unreached = report.reached.some(({ steps }) => steps.some(({ step, ok }) => step !== 'health' && !ok))
  if (unreached || report.calls.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1
}

function testText({ reached, calls, successRate }: TestReport): string {
  const servers = reached.flatMap(({ server, steps }) => [
    server,
    ...steps.map(
      ({ step, ok, ms, detail }) => `  ${ok ? 'ok  ' : 'FAIL'} ${step.padEnd(6)} ${Math.round(ms)} ms  ${detail}`,
    ),
  ])
  const rows = calls.map(({ operationId, method, outcome, statusCode, durationMs, failure }) => [
    ...[
      operationId,
      method,
      outcome,
      String(statusCode ?? ''),
      outcome === 'skipped' ? '' : `${Math.round(durationMs)} ms`,
    ],
    failure?.code ?? '',
  ])
  const rate =
    successRate === null
      ? 'No operation was called.'
      : `${Math.round(successRate * 100)} % of what was called answered.`
  const listed = rows.length > 0 ? [table(['OPERATION', 'METHOD', 'OUTCOME', 'STATUS', 'TIME', 'CODE'], rows)] : []
  return [...servers, ...listed, rate].join('\n')
}

function act(action: 'enable' | 'disable' | 'remove', done: string) {
  return async (args: string[]): Promise<void> => {
    const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
    if (positionals.length === 0) throw new AppError('WRONG_USE', { reason: `plugins ${action} needs a plugin.` })
    await within(values.data, async (session) => {
      const all = await currentPlugins(session)
      const chosen = [...new Set(positionals.map((asked) => findPlugin(all, asked)))]
      await session.rpc.plugins[action]({ ids: chosen.map(({ id }) => id) })
      if (values.json) printJson({ [done]: chosen.map(({ id, name }) => ({ id, name })) })
      else for (const { name } of chosen) print(`${name} ${done}`)
    })
  }
}
