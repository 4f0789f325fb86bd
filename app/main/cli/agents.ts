import { text } from 'node:stream/consumers'
import type { Agent } from '../../shared/contracts/agents.ts'
import { AppError, knownCode } from '../../shared/errors.ts'
import { followAnswer } from './agent-answer.ts'
import { first } from './current.ts'
import { plain } from './plain.ts'
import { currentPlugins, findPlugin } from './plugins.ts'
import type { Session } from './session.ts'
import { ago, table } from './table.ts'
import { parse } from './usage.ts'
import { doVerb, print, printJson, within, words } from './verbs.ts'

const data = { type: 'string' } as const
const json = { type: 'boolean', default: false } as const
const option = { type: 'string' } as const

/** `pilothouse agents …` */
export const agents = (args: string[]): Promise<void> => doVerb('agents', { ls, add, rm, chat }, args)

const currentAgents = ({ rpc }: Session) =>
  first<readonly Agent[]>(0, (found, failed) =>
    rpc.agents.onUpdates((update) => update.kind === 'snapshot' && found(update.agents), undefined, failed),
  )

/** The one that is meant: by id, else by a name that only one has. */
function findAgent(all: readonly Agent[], asked: string): Agent {
  const named = all.filter(({ name }) => name === asked)
  const found = all.find(({ id }) => id === asked) ?? named[0]
  if (!found) throw new AppError('AGENT_NOT_FOUND', { name: asked.slice(0, 100) })
  if (found.id !== asked && named.length > 1)
    throw new AppError('BAD_INPUT', { reason: `several agents are called ${asked.slice(0, 100)}: use the id` })
  return found
}

async function ls(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  words('agents ls', [], positionals)
  const all = await within(values.data, currentAgents)
  if (values.json) return printJson(all)
  if (all.length === 0) return void print('There are no agents.')
  const rows = all.map(({ id, name, model, plugins, updatedAt }) => [
    ...[id, name, model ?? 'auto', String(plugins.length), ago(updatedAt)],
  ])
  print(table(['ID', 'NAME', 'MODEL', 'PLUGINS', 'CHANGED'], rows))
}

async function add(args: string[]): Promise<void> {
  const options = { model: option, plugins: option, instructions: option, description: option }
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json, ...options } })
  const [name = ''] = words('agents add', ['a name'], positionals)
  const { model = 'auto', description = '' } = values
  const instructions = values.instructions === '-' ? await text(process.stdin) : (values.instructions ?? '')
  const { id } = await within(values.data, async (session) => {
    const asked = (values.plugins ?? '').split(',').filter(Boolean)
    const installed = asked.length === 0 ? [] : await currentPlugins(session)
    const plugins = asked.map((one) => findPlugin(installed, one).id)
    const facts = { name, description, instructions, plugins, model: model === 'auto' ? null : model }
    return await session.rpc.agents.create(facts)
  })
  if (values.json) printJson({ id, name })
  else print(`${name} added (${id})`)
}

async function rm(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  if (positionals.length === 0) throw new AppError('WRONG_USE', { reason: 'agents rm needs an agent.' })
  await within(values.data, async (session) => {
    const all = await currentAgents(session)
    const chosen = [...new Set(positionals.map((asked) => findAgent(all, asked)))]
    await session.rpc.agents.remove({ ids: chosen.map(({ id }) => id) })
    if (values.json) printJson({ removed: chosen.map(({ id, name }) => ({ id, name })) })
    else for (const { name } of chosen) print(`${name} removed`)
  })
}

/** Words of the answer as they come; what else happens, and the session, on standard error. Ctrl+C stops the answer. */
async function chat(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json, session: option } })
  if (positionals.length === 1 && process.stdin.isTTY)
    process.stderr.write('Type the message, then Enter and Ctrl+D:\n')
  const given = positionals.length === 1 ? [...positionals, await text(process.stdin)] : positionals
  const [asked = '', message = ''] = words('agents chat', ['an agent', 'a message'], given)
  if (message.trim() === '') throw new AppError('WRONG_USE', { reason: 'agents chat needs a message.' })
  const quiet = values.json
  const { sessionId, answer } = await within(values.data, async (session) => {
    const { id: agentId } = findAgent(await currentAgents(session), asked)
    const said = await session.rpc.agents.say({ agentId, sessionId: values.session ?? null, text: message })
    process.once('SIGINT', () => void session.rpc.agents.stop(said).catch(() => {}))
    const told = await followAnswer(session, said.sessionId, {
      words: (more) => quiet || process.stdout.write(plain(more)),
      aside: (line) => quiet || process.stderr.write(`${plain(line)}\n`),
    })
    return { ...said, answer: told }
  })
  const { failure } = answer
  if (quiet) {
    printJson({ sessionId, ...answer })
    if (failure) process.exitCode = 1
    return
  }
  process.stderr.write(`session ${sessionId}\n`)
  if (failure) throw new AppError(knownCode(failure.code), failure.details)
}
