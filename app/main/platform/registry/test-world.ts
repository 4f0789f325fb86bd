import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { onTestFinished } from 'vitest'
import { freePorts } from '../../../../tests/lib/free-ports.ts'
import type { Instance } from '../../../shared/contracts/registry.ts'
import { AppError } from '../../../shared/errors.ts'
import { createPorts } from '../ports.ts'
import { failureOf, replyFailure } from '../replies.ts'
import { registryRoutes } from '../routes/registry.ts'
import { createRegistryParts } from './registry-parts.ts'

export const instance = (url: string, change: Partial<Instance> = {}): Instance => ({
  ...{ id: url, name: 'tides', url, version: null, healthPath: null, metadata: {}, ttlSeconds: 30 },
  ...{ state: { kind: 'up', since: 0 }, registeredAt: 0, lastHeartbeatAt: 0, requests: 0, errors: 0 },
  ...change,
})

/** The registry's routes at a real port, with main scripted. */
export async function startRegistry(given: { readonly times?: Parameters<typeof createRegistryParts>[1] } = {}) {
  const asked: { readonly name: string; readonly input: unknown }[] = []
  const waiting = new Set<() => void>()
  const note = (name: string, input: unknown) => {
    asked.push({ name, input })
    for (const look of [...waiting]) look()
  }
  const main = {
    async ask(name: string, input: unknown) {
      note(name, input)
      const { id } = input as { id: string }
      const known =
        name === 'instanceRegister' ? instance('', { ...(input as Instance), id: '17' }) : registry.table.get(id)
      if (!known) throw new AppError('INSTANCE_NOT_FOUND', { name: id })
      return { ...known, lastHeartbeatAt: 60_000 } as never
    },
    tell: note,
  }
  const registry = createRegistryParts(main, given.times)
  const app = fastify({ requestIdHeader: 'x-request-id' })
  app.setErrorHandler((error, req, reply) => {
    const { failure } = failureOf(error, () => String((error as Error).stack))
    return replyFailure(req, reply, failure)
  })
  app.setNotFoundHandler((req, reply) =>
    replyFailure(req, reply, { code: 'PATH_UNKNOWN', details: { method: '', path: '' } }),
  )
  await registryRoutes(app, { main, registry })
  await app.ready()
  const ports = createPorts({ handle: (req, res) => app.routing(req, res), tell: () => {} })
  const base = await freePorts(1)
  await ports.set([{ part: 'gateway', port: base }])
  const stop = async () => {
    await ports.close(2000)
    registry.stop()
    await app.close()
  }
  onTestFinished(stop)
  const url = `http://127.0.0.1:${base}`
  return {
    ...{ registry, table: registry.table, ports, asked, url, port: base, stop },
    /** When main was told or asked of something that fits. */
    heard: (fits: (input: never) => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = () => {
          if (!asked.some(({ input }) => fits(input as never))) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const init = { method, headers: { ...content, ...headers }, ...(body === undefined ? {} : { body: text }) }
      const answer = await fetch(`${url}${path}`, init)
      const said = await answer.text()
      const json = answer.headers.get('content-type')?.includes('json') ? JSON.parse(said) : null
      return { status: answer.status, headers: answer.headers, text: said, json }
    },
    /** A request whose body and answer the test holds in its hands. */
    open(method: string, path: string, headers: Record<string, string> = {}) {
      const sent = request({ port: base, host: '127.0.0.1', method, path, headers })
      const answer = once(sent, 'response').then(([message]) => message as IncomingMessage)
      answer.catch(() => {})
      return { sent, answer }
    },
  }
}

/** A service that a test plays; it ends with the test. */
export async function serve(handle: RequestListener) {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
