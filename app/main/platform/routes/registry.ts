import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Instance } from '../../../shared/contracts/registry.ts'
import { AppError } from '../../../shared/errors.ts'
import { upgradeOf } from '../ports.ts'
import { checkedRegistration, type Registration, reservedNames } from '../registry/registration.ts'
import type { RegistryMain, RegistryParts } from '../registry/registry-parts.ts'

const TTL_S = 30
type OfInstance = { Params: { id: string } }

export interface RegistryRouteParts {
  readonly main: RegistryMain
  readonly registry: RegistryParts
}

/** Services that register themselves, and the way to them. */
export async function registryRoutes(app: FastifyInstance, { main, registry }: RegistryRouteParts) {
  const { table, proxy } = registry
  for (const path of ['/api/registry/services', '/api/v1/services']) {
    app.get(path, async () => {
      const services = table.list().map(told)
      return { services, total: services.length }
    })
    app.post(path, async (request, reply) => {
      const instance = await main.ask('instanceRegister', checkedRegistration(registrationOf(request.body)))
      table.put(instance)
      return reply.code(201).send(told(instance))
    })
    app.put<OfInstance>(`${path}/:id/heartbeat`, async ({ params: { id } }) => {
      const instance = await main.ask('instanceHeartbeat', { id })
      table.put(instance)
      return told(instance)
    })
    app.delete<OfInstance>(`${path}/:id`, async ({ params: { id } }, reply) => {
      await main.ask('instanceRemove', { id })
      table.drop(id)
      return reply.code(204).send()
    })
  }

  // In a scope of its own: a body is not read here, it goes on as it comes, of any kind and size.
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    // Whether the kind can be read at all is the service's to say; what goes on has it all the same.
    scope.addHook('onRequest', ({ raw }, _reply, done) => {
      delete raw.headers['content-type']
      done()
    })
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.all('/api/*', async (request, reply) => {
      const { raw } = request
      const { service, path } = target(raw)
      if (reservedNames.has(service)) return reply.callNotFound()
      await proxy.forward({
        ...{ service, path, request: raw, response: reply.raw, requestId: request.id },
        keepAuthorization: !request.gatewayToken,
        upgrade: upgradeOf(raw),
        begin: () => reply.hijack(),
      })
      return reply
    })
  })
}

/** `/api/demo/items?x=1` → `demo` and `/items?x=1`, without decoding anything. */
function target({ url = '' }: IncomingMessage): { readonly service: string; readonly path: string } {
  const [, service = '', rest = ''] = /^\/api\/([^/?]*)(.*)$/s.exec(url) ?? []
  return { service, path: rest.startsWith('/') ? rest : `/${rest}` }
}

/** An instance in the words of the HTTP interface. */
const told = ({ healthPath, ttlSeconds, registeredAt, lastHeartbeatAt, state, ...rest }: Instance) => ({
  ...rest,
  health_path: healthPath,
  ttl_s: ttlSeconds,
  status: state.kind,
  reason: state.kind === 'down' ? state.reason : null,
  since: new Date(state.since).toISOString(),
  registered_at: new Date(registeredAt).toISOString(),
  last_heartbeat: new Date(lastHeartbeatAt).toISOString(),
})

/** What was sent, in the shape that is checked. Fails with BAD_INPUT. */
function registrationOf(body: unknown): Registration {
  if (!isObject(body)) throw wrong('send a JSON object with name and url')
  const { name, url, host, port, health_path, version, metadata, ttl_s } = body
  const text = (value: unknown, field: string): string => {
    if (typeof value === 'string') return value
    throw wrong(`${field} has to be a text`)
  }
  const optional = (value: unknown, field: string) =>
    value === undefined || value === null ? null : text(value, field)
  return {
    name: text(name, 'name'),
    url: url === undefined ? addressOf(text(host, 'url, or host beside port,'), port) : text(url, 'url'),
    healthPath: optional(health_path, 'health_path'),
    version: optional(version, 'version'),
    metadata: metadataOf(metadata ?? {}),
    ttlSeconds: ttl_s === undefined || ttl_s === null ? TTL_S : numberOf(ttl_s),
  }
}
function addressOf(host: string, port: unknown): string {
  const number = numberOf(port)
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw wrong('port is from 1 to 65535')
  if (!/^[\w.:-]{1,253}$/.test(host)) throw wrong('host is a name or an address')
  return `http://${host.includes(':') ? `[${host}]` : host}:${number}`
}
/** A number, also as a text; NaN for anything else, which `Number` may even throw at. */
const numberOf = (given: unknown): number =>
  typeof given === 'number' || (typeof given === 'string' && given.trim() !== '') ? Number(given) : Number.NaN
function metadataOf(given: unknown): Record<string, string> {
  if (!isObject(given)) throw wrong('metadata is a JSON object')
  const entries = Object.entries(given).map(([name, value]) => {
    if (typeof value === 'object') throw wrong(`metadata.${name.slice(0, 64)} has to be a text`)
    return [name, String(value)]
  })
  return Object.fromEntries(entries)
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const wrong = (reason: string) => new AppError('BAD_INPUT', { reason })
