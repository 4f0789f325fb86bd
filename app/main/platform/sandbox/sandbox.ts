import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { AppError } from '../../../shared/errors.ts'
import { isLocalHost } from '../local-names.ts'
import { countInputTokens } from '../vendors/count-tokens.ts'
import { member, textOf } from '../vendors/openai-dialect.ts'
import { toneOf } from './audio.ts'
import { type Body, completion, replyTo, streamed } from './chat.ts'
import { chatFault, embeddingsFault, imagesFault } from './faults.ts'
import { hashOf } from './hash.ts'
import { createImageTasks, imageCount } from './image-tasks.ts'
import { hashInPath, pictureHash, pictureOf, picturePath } from './images.ts'
import { type Dialect, foreign, noMethod, noPath, onlyAsync, refuse, type Trick, trickOf, wrong } from './tricks.ts'
import { embeddings, rerank, rerankId } from './vectors.ts'
import { guarded, perform, readBody, send, sendBytes, sendStream } from './wire.ts'

/** What the sandbox answered since it listens, as it counted: what whoever calls it should have counted too. */
export interface SandboxCounts {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly images: number
  /** Image tasks that were accepted. */
  readonly tasks: number
}
export interface Sandbox {
  /** On 127.0.0.1; without a port on a free one. Fails with PORT_IN_USE. */
  listen(port?: number): Promise<{ readonly url: string }>
  counts(): SandboxCounts
  /** Cuts what is still being answered. */
  close(): Promise<void>
}

/** What `GET /v1/models` names. Any other name is answered as well, by what the path is for. */
export const sandboxModels = [
  'sandbox-chat',
  'sandbox-embedding',
  'sandbox-image',
  'sandbox-rerank',
  'sandbox-speech',
  'sandbox-transcription',
] as const
/** What `GET /v1/balance` answers: no vendor's dialect, but everybody has money here. */
export const sandboxBalance = { balance: '100.00', currency: 'USD' } as const
const created = 1_767_225_600
/** So many days from now, in seconds since 1970 as some vendors tell it. */
const endsIn = (days: number) => ({ shutdown_date: Math.floor(Date.now() / 1000) + days * 86_400 })
const submitPath = 'api/v1/services/aigc/text2image/image-synthesis'

/** Pages of other sites can make their own name lead here, or post here; they cannot choose these two headers. */
const isOurs = ({ headers: { host = '', origin } }: IncomingMessage): boolean =>
  origin === undefined && isLocalHost(host)
const dialectOf = (path: string): Dialect => (path.startsWith('/api/v1/') ? 'dashscope' : 'openai')
const membersOf = (value: unknown): Body => (typeof value === 'object' && value !== null ? (value as Body) : {})

interface Asked {
  readonly response: ServerResponse
  readonly body: Body
  readonly trick: Trick | null
  readonly dialect: Dialect
}

/** The vendor that needs no network: a server that speaks OpenAI's and DashScope's dialects and fails on demand. */
export function createSandbox(): Sandbox {
  const counts = { requests: 0, inputTokens: 0, outputTokens: 0, images: 0, tasks: 0 }
  let url = ''
  const tasks = createImageTasks((images) => {
    counts.images += images
  })
  const server = createServer((request, response) => {
    counts.requests++
    // Written to after the caller has gone: nobody is left to tell.
    response.on('error', () => {})
    const path = (request.url ?? '/').split('?', 1)[0]!
    if (!isOurs(request)) refuse(response, 'openai', 403, foreign)
    else if (request.method === 'GET' || request.method === 'HEAD')
      guarded(response, () => get(request, response, path))
    else if (request.method !== 'POST')
      refuse(response.setHeader('allow', 'GET, HEAD, POST'), 'openai', 405, noMethod(request.method ?? ''))
    else readBody(request, response, (body) => post(request, response, path, body))
  })
  // Longer than the pools of those who call, so that a connection is never closed under a request.
  server.keepAliveTimeout = 65_000
  server.on('clientError', (_error, socket: Socket) => socket.destroy())

  function get(request: IncomingMessage, response: ServerResponse, path: string): void {
    const hash = hashInPath(path)
    if (hash !== null) {
      const picture = pictureOf(hash)
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': picture.length })
      response.end(picture)
      return
    }
    if (path === '/v1/balance') {
      perform(trickOf(request, null), response, 'openai', false, () => send(response, sandboxBalance))
      return
    }
    const task = /^\/api\/v1\/tasks\/([^/]{1,200})$/.exec(path)?.[1]
    const known = task !== undefined || /^(?:\/compatible-mode)?(?:\/v1)?\/models$/.test(path)
    const dialect = dialectOf(path)
    if (!known) {
      refuse(response, dialect, 404, noPath(request.method ?? '', path))
      return
    }
    const trick = trickOf(request, null)
    perform(trick, response, dialect, false, () => {
      const model = (id: string) => ({ id, object: 'model', created, owned_by: 'sandbox' })
      const last = trick?.kind === 'retiring' ? [{ ...model('sandbox-retiring'), ...endsIn(trick.days) }] : []
      const data = [...sandboxModels.map(model), ...last]
      send(response, task === undefined ? { object: 'list', data } : tasks.state(task))
    })
  }

  function post(request: IncomingMessage, response: ServerResponse, path: string, body: Body): void {
    const call = path.replace(/^(?:\/compatible-(?:mode|api))?(?:\/v1)?\//, '')
    const dialect = dialectOf(path)
    const trick = trickOf(request, body['model'])
    const asked = { response, body, trick, dialect } as const
    const answer = answers.get(call)
    if (!answer) refuse(response, dialect, 404, noPath('POST', path))
    else if (call === submitPath && request.headers['x-dashscope-async'] !== 'enable')
      refuse(response, dialect, 403, onlyAsync)
    else perform(trick, response, dialect, body['stream'] === true, () => answer(asked))
  }

  function chat({ response, body, trick, dialect }: Asked): void {
    const fault = chatFault(body)
    if (fault) {
      refuse(response, dialect, 400, fault)
      return
    }
    const reply = replyTo(body)
    counts.inputTokens += reply.inputTokens
    counts.outputTokens += reply.outputTokens
    if (body['stream'] === true) sendStream(response, streamed(reply, body), trick)
    else send(response, completion(reply), trick)
  }

  function vectors({ response, body, trick, dialect }: Asked): void {
    const fault = embeddingsFault(body)
    const answer = fault ? null : embeddings(body)
    if (!answer) {
      refuse(response, dialect, 400, fault ?? wrong('input'))
      return
    }
    counts.inputTokens += answer.inputTokens
    send(response, answer.document, trick)
  }

  function images({ response, body, trick, dialect }: Asked): void {
    const fault = imagesFault(body)
    if (fault) {
      refuse(response, dialect, 400, fault)
      return
    }
    const prompt = textOf(body['prompt']) ?? ''
    const n = imageCount(body['n'])
    const hashes = Array.from({ length: n }, (_, index) =>
      pictureHash(textOf(body['model']) ?? '', prompt, body['size'], index),
    )
    const came = trick?.kind === 'partial-images' ? hashes.slice(0, -1) : hashes
    if (came.length === 0) {
      refuse(response, dialect, 500)
      return
    }
    const data = came.map((hash) =>
      body['response_format'] === 'url'
        ? { url: `${url}${picturePath(hash)}` }
        : { b64_json: pictureOf(hash).toString('base64') },
    )
    const input_tokens = countInputTokens(body)
    counts.images += data.length
    counts.inputTokens += input_tokens
    send(response, { created, data, usage: { input_tokens, output_tokens: 0, total_tokens: input_tokens } }, trick)
  }

  function speech({ response, body, trick, dialect }: Asked): void {
    const input = textOf(body['input'])
    if (input === null) {
      refuse(response, dialect, 400, wrong('input'))
      return
    }
    const tone = toneOf(hashOf(`${textOf(body['model']) ?? ''}\n${textOf(body['voice']) ?? ''}\n${input}`))
    counts.inputTokens += countInputTokens(body)
    sendBytes(response, 'audio/wav', tone, trick)
  }

  /** Says how much it heard, as a model would say what. */
  function transcription({ response, body, trick, dialect }: Asked): void {
    const bytes = member(body['file'], 'bytes')
    if (bytes === undefined) {
      refuse(response, dialect, 400, wrong('file'))
      return
    }
    const text = `The sandbox heard ${bytes} bytes.`
    if (body['response_format'] === 'text') sendBytes(response, 'text/plain; charset=utf-8', Buffer.from(text), trick)
    else send(response, { text }, trick)
  }

  function imagesAtOnce({ response, body, trick, dialect }: Asked): void {
    const messages = member(body['input'], 'messages')
    const content = Array.isArray(messages) ? member(messages[0], 'content') : undefined
    const prompt = Array.isArray(content) ? textOf(member(content[0], 'text')) : null
    const parameters = body['parameters']
    const n = imageCount(member(parameters, 'n')) - (trick?.kind === 'partial-images' ? 1 : 0)
    if (prompt === null || n === 0) {
      if (prompt === null) refuse(response, dialect, 400, wrong('input.messages'))
      else refuse(response, dialect, 500)
      return
    }
    const choices = Array.from({ length: n }, (_, index) => {
      const hash = pictureHash(textOf(body['model']) ?? '', prompt, member(parameters, 'size'), index)
      const image = `${url}${picturePath(hash)}`
      return { finish_reason: 'stop', message: { role: 'assistant', content: [{ image }] } }
    })
    counts.images += n
    send(response, { output: { choices }, usage: { image_count: n }, request_id: 'sandbox' }, trick)
  }

  function ranking({ response, body, trick, dialect }: Asked): void {
    const own = dialect === 'dashscope'
    const asked = own ? { ...membersOf(body['input']), ...membersOf(body['parameters']) } : body
    const ranked = rerank(asked)
    if (!ranked) {
      refuse(response, dialect, 400, wrong('query and documents', 'are required'))
      return
    }
    const { results, tokens } = ranked
    counts.inputTokens += tokens
    const usage = { total_tokens: tokens }
    const document = own
      ? { output: { results }, usage, request_id: 'sandbox' }
      : { id: rerankId(asked), model: textOf(body['model']) ?? 'sandbox-rerank', results, usage }
    send(response, document, trick)
  }

  function submitTask({ response, body, trick }: Asked): void {
    counts.tasks++
    send(response, tasks.submit(body, trick, url), trick)
  }
  const answers: ReadonlyMap<string, (asked: Asked) => void> = new Map([
    ['chat/completions', chat],
    ['embeddings', vectors],
    ['images/generations', images],
    ['audio/speech', speech],
    ['audio/transcriptions', transcription],
    ['rerank', ranking],
    ['reranks', ranking],
    ['api/v1/services/rerank/text-rerank/text-rerank', ranking],
    ['api/v1/services/aigc/multimodal-generation/generation', imagesAtOnce],
    [submitPath, submitTask],
  ])

  return {
    listen: (port = 0) =>
      new Promise((resolve, reject) => {
        // Stays: too many open files later on must not end the process either.
        server.on('error', (error: NodeJS.ErrnoException) =>
          reject(error.code === 'EADDRINUSE' ? new AppError('PORT_IN_USE', { port }) : error),
        )
        server.listen(port, '127.0.0.1', () => {
          url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
          resolve({ url })
        })
      }),
    counts: () => ({ ...counts }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
