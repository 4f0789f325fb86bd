import type { Readable } from 'node:stream'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { recipeOf } from './create-like.ts'
import type { Answer, RequestOptions, Transport } from './docker.ts'
import type { DockerEngine, EngineStats, ExecSession } from './engine.ts'
import { refusal } from './failures.ts'
import { readLines } from './lines.ts'
import { parseInspect, time } from './parse-inspect.ts'
import { parseImages, parseList, parseNetworks, readJson, understand } from './parse-list.ts'

/** What the engine does before it answers may take a while on a loaded machine. */
const WORK_TIMEOUT = 120_000
const STATS_LINE_LIMIT = 1_000_000

const Created = z.object({ Id: z.string().min(1) })
const Sizes = z.object({ SizeRw: z.number().nullish() })
const ExecState = z.object({ Running: z.boolean(), ExitCode: z.number().nullish(), Pid: z.number().nullish() })
const StatsLine = z.object({
  read: z.string(),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
  memory_stats: z.object({
    /** Absent while the container does not run. */
    usage: z.number().optional(),
    stats: z
      .looseObject({ inactive_file: z.number().optional(), total_inactive_file: z.number().optional() })
      .nullish(),
  }),
})

/** The engine behind a transport. `version` is the API version that both sides know, as "1.41". */
export function createEngine(transport: Transport, version: string, local: boolean): DockerEngine {
  const at = (path: string) => `/v${version}${path}`
  const container = (id: string, rest: string) => at(`/containers/${encodeURIComponent(id)}${rest}`)
  const network = (id: string, rest: string) => at(`/networks/${encodeURIComponent(id)}${rest}`)

  /** 304 says that it is so already. `name` is what a refusal speaks of. */
  async function ask(method: string, path: string, name: string, options: RequestOptions = {}): Promise<Answer> {
    const answer = await transport.request(method, path, options)
    if (answer.status < 300 || answer.status === 304) return answer
    throw refusal(answer, name)
  }
  /** Asks the engine to do something to a container. */
  async function act(id: string, action: string, query: RequestOptions['query'] = {}, signal?: AbortSignal) {
    const seconds = typeof query['t'] === 'number' ? query['t'] : 0
    const options = { query, slow: true, timeout: WORK_TIMEOUT + seconds * 1000, ...(signal && { signal }) }
    await ask('POST', container(id, `/${action}`), id, options)
  }
  async function create(body: unknown, name: string): Promise<string> {
    const options = { query: { name }, body, slow: true, timeout: WORK_TIMEOUT }
    return understand(Created, readJson((await ask('POST', at('/containers/create'), name, options)).body)).Id
  }
  async function openStream(path: string, id: string, options: RequestOptions): Promise<Readable> {
    const opened = await transport.stream(path, options)
    if ('refused' in opened) throw refusal(opened.refused, id)
    return opened.stream
  }

  const engine: DockerEngine = {
    local,
    async list() {
      return parseList((await ask('GET', at('/containers/json'), '', { query: { all: 1 } })).body)
    },
    async inspect(id) {
      const answer = await transport.request('GET', container(id, '/json'))
      if (answer.status === 404) return null
      if (answer.status >= 300) throw refusal(answer, id)
      return parseInspect(answer.body)
    },
    async writableBytes(id) {
      const options = { query: { size: 1 }, slow: true, timeout: WORK_TIMEOUT }
      return understand(Sizes, readJson((await ask('GET', container(id, '/json'), id, options)).body)).SizeRw ?? null
    },
    start: (id, signal) => act(id, 'start', {}, signal),
    stop: (id, graceSeconds, signal) => act(id, 'stop', { t: graceSeconds }, signal),
    restart: (id, graceSeconds, signal) => act(id, 'restart', { t: graceSeconds }, signal),
    pause: (id) => act(id, 'pause'),
    unpause: (id) => act(id, 'unpause'),
    kill: (id, signal) => act(id, 'kill', { signal }),
    async remove(id, { force, volumes }) {
      const mounts = volumes ? ((await engine.inspect(id))?.details.mounts ?? []) : []
      const options = { query: { force: Number(force), v: Number(volumes) }, slow: true, timeout: WORK_TIMEOUT }
      await ask('DELETE', container(id, ''), id, options)
      // One that `createLike` mounted by its name is named to the engine, so it would stay and belong to nobody.
      for (const { source } of mounts.filter(({ anonymous }) => anonymous)) {
        const answer = await transport.request('DELETE', at(`/volumes/${source}`))
        const goneOrUsed = answer.status === 404 || answer.status === 409
        if (answer.status >= 300 && !goneOrUsed) throw refusal(answer, source)
      }
    },
    rename: (id, name) => act(id, 'rename', { name }),
    async setRestartPolicy(id, { name, maximumRetryCount }) {
      // The engine refuses a count beside any other policy.
      const MaximumRetryCount = name === 'on-failure' ? maximumRetryCount : 0
      await ask('POST', container(id, '/update'), id, { body: { RestartPolicy: { Name: name, MaximumRetryCount } } })
    },
    async createLike({ raw }, name) {
      const { body, imageId, connect } = recipeOf(raw)
      const id = await create(body, name).catch((error: unknown) => {
        const gone = error instanceof AppError && error.code === 'IMAGE_NOT_FOUND'
        if (!gone) throw error
        return create({ ...body, Image: imageId }, name)
      })
      try {
        for (const { network: other, endpoint } of connect) {
          await ask('POST', network(other, '/connect'), id, { body: { Container: id, EndpointConfig: endpoint } })
        }
      } catch (error) {
        // A container that lacks a network is not like the other. Its volumes are the other's, too: they stay.
        await engine.remove(id, { force: true, volumes: false }).catch(() => {})
        throw error
      }
      return id
    },
    async connectNetwork(name, id, aliases) {
      const EndpointConfig = aliases.length > 0 ? { Aliases: aliases } : {}
      await ask('POST', network(name, '/connect'), id, { body: { Container: id, EndpointConfig } })
    },
    async disconnectNetwork(name, id) {
      await ask('POST', network(name, '/disconnect'), id, { body: { Container: id } })
    },
    async networks() {
      return parseNetworks((await ask('GET', at('/networks'), '')).body)
    },
    async images() {
      return parseImages((await ask('GET', at('/images/json'), '')).body)
    },
    async removeImage(id, force) {
      const options = { query: { force: Number(force) }, slow: true, timeout: WORK_TIMEOUT }
      await ask('DELETE', at(`/images/${encodeURIComponent(id)}`), id, options)
    },
    async logs(id, { tail, follow, timestamps, signal }) {
      const query = { stdout: 1, stderr: 1, tail, follow: Number(follow), timestamps: Number(timestamps) }
      return await openStream(container(id, '/logs'), id, { query, signal })
    },
    async *stats(id, signal) {
      const stream = await openStream(container(id, '/stats'), id, { query: { stream: 1 }, signal })
      try {
        for await (const line of readLines(stream, STATS_LINE_LIMIT)) {
          const stats = line === null ? null : parseStats(line)
          if (stats) yield stats
        }
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        stream.destroy()
      }
    },
    async exec(id, { command, columns, rows, environment = [] }) {
      const attach = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true }
      const body = { ...attach, Cmd: command, Env: ['TERM=xterm-256color', ...environment] }
      const made = understand(Created, readJson((await ask('POST', container(id, '/exec'), id, { body })).body))
      const path = at(`/exec/${encodeURIComponent(made.Id)}`)
      const started = await transport.hijack(`${path}/start`, { body: { Detach: false, Tty: true } })
      if ('refused' in started) throw refusal(started.refused, id)
      const session: ExecSession = {
        execId: made.Id,
        stream: started.socket,
        async resize(width, height) {
          const answer = await transport.request('POST', `${path}/resize`, { query: { w: width, h: height } })
          // It may have ended in between; then there is nothing to resize.
          if (answer.status >= 300 && started.socket.readable) throw refusal(answer, id)
        },
        async inspect() {
          const state = understand(ExecState, readJson((await ask('GET', `${path}/json`, id)).body))
          return { running: state.Running, exitCode: state.ExitCode ?? null, pid: state.Pid || null }
        },
      }
      // A command that ended at once or has not quite begun keeps the size it has.
      await session.resize(columns, rows).catch(() => {})
      return session
    },
  }
  return engine
}

function parseStats(line: string): EngineStats | null {
  const parsed = StatsLine.safeParse(readJson(Buffer.from(line)))
  if (!parsed.success || parsed.data.memory_stats.usage === undefined) return null
  const { read, cpu_stats, memory_stats } = parsed.data
  const cache = memory_stats.stats?.total_inactive_file ?? memory_stats.stats?.inactive_file ?? 0
  const used = memory_stats.usage ?? 0
  return {
    time: time(read) ?? Date.now(),
    cpuNanoseconds: cpu_stats.cpu_usage.total_usage,
    memoryBytes: cache < used ? used - cache : used,
  }
}
