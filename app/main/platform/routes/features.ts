import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Candidate, Feature, type FeatureRevision, FeatureRules } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import { USUAL_WEIGHT } from '../../features/routing/seeds.ts'
import type { Peer } from '../../lib/peer.ts'
import type { FeatureChange, FeatureTable } from '../feature-table.ts'
import type { GatewayAsks } from '../gateway/gateway-messages.ts'
import { userOf } from '../replies.ts'

/** A line that says nothing, so that nobody on the way takes the stream for dead. */
const KEEP_ALIVE_MS = 15_000
const MOST_STREAMS = 100
/** Of one reader that does not read. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024

type Named = { Params: { name: string } }
export interface FeatureRouteParts {
  readonly main: Pick<Peer<GatewayAsks>, 'ask'>
  readonly features: FeatureTable
}

/** What may be left out, is; what a reply has beside the rules may be sent back and is not looked at. */
const RulesBody = z.object({
  description: FeatureRules.shape.description.default(''),
  strategy: FeatureRules.shape.strategy.default('weighted'),
  candidates: z
    .array(
      z.object({
        ...Candidate.shape,
        tier: Candidate.shape.tier.default(null),
        weight: Candidate.shape.weight.default(USUAL_WEIGHT),
      }),
    )
    .max(1000),
})

/** The config centre: features with revisions, guarded by `If-Match`, and a stream of their changes. */
export async function featureRoutes(app: FastifyInstance, { main, features }: FeatureRouteParts) {
  const path = '/api/v1/features'
  const list = async () => (await main.ask('featureList', undefined)).map(told)
  const one = async (name: string) => {
    const feature = (await main.ask('featureList', undefined)).find((feature) => feature.name === name)
    if (!feature) throw new AppError('FEATURE_NOT_FOUND', { name: name.slice(0, 100) })
    return feature
  }
  /** `If-Match: *` is for a feature that is there, whatever its revision. */
  const mustBe = async (name: string) => {
    const all = await main.ask('featureList', undefined)
    if (!all.some((one) => one.name === name))
      throw new AppError('REVISION_STALE', { name, present: 'none', given: '*' })
  }
  const reply = (to: FastifyReply, feature: Feature) => to.header('etag', `"${feature.revision}"`).send(told(feature))

  app.get(path, async () => {
    const all = await list()
    return { features: all, total: all.length }
  })

  let streams = 0
  app.get(`${path}/stream`, { exposeHeadRoute: false }, async (_request, to) => {
    if (streams >= MOST_STREAMS) throw new AppError('CALL_TOO_MANY', { most: MOST_STREAMS })
    if (features.closed) throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'it is stopping' })
    streams++
    const { raw } = to
    const ends: (() => void)[] = []
    let left = false
    const leave = () => {
      if (left) return
      left = true
      streams--
      for (const end of ends) end()
    }
    raw.once('close', leave)
    const requestId = to.getHeader('x-request-id')
    to.hijack()
    raw.writeHead(200, {
      ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
      ...(requestId !== undefined && { 'x-request-id': requestId }),
    })
    const write = (text: string) => {
      // It reads the whole anew when it comes back.
      if (raw.writableLength > MOST_WAITING_BYTES) raw.destroy()
      else if (!raw.destroyed) raw.write(text)
    }
    const send = (event: string, data: object) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    const tell = ({ upserted, removed }: FeatureChange) => {
      for (const { name, revision, rules } of upserted) send('change', { name, revision, ...rules })
      for (const name of removed) send('remove', { name })
    }
    // What changes while the snapshot is on its way comes after it.
    let early: FeatureChange[] | null = []
    const beat = setInterval(() => write(': still here\n\n'), KEEP_ALIVE_MS)
    beat.unref()
    ends.push(
      () => clearInterval(beat),
      features.onClose(() => void raw.end()),
      features.onFeatures((change) => void (early ? early.push(change) : tell(change))),
    )
    if (raw.destroyed) leave()
    try {
      send('snapshot', { features: await list() })
      for (const change of early) tell(change)
      early = null
    } catch {
      // Main has logged why; the reader connects again.
      raw.destroy()
    }
  })

  app.get<Named>(`${path}/:name`, async ({ params }, to) => reply(to, await one(params.name)))
  app.put<Named>(`${path}/:name`, async (request, to) => {
    const name = nameOf(request.params.name)
    if (request.headers['if-match']?.trim() === '*') await mustBe(name)
    const wish = { name, revision: guardOf(request), rules: rulesOf(request.body), userId: userOf(request) }
    return reply(to, await main.ask('featureSet', wish))
  })
  app.delete<Named>(`${path}/:name`, async (request, to) => {
    const { name } = request.params
    await main.ask('featureRemove', { name, revision: guardOf(request), userId: userOf(request) })
    return to.code(204).send()
  })
  app.get<Named>(`${path}/:name/history`, async ({ params: { name } }) => {
    const revisions = await main.ask('featureHistory', { name })
    return { name, revisions: revisions.map(toldRevision), total: revisions.length }
  })
  app.post<Named>(`${path}/:name/rollback`, async (request, to) => {
    const body = z.object({ revision: z.number().int().min(1) }).safeParse(request.body)
    if (!body.success) throw new AppError('BAD_INPUT', { reason: 'revision is the number of a revision' })
    const { revision } = body.data
    const wish = { name: request.params.name, revision, userId: userOf(request) }
    return reply(to, await main.ask('featureRollback', wish))
  })
}

const told = ({ name, revision, description, strategy, candidates, seeded, updatedAt, updatedBy }: Feature) => ({
  ...{ name, revision, description, strategy, candidates, seeded },
  ...{ updated_at: new Date(updatedAt).toISOString(), updated_by: updatedBy },
})
const toldRevision = ({ at, ...rest }: FeatureRevision) => ({ ...rest, at: new Date(at).toISOString() })

function nameOf(given: string): string {
  const name = Feature.shape.name.safeParse(given)
  if (!name.success) {
    throw new AppError('BAD_INPUT', { reason: 'a name is a letter, then at most 63 letters, digits and underscores' })
  }
  return name.data
}

/** A feature as it is sent. Fails with BAD_INPUT. */
export function rulesOf(body: unknown): FeatureRules {
  const rules = RulesBody.safeParse(body)
  if (rules.success) return rules.data
  const { path, message } = rules.error.issues[0]!
  throw new AppError('BAD_INPUT', { reason: `${path.map(String).join('.')}: ${message}`.slice(0, 300) })
}

/** The revision that `If-Match` names; null without the header. One that is no revision of ours matches none. */
function guardOf(request: FastifyRequest): number | null {
  const given = request.headers['if-match']?.trim()
  if (given === undefined || given === '*') return null
  const [, revision] = /^"?(\d{1,15})"?$/.exec(given) ?? []
  return revision === undefined ? 0 : Number(revision)
}
