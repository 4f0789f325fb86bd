import type { FastifyInstance } from 'fastify'
import type { PlatformParts } from '../parts.ts'
import { findingReply, userOf } from '../replies.ts'

/** Plugins as operators of Coze look at them. */
export async function cozePluginRoutes(app: FastifyInstance, { main, table }: PlatformParts) {
  app.get('/admin/plugins', async () => {
    const names = new Map(table.all().map(({ id, nameForModel }) => [id, nameForModel]))
    const plugins = (await main.ask('list', undefined)).map(({ id, state, version, tools, name }) => ({
      ...{ plugin_id: id, name: names.get(id) ?? name, display_name: name },
      // What was never activated is not in use either.
      status: state === 'waiting' ? 'disabled' : state,
      ...{ version, tools },
    }))
    return { plugins }
  })
  app.post('/admin/reload-plugins', async (request) => {
    const { reloaded, failed, unchanged } = await main.ask('reload', { userId: userOf(request) })
    const told = failed.map(({ plugin, findings }) => ({
      plugin,
      findings: findings.map((one) => findingReply(request, one)),
    }))
    return { reloaded, failed: told, unchanged }
  })
}
