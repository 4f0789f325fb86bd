import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePorts } from '../../../tests/lib/free-ports.ts'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'
import { AppError } from '../../shared/errors.ts'
import type { CallablePlugin } from '../features/plugins/calling/call-types.ts'
import { inUse, readDocument } from '../features/plugins/calling/test-plugins.ts'
import type { ReadPlugin } from '../features/plugins/packages/package-types.ts'
import type { Main } from './call-records.ts'
import type { GatewayTuning } from './gateway/gateway.ts'
import type { UseRecord } from './gateway/gateway-messages.ts'
import { entryOf, type JournalEntry } from './gateway/journal-line.ts'
import type { HubPlugin, MainAsks, PlatformOptions, PortWish } from './messages.ts'
import { createLocalPlatform } from './platform.ts'

type Answers = { -readonly [K in keyof MainAsks]?: (input: MainAsks[K]['input']) => unknown }
interface Asked {
  readonly name: string
  readonly input: never
}

/** What was written down, as long as a test has not taken it. */
export function memoryJournal() {
  let entries: JournalEntry[] = []
  return {
    append: (line: string) => void entries.push(entryOf(line.slice(0, -1))!),
    written: () => Promise.resolve(),
    flush: () => {},
    close: () => {},
    entries: (): readonly JournalEntry[] => entries,
    uses: (): UseRecord[] => entries.flatMap(({ use }) => use ?? []),
    /** So that what a test remembers does not look like a leak. */
    take(): readonly JournalEntry[] {
      const taken = entries
      entries = []
      return taken
    },
  }
}

/** Main, as a test wants it: what was asked and told, and what is answered. */
export function fakeMain(answers: Answers = {}) {
  const asked: Asked[] = []
  const waiting: (() => void)[] = []
  const note = (name: string, input: unknown) => {
    asked.push({ name, input: input as never })
    for (const look of [...waiting]) look()
  }
  const usual: Answers = {
    ...{ health: () => ({ ok: true, error: null }), calls: () => undefined, list: () => [] },
    jobFind({ id }) {
      throw new AppError('JOB_NOT_FOUND', { name: id })
    },
  }
  const quiet = new Set(['gatewayRecords', 'saveJob', 'instanceReports'])
  const main: Main = {
    async ask(name: string, input: unknown) {
      note(name, input)
      const answer = (answers as Record<string, (input: unknown) => unknown>)[name] ?? usual[name as 'list']
      if (!answer && quiet.has(name)) return undefined as never
      if (!answer) throw new AppError('NOT_SUPPORTED', { reason: name })
      return (await answer(input as never)) as never
    },
    tell(name: string, input: unknown) {
      note(name, input)
      ;(answers as Record<string, (input: unknown) => unknown>)[name]?.(input)
    },
  }
  const of = (name: keyof MainAsks) => asked.filter((one) => one.name === name).map(({ input }) => input)
  return {
    main,
    of: of as <K extends keyof MainAsks>(name: K) => MainAsks[K]['input'][],
    /** When that was asked or told. */
    heard: (name: keyof MainAsks): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (of(name).length > 0) resolve()
        }
        waiting.push(look)
        look()
      }),
  }
}

export const context = { signal: new AbortController().signal, report: () => {} }

/** A platform in this thread, at real ports. */
export async function startPlatform(
  given: {
    readonly plugins?: readonly CallablePlugin[] | null
    readonly answers?: Answers
    readonly options?: Partial<PlatformOptions>
    readonly parts?: readonly PortWish['part'][]
    readonly tuning?: GatewayTuning
  } = {},
) {
  const folder = tempFolder()
  const stagingFolder = join(folder, 'staging')
  mkdirSync(stagingFolder)
  const callLog = join(folder, 'logs', 'plugin-calls.log')
  const options: PlatformOptions = {
    ...{ allowLoopback: true, allowPrivate: true, openLocalMode: true, version: '1.2.3', stagingFolder, callLog },
    journalFolder: join(folder, 'gateway'),
    ...given.options,
  }
  const { main, of, heard } = fakeMain(given.answers)
  const journal = memoryJournal()
  const platform = createLocalPlatform(options, main, { journal, ...given.tuning })
  const parts = given.parts ?? ['gateway', 'plugin-service']
  const base = await freePorts(parts.length)
  const wishes = parts.map((part, i) => ({ part, port: base + i }))
  const answers = await platform.listen({ ports: wishes }, context)
  const { plugins = [] } = given
  if (plugins) await platform.plugins({ reset: true, upserted: plugins, removed: [] }, context)
  let stopping: Promise<void> | null = null
  const stop = () => {
    stopping ??= Promise.resolve(platform.stop(undefined, context))
    return stopping
  }
  onTestFinished(stop)
  const url = `http://127.0.0.1:${base}`
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const content = body === undefined ? {} : { 'content-type': 'application/json' }
    const text = typeof body === 'string' || body instanceof Buffer ? body : JSON.stringify(body)
    const answer = await fetch(`${url}${path}`, {
      ...{ method, headers: { ...content, ...headers } },
      ...(body === undefined ? {} : { body: text }),
    })
    const answered = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json') ? JSON.parse(answered) : null
    return { status: answer.status, headers: answer.headers, text: answered, json }
  }
  return {
    platform,
    options,
    of,
    heard,
    journal,
    wishes,
    answers,
    url,
    base,
    folder,
    stagingFolder,
    callLog,
    send,
    stop,
  }
}

const api = (server: string) => `openapi: 3.0.1
info: { title: Tide tables, description: d, version: v1 }
servers: [{ url: '${server}' }]
paths:
  /tides:
    get:
      operationId: high_water
      summary: When the water is high
      parameters:
        - { name: harbour, in: query, required: true, schema: { type: string } }
      responses: &object
        '200': { description: d, content: { application/json: { schema: { type: object } } } }
  /alerts:
    post:
      operationId: set_alert
      summary: Set an alert
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [level]
              properties: { level: { type: number }, note: { type: string } }
      responses: *object
  /broken:
    get: { operationId: gauge, summary: s, responses: *object }
`

/** The plugin of a service that tells tides. */
export async function tides(
  server: string,
  change: Partial<CallablePlugin> = {},
  definition: Partial<ReadPlugin> = {},
): Promise<CallablePlugin> {
  const read = await readDocument(api(server), {
    id: '7001',
    name: 'Tide tables',
    nameForModel: 'tides',
    ...definition,
  })
  return inUse(read, change)
}

export const hubPlugin = (change: Partial<HubPlugin> = {}): HubPlugin => ({
  ...{ id: '7001', name: 'Tide tables', version: 'v1.0.0', description: 'd', author: 'a', license: 'MIT' },
  ...{ provider: '', state: 'active', kind: 'coze', capabilities: [], tools: ['high_water'] },
  ...change,
})
