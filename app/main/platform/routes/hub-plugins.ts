import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../shared/errors.ts'
import type { PlatformParts } from '../parts.ts'
import { userOf } from '../replies.ts'

type OfPlugin = { Params: { id: string } }

const done = (data: object) => ({ success: true, data })

/** Plugins in the AI hub's shape: list, use, configure. */
export async function hubPluginRoutes(app: FastifyInstance, { main, table }: PlatformParts) {
  const one = async (id: string) => {
    // By name as well; one that has just been imported may not be in the table yet.
    const named = table.get(id)?.id ?? id
    const found = (await main.ask('list', undefined)).find((plugin) => plugin.id === named)
    if (!found) throw new AppError('PLUGIN_NOT_FOUND', { name: id.slice(0, 100) })
    return found
  }
  app.get('/api/plugins', async () => done({ plugins: await main.ask('list', undefined) }))
  app.get<OfPlugin>('/api/plugins/:id', async ({ params }) => done({ plugin: await one(params.id) }))
  app.delete<OfPlugin>('/api/plugins/:id', async (request) => {
    const { id } = request.params
    await main.ask('remove', { id, userId: userOf(request) })
    return done({ plugin_id: id, message: 'uninstalled; it can be restored for 30 days' })
  })
  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    app.post<OfPlugin>(`/api/plugins/:id/${verb}`, async (request) => {
      const { id } = request.params
      await main.ask('setEnabled', { id, enabled, userId: userOf(request) })
      return done({ plugin_id: id, enabled })
    })
  }

  app.get<OfPlugin>('/api/plugins/:id/config', async ({ params: { id } }) =>
    done({ plugin_id: id, config: await main.ask('configuration', { id }) }),
  )
  app.put<OfPlugin>('/api/plugins/:id/config', async (request) => {
    const { id } = request.params
    await main.ask('configure', { id, values: valuesOf(request.body), userId: userOf(request) })
    return done({ plugin_id: id, config: await main.ask('configuration', { id }) })
  })

  app.get<OfPlugin>('/api/plugins/:id/versions', async ({ params: { id } }) => {
    const versions = await main.ask('versions', { id })
    const told = versions.map(({ versionId, version, uploadedAt, active }) => ({
      ...{ version_id: versionId, version, active },
      uploaded_at: new Date(uploadedAt).toISOString(),
    }))
    return done({ plugin_id: id, versions: told })
  })
  app.post<{ Params: { id: string; version: string } }>(
    '/api/plugins/:id/versions/:version/activate',
    async (request) => {
      const { id, version } = request.params
      const active = await main.ask('activate', { id, version, userId: userOf(request) })
      return done({ plugin_id: id, version: active.version, version_id: active.versionId })
    },
  )
}

/** Fields of the configuration by name; numbers and booleans as they are written. */
function valuesOf(body: unknown): Record<string, string> {
  const given = body !== null && typeof body === 'object' && 'config' in body ? body.config : body
  const wrong = (reason: string) => new AppError('BAD_INPUT', { reason })
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    throw wrong('the configuration is a JSON object')
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (value === null) return [name, '']
      if (typeof value === 'object' || name.length > 128) throw wrong(`${name.slice(0, 100)} has to be a text`)
      return [name, String(value)]
    }),
  )
}
