import { type AgentOptions, Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import type { Target } from './endpoint.ts'
import { type Refusal, transportFailure } from './failures.ts'
import { createSshAgent } from './ssh-agent.ts'

/** The parts of dockerode's modem that are used. */
interface Modem {
  dial(
    request: Record<string, unknown>,
    done: (error: Error | null, answer?: IncomingMessage | Socket | null) => void,
  ): void
}
type DockerodeClass = new (options: Record<string, unknown>) => { readonly modem: Modem }

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: unknown
  readonly signal?: AbortSignal
  /** Milliseconds until the answer must be complete (of a stream: until it begins). */
  readonly timeout?: number
  /** Takes a connection of its own, for requests that wait for long. */
  readonly slow?: boolean
}
export interface Answer extends Refusal {
  readonly headers: IncomingMessage['headers']
}

/** Requests to one engine. Everything throws AppError when no answer comes; any status is an answer. */
export interface Transport {
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  /** An answer that is read as it comes; a refusal is answered whole. */
  stream(path: string, options?: RequestOptions): Promise<{ refused: Answer } | { stream: Readable }>
  /** A connection that carries bytes both ways after the request. */
  hijack(path: string, options?: RequestOptions): Promise<{ refused: Answer } | { socket: Socket }>
  /** Cuts everything that is still open. */
  close(): void
}

const ANSWER_LIMIT = 256 * 1024 * 1024
const REFUSAL_LIMIT = 64 * 1024
const anyStatus = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i + 100, true]))

const DEFAULT_TIMEOUT = 30_000

/** The only door to dockerode, which is loaded by the first connection. `onFailure` hears of each request without answer. */
export async function openTransport(target: Target, onFailure: () => void = () => {}): Promise<Transport> {
  const Dockerode = (await import('dockerode')).default as unknown as DockerodeClass
  const { endpoint } = target
  const closed = new AbortController()
  const sockets = new Set<Socket>()
  // Many short requests share few connections (one over ssh is a process); a stream must never wait for its turn.
  const short = openModem(Dockerode, target, { keepAlive: true, maxSockets: target.address.kind === 'ssh' ? 4 : 32 })
  const long = openModem(Dockerode, target, { keepAlive: false })

  async function dial(
    method: string,
    path: string,
    { query = {}, body = {}, signal, timeout = DEFAULT_TIMEOUT, slow = false }: RequestOptions,
    how: 'whole' | 'stream' | 'hijack',
  ): Promise<{ answer: Answer } | { stream: IncomingMessage } | { socket: Socket }> {
    const abort = new AbortController()
    const cancel = () => abort.abort()
    let late = false
    const timer = setTimeout(() => {
      late = true
      abort.abort()
    }, timeout)
    signal?.addEventListener('abort', cancel)
    closed.signal.addEventListener('abort', cancel)
    const { modem } = how === 'whole' && !slow ? short : long
    try {
      if (signal?.aborted || closed.signal.aborted) cancel()
      const got = await new Promise<IncomingMessage | Socket>((resolve, reject) => {
        modem.dial(
          {
            // dockerode takes its query only after a question mark, and both it and a body only by these names.
            path: `${path}?`,
            method,
            options: { _query: query, _body: body },
            isStream: true,
            hijack: how === 'hijack',
            statusCodes: anyStatus,
            abortSignal: abort.signal,
          },
          (error, answer) => (answer ? resolve(answer) : reject(error ?? new Error('no answer'))),
        )
      })
      // A cut connection is told by `close`; without a listener its `error` would end the process.
      got.on('error', () => {})
      if (!('statusCode' in got)) return { socket: got as Socket }
      const status = got.statusCode ?? 0
      if (how === 'stream' && status < 300) return { stream: got }
      const limit = status < 300 ? ANSWER_LIMIT : REFUSAL_LIMIT
      return { answer: { status, headers: got.headers, body: await readWhole(got, limit) } }
    } catch (error) {
      if (signal?.aborted) throw new AppError('CANCELLED', {}, { cause: error })
      onFailure()
      const reason = late
        ? `no answer within ${timeout / 1000} s`
        : closed.signal.aborted
          ? 'the connection was closed'
          : null
      if (reason) throw new AppError('DOCKER_UNREACHABLE', { endpoint, reason }, { cause: error })
      throw transportFailure(error, endpoint)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      closed.signal.removeEventListener('abort', cancel)
    }
  }

  return {
    async request(method, path, options = {}) {
      const result = await dial(method, path, options, 'whole')
      if ('answer' in result) return result.answer
      throw new AppError('DOCKER_UNREACHABLE', { endpoint, reason: 'it switched protocols unasked' })
    },
    async stream(path, options = {}) {
      const result = await dial('GET', path, options, 'stream')
      if (!('stream' in result)) return { refused: 'answer' in result ? result.answer : noAnswer }
      const { stream } = result
      const cut = () => stream.destroy()
      options.signal?.addEventListener('abort', cut)
      // Finds out when a network drops the connection without a word.
      stream.socket.setKeepAlive(true, 15_000)
      stream.once('close', () => options.signal?.removeEventListener('abort', cut))
      if (options.signal?.aborted) cut()
      return { stream }
    },
    async hijack(path, options = {}) {
      const result = await dial('POST', path, options, 'hijack')
      if (!('socket' in result)) return { refused: 'answer' in result ? result.answer : noAnswer }
      const { socket } = result
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      return { socket }
    },
    close() {
      closed.abort()
      short.agent.destroy()
      long.agent.destroy()
      for (const socket of sockets) socket.destroy()
    },
  }
}
const noAnswer: Answer = { status: 0, headers: {}, body: Buffer.alloc(0) }

function openModem(
  Dockerode: DockerodeClass,
  { address }: Target,
  options: AgentOptions,
): { modem: Modem; agent: HttpAgent } {
  const { verify: rejectUnauthorized, ...certificates } = (address.kind === 'tcp' && address.tls) || { verify: true }
  const encrypted = address.kind === 'tcp' && address.tls !== null
  const agent =
    address.kind === 'ssh'
      ? createSshAgent(address, options)
      : encrypted
        ? new HttpsAgent({ ...options, ...certificates, rejectUnauthorized })
        : new HttpAgent(options)
  // The modem writes each request out for a debug line that nobody reads; with the agent's sockets in it, that costs
  // nearly as much as the request itself.
  Object.assign(agent, { [inspect.custom]: () => 'agent' })
  const modem = makeModem(
    {
      agent,
      protocol: encrypted ? 'https' : 'http',
      host: address.kind === 'tcp' ? address.host : address.kind === 'ssh' ? 'docker' : undefined,
      port: address.kind === 'tcp' ? address.port : undefined,
      socketPath: address.kind === 'socket' ? address.path : undefined,
      pathPrefix: '/',
      ca: undefined,
      cert: undefined,
      key: undefined,
      timeout: undefined,
    },
    Dockerode,
  )
  return { modem, agent }
}

/** Made without dockerode's own defaults: it would take them from DOCKER_HOST, and may fail on what stands there. */
function makeModem(options: Record<string, unknown>, Dockerode: DockerodeClass): Modem {
  const { DOCKER_HOST } = process.env
  delete process.env['DOCKER_HOST']
  try {
    return new Dockerode(options).modem
  } finally {
    if (DOCKER_HOST !== undefined) process.env['DOCKER_HOST'] = DOCKER_HOST
  }
}

async function readWhole(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > limit) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
