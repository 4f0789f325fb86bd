import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Load {
  readonly requestsPerSecond: number
  /** Milliseconds of every request, sorted. */
  readonly times: readonly number[]
}
export interface LoadRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

/**
 * The same request over so many kept-alive connections, each asking again when it was answered, for some milliseconds.
 * Written bytes on bare sockets: a client that costs more than the server would measure itself.
 */
export async function load(
  origin: string,
  request: LoadRequest,
  connections: number,
  milliseconds: number,
): Promise<Load> {
  const { hostname, port, host } = new URL(origin)
  const { method, path, headers = {}, body = '' } = request
  const lines = Object.entries({ host, ...headers, ...(body && { 'content-length': String(Buffer.byteLength(body)) }) })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const bytes = Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`)
  const times: number[] = []
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(Number(port), hostname).setNoDelay()
      await once(socket, 'connect')
      return socket
    }),
  )
  const from = performance.now()
  await Promise.all(sockets.map((socket) => ask(socket, bytes, from + milliseconds, times)))
  const seconds = (performance.now() - from) / 1000
  for (const socket of sockets) socket.destroy()
  return { requestsPerSecond: times.length / seconds, times: times.sort((a, b) => a - b) }
}

/** Again and again until the time is over. */
function ask(socket: Socket, bytes: Buffer, end: number, times: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = performance.now()
    let waiting: Buffer | null = null
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed')))
    socket.on('data', (chunk: Buffer) => {
      const answer = waiting ? Buffer.concat([waiting, chunk]) : chunk
      const length = lengthOf(answer)
      waiting = answer
      if (length === null || answer.length < length) return
      waiting = null
      if (answer.toString('latin1', 9, 12) !== '200')
        return reject(new Error(`answered ${answer.toString('latin1', 9, 12)}`))
      const now = performance.now()
      times.push(now - asked)
      if (now >= end) return resolve()
      asked = now
      socket.write(bytes)
    })
    socket.write(bytes)
  })
}

/** Of the whole answer; null while its head has not come. */
function lengthOf(answer: Buffer): number | null {
  const head = answer.indexOf('\r\n\r\n')
  if (head < 0) return null
  const lines = answer.toString('latin1', 0, head)
  if (/transfer-encoding: chunked/i.test(lines))
    return answer.toString('latin1', answer.length - 5) === '0\r\n\r\n' ? answer.length : null
  const declared = /content-length: (\d+)/i.exec(lines)
  if (!declared) throw new Error('an answer without its length')
  return head + 4 + Number(declared[1])
}
