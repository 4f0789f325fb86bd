import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const json =
  (data: unknown, status = 200): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data))

/** Something that speaks just enough of Docker's API over a socket of its own, for what a real engine never does. */
export async function serveFakeEngine(answers: Readonly<Record<string, unknown>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-engine-'))
  const windows = process.platform === 'win32'
  const socketPath = windows ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, 'docker.sock')
  const streams = new Set<ServerResponse>()
  const requests: string[] = []
  const routes = new Map<string, Answer>([
    ['/version', json({ Version: '27.0.0', ApiVersion: '1.46', MinAPIVersion: '1.24', Os: 'linux' })],
    ['/info', json({ OperatingSystem: 'Fake OS', SecurityOptions: ['name=rootless'] })],
    ['/_ping', (_request, response) => void response.end('OK')],
    [
      '/events',
      (_request, response) => {
        response.writeHead(200).flushHeaders()
        streams.add(response)
        response.once('close', () => streams.delete(response))
      },
    ],
  ])
  const answer = (path: string, how: unknown) =>
    routes.set(path, typeof how === 'function' ? (how as Answer) : json(how))
  for (const [path, how] of Object.entries(answers)) answer(path, how)

  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '').replace(/^\/v[\d.]+/, '')
    requests.push(`${request.method} ${(request.url ?? '').replace(/\?$/, '')}`)
    ;(routes.get(path) ?? json({ message: 'page not found' }, 404))(request, response)
  })
  const listen = () => new Promise<void>((resolve) => server.listen(socketPath, resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen()

  return {
    address: `${windows ? 'npipe' : 'unix'}://${socketPath}`,
    requests,
    json,
    /** Answers a path, given without its version, from now on: with a value as JSON, or by a function. */
    answer,
    /** Never answers. */
    hang: (() => {}) satisfies Answer,
    /** Writes to every open event stream. */
    tell(text: string): void {
      for (const stream of streams) stream.write(text)
    },
    endStreams(): void {
      for (const stream of streams) stream.end()
    },
    /** As a daemon that is stopped and started. */
    goDown: close,
    comeUp: listen,
    async stop(): Promise<void> {
      if (server.listening) await close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type FakeEngineServer = Awaited<ReturnType<typeof serveFakeEngine>>
