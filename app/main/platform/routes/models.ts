import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../shared/errors.ts'
import type { JsonObject } from '../../features/plugins/packages/package-types.ts'
import { maskText } from '../../lib/secrets.ts'
import { checkPlugin } from '../gateway/tokens.ts'
import type { GivenAccess } from '../model-access.ts'
import type { PlatformParts } from '../parts.ts'
import { argumentsOf, hangUp } from './invoke.ts'

type OfPlugin = { Params: { id: string } }

/** Models of the vendor behind a plugin, and the two that AI hubs call through it. */
export async function modelRoutes(app: FastifyInstance, parts: PlatformParts) {
  const { table, definitions, vendors, calls, gateway } = parts
  app.post<OfPlugin>('/api/plugins/:id/models', async (request) => {
    const plugin = await definitions.load(table.find(request.params.id))
    checkPlugin(request.gatewayToken, plugin.id, plugin.name)
    const models = await vendors.models(plugin, accessOf(argumentsOf(request.body)))
    return { success: true, data: { plugin_id: plugin.id, models } }
  })
  for (const { verb, path, feature, call } of [
    { verb: 'embed', path: '/embeddings', feature: 'embedding', call: 'embeddings' },
    { verb: 'rerank', path: '/rerank', feature: 'rerank', call: 'rerank' },
  ] as const) {
    app.post<OfPlugin>(`/api/plugins/:id/${verb}`, async (request, reply) => {
      const plugin = await definitions.load(table.find(request.params.id))
      checkPlugin(request.gatewayToken, plugin.id, plugin.name)
      if (plugin.state !== 'active') throw new AppError('PLUGIN_NOT_ACTIVE', { name: plugin.name })
      const { api_key: _key, base_url: _base, ...wanted } = argumentsOf(request.body)
      const model = wanted['model'] ?? plugin.definition.models.find((one) => one.kind === feature)?.id
      if (typeof model !== 'string') throw new AppError('ARGUMENT_MISSING', { names: 'model' })
      const vendor = vendors.path(plugin, path, accessOf(argumentsOf(request.body)))
      const signal = hangUp(request, reply)
      const asked = { plugin, operationId: verb, method: 'POST', url: maskText(vendor.url), surface: 'invoke' } as const
      const body = { ...wanted, model } as JsonObject
      const { gatewayToken: token } = request
      const wish = { feature, call, model: model.slice(0, 200), vendor: vendor.vendor, body, token }
      const data = await calls.other(asked, () => gateway.ofPlugin(wish, () => vendor.post(body, signal)))
      return { success: true, data, request_id: request.id }
    })
  }
}

function accessOf(fields: Readonly<Record<string, unknown>>): GivenAccess {
  const text = (name: string) => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  return { apiKey: text('api_key'), baseUrl: text('base_url') }
}
