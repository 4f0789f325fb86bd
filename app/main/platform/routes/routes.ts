import type { FastifyInstance } from 'fastify'
import type { Choice, Decision, ReplaySummary } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { JsonObject } from '../../features/plugins/packages/package-types.ts'
import { describeVerdict } from '../../features/routing/engine/describe-verdict.ts'
import type { Peer } from '../../lib/peer.ts'
import { refuse } from '../gateway/answers.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { GatewayAsks } from '../gateway/gateway-messages.ts'
import { callOf, namedModel, openAiBody } from '../gateway/neutral.ts'
import { nothingToAsk } from '../gateway/refusals.ts'
import { checkFeature, type GatewayToken, wholeError } from '../gateway/tokens.ts'
import { countTokens } from '../vendors/count-tokens.ts'
import { rulesOf } from './features.ts'

/** What would happen to a request; nothing is called. */
export async function routeRoutes(
  app: FastifyInstance,
  { gateway, main }: { readonly gateway: Gateway; readonly main: Pick<Peer<GatewayAsks>, 'ask'> },
) {
  app.post<{ Params: { feature: string } }>('/api/v1/route/:feature', (request, reply) => {
    const { feature } = request.params
    if (!gateway.hasFeature(feature)) throw new AppError('FEATURE_NOT_FOUND', { name: feature.slice(0, 100) })
    const token = request.gatewayToken
    checkFeature(token, feature)
    // Any JSON: the request that would be made, or nothing.
    const { body } = request
    const given = typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as JsonObject) : {}
    const named = namedModel(given)
    const model = named === feature ? null : named
    const tokens = countTokens(openAiBody(callOf(feature, given), given))
    const decision = gateway.route({ feature, model, tokens }, token)
    const told = decisionReply(decision, token)
    if (decision.selected) return told
    const refusal = nothingToAsk(decision, { model, token, tokens, locked: gateway.isLocked() }, decision.at)
    return refuse(request, reply, refusal, null, told)
  })
  app.post<{ Params: { feature: string } }>('/api/v1/route/:feature/replay', async (request) => {
    const { feature } = request.params
    const draft = rulesOf(request.body)
    return summaryReply(feature, await main.ask('featureReplay', { name: feature, draft }))
  })
}

function summaryReply(feature: string, { changed, changedCount, keys, ...counts }: ReplaySummary) {
  return {
    ...{ feature, ...counts, changed_count: changedCount },
    changed: changed.map(({ decisionId, at, before, after }) => ({
      ...{ decision_id: decisionId, at: new Date(at).toISOString() },
      ...{ before: before && choiceReply(before), after: after && choiceReply(after) },
    })),
    keys: keys.map(({ keyName, before, after }) => ({ key_name: keyName, before, after })),
  }
}

const choiceReply = ({ vendor, service, model, keyId, keyName, tier, endpoint }: Choice) => ({
  ...{ vendor, service, model, key_id: keyId, key_name: keyName, tier, endpoint },
})
/** A decision in the words of the HTTP interface; to a token that opens a part only, no more than it may know. */
function decisionReply(decision: Decision, token: GatewayToken | null) {
  const { id, feature, strategy, selected, fallbacks, leastBad, durationUs } = decision
  const isWhole = token === null || wholeError(token, feature) === null
  const models = token?.scopes.models?.map((model) => model.toLowerCase()) ?? null
  const rejected = models
    ? decision.rejected.filter(({ model }) => models.includes(model.toLowerCase()))
    : decision.rejected
  const told = (choice: Choice) => {
    const { endpoint, ...rest } = choiceReply(choice)
    return isWhole ? { ...rest, endpoint } : rest
  }
  return {
    ...{ decision_id: id, feature, strategy, selected: selected && told(selected) },
    fallbacks: fallbacks.map(told),
    rejected: rejected.map(({ keyId, keyName, until, ...rest }) => ({
      ...{ ...rest, key_id: keyId, key_name: keyName, until: until === null ? null : new Date(until).toISOString() },
    })),
    least_bad: leastBad,
    explanation: describeVerdict({ ...decision, rejected }),
    duration_us: Math.round(durationUs * 100) / 100,
  }
}
