import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Key, KeyTest } from '../../../shared/contracts/keys.ts'
import { knownCode } from '../../../shared/errors.ts'
import { ApiKey, changeOf, factsOfNew, faultsOf, KeyPatch, keyFields, NewKey } from '../../features/keys/key-fields.ts'
import type { Peer } from '../../lib/peer.ts'
import type { GatewayAsks } from '../gateway/gateway-messages.ts'
import { languageOf, replyFailure, sentenceOf, userOf } from '../replies.ts'

type OfKey = { Params: { id: string } }
export interface KeyRouteParts {
  readonly main: Pick<Peer<GatewayAsks>, 'ask'>
}

/** How long the secret before a rotation is still tried unless the caller says otherwise. */
const GRACE_HOURS = 24
const Rotation = z.object({
  api_key: ApiKey,
  grace_hours: z.number().int().min(0).max(720).default(GRACE_HOURS),
})
const Disabling = z.object({ reason: z.string().max(200).default('') })

/** Keys of vendors; no answer has a secret. */
export async function keyRoutes(app: FastifyInstance, { main }: KeyRouteParts) {
  async function find(id: string): Promise<Key | null> {
    const all = await main.ask('keyList', undefined)
    const named = all.filter(({ name }) => name === id)
    return all.find((key) => key.id === id) ?? (named.length === 1 ? named[0]! : null)
  }
  const missing = (request: FastifyRequest, reply: FastifyReply, id: string) =>
    replyFailure(request, reply, { code: 'KEY_NOT_FOUND', details: { name: id.slice(0, 100) } })

  app.get('/api/v1/keys', async (request) => {
    const keys = (await main.ask('keyList', undefined)).map((key) => shown(request, key))
    return { keys, total: keys.length }
  })
  app.post('/api/v1/keys', async (request, reply) => {
    const given = NewKey.safeParse(request.body)
    if (!given.success) return refuse(request, reply, faultsOf(given.error))
    const wish = { facts: factsOfNew(given.data), apiKey: given.data.api_key, userId: userOf(request) }
    const key = await main.ask('keyAdd', wish)
    return reply.code(201).header('location', `/api/v1/keys/${key.id}`).send(shown(request, key))
  })
  app.get<OfKey>('/api/v1/keys/:id', async (request, reply) => {
    const { id } = request.params
    const key = await find(id)
    return key ? shown(request, key) : missing(request, reply, id)
  })
  app.patch<OfKey>('/api/v1/keys/:id', async (request, reply) => {
    const { id } = request.params
    const given = KeyPatch.extend({ vendor: z.string(), api_key: z.string() }).partial().safeParse(request.body)
    if (!given.success) return refuse(request, reply, faultsOf(given.error))
    const { vendor, api_key: apiKey, ...patch } = given.data
    let secret: string | undefined
    if (vendor !== undefined || apiKey !== undefined) {
      // What was read may be sent back as it is; another value of these two would not be taken, and has to be told.
      const key = await find(id)
      if (!key) return missing(request, reply, id)
      // Except the secret beside an address, as another address needs it anew.
      const isNew = apiKey !== undefined && apiKey !== key.maskedSecret
      if (isNew && patch.base_url !== undefined && ApiKey.safeParse(apiKey).success && !isMask(apiKey)) secret = apiKey
      const rotate = `it is changed by POST /api/v1/keys/${key.id}/rotate, or beside base_url`
      const faults = [
        ...(vendor === undefined || vendor === key.vendor ? [] : [{ field: 'vendor', reason: 'it stays' }]),
        ...(isNew && secret === undefined ? [{ field: 'api_key', reason: rotate }] : []),
      ]
      if (faults.length > 0) return refuse(request, reply, faults)
    }
    const wish = {
      id,
      facts: changeOf(patch),
      userId: userOf(request),
      ...(secret !== undefined && { apiKey: secret }),
    }
    return shown(request, await main.ask('keyChange', wish))
  })
  app.delete<OfKey>('/api/v1/keys/:id', async (request, reply) => {
    await main.ask('keyRemove', { id: request.params.id, userId: userOf(request) })
    return reply.code(204).send()
  })

  app.post<OfKey>('/api/v1/keys/:id/test', async (request) =>
    testFields(request, await main.ask('keyTest', { id: request.params.id, userId: userOf(request) })),
  )
  app.post<OfKey>('/api/v1/keys/:id/rotate', async (request, reply) => {
    const given = Rotation.safeParse(request.body)
    if (!given.success) return refuse(request, reply, faultsOf(given.error))
    const { api_key: apiKey, grace_hours: graceHours } = given.data
    const { id } = request.params
    return shown(request, await main.ask('keyRotate', { id, apiKey, graceHours, userId: userOf(request) }))
  })
  app.post<OfKey>('/api/v1/keys/:id/enable', async (request) => {
    const wish = { id: request.params.id, enabled: true, reason: '', userId: userOf(request) }
    return shown(request, await main.ask('keyEnable', wish))
  })
  app.post<OfKey>('/api/v1/keys/:id/disable', async (request, reply) => {
    const given = Disabling.safeParse(request.body ?? {})
    if (!given.success) return refuse(request, reply, faultsOf(given.error))
    const wish = { id: request.params.id, enabled: false, reason: given.data.reason, userId: userOf(request) }
    return shown(request, await main.ask('keyEnable', wish))
  })
  app.post<OfKey>('/api/v1/keys/:id/reset-cooldown', async (request) =>
    shown(request, await main.ask('keyReset', { id: request.params.id, userId: userOf(request) })),
  )
}

const shown = (request: FastifyRequest, key: Key) => keyFields(key, languageOf(request))

/** A secret as we show it, maybe one of before. */
const isMask = (text: string): boolean => /^.{0,4}\*{4}.{0,4}$/.test(text)

/** What is wrong with which field, without its value. */
function refuse(request: FastifyRequest, reply: FastifyReply, errors: readonly { field: string; reason: string }[]) {
  const reason = errors.map((one) => `${one.field}: ${one.reason}`).join('; ')
  return replyFailure(request, reply, { code: 'BAD_INPUT', details: { reason } }, { status: 422, more: { errors } })
}

function testFields(request: FastifyRequest, { ok, latencyMs, statusCode, models, failure }: KeyTest) {
  return {
    ...{ ok, latency_ms: latencyMs, status_code: statusCode, models: models ?? [] },
    error: failure && sentenceOf(request, { code: knownCode(failure.code), details: failure.details }),
  }
}
