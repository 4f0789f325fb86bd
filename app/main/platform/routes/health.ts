import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../shared/errors.ts'
import type { PlatformParts } from '../parts.ts'

const STORE_MS = 2000
const CACHE_MS = 1000

/** Whether it lives, whether it can be used, and its figures. */
export async function healthRoutes(app: FastifyInstance, { main, table, metrics, ports, options }: PlatformParts) {
  const started = performance.now()
  let known: { readonly at: number; readonly error: string | null } | null = null
  let asking: Promise<string | null> | null = null

  /** Why the store does not answer; null while it does. Asked of main at most once a second, however many want to know. */
  async function storeError(): Promise<string | null> {
    if (known && performance.now() - known.at < CACHE_MS) return known.error
    asking ??= askStore().finally(() => {
      asking = null
    })
    return await asking
  }
  async function askStore(): Promise<string | null> {
    const timeUp = AbortSignal.timeout(STORE_MS)
    const late = new Promise<never>((_resolve, reject) => {
      timeUp.addEventListener('abort', () =>
        reject(new AppError('PLATFORM_NOT_RUNNING', { reason: 'the console is busy' })),
      )
    })
    const error = await Promise.race([main.ask('health', undefined, { signal: timeUp }), late]).then(
      (health) => health.error,
      (failure: Error) => failure.message,
    )
    known = { at: performance.now(), error }
    return error
  }

  // Whoever asks a port for nothing wants to know what answers there.
  for (const path of ['/', '/healthz', '/health']) {
    app.get(path, async (request, reply) => {
      const error = await storeError()
      if (error !== null) return reply.code(503).send({ status: 'unhealthy', error })
      const service = ports.partOf(request.socket.localPort) ?? 'local-platform'
      const uptime = Math.round((performance.now() - started) / 1000)
      const timestamp = new Date().toISOString()
      return { status: 'healthy', service, version: options().version, uptime_s: uptime, timestamp }
    })
  }
  app.get('/ready', async (_request, reply) =>
    table.ready
      ? { status: 'ready' }
      : reply.code(503).send({ status: 'not ready', reason: 'the plugins are still being loaded' }),
  )
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
}
