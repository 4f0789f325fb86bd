import { AppError } from '../../../shared/errors.ts'
import type { JsonObject } from '../../features/plugins/packages/package-types.ts'
import { statusOf } from '../replies.ts'
import { countTokens } from '../vendors/count-tokens.ts'
import { openAiUse } from '../vendors/openai-dialect.ts'
import { costOf } from '../vendors/prices.ts'
import type { VendorCall } from '../vendors/vendor.ts'
import type { GatewayMetrics } from './gateway-metrics.ts'
import type { GatewayRecords } from './gateway-records.ts'
import { checkFeature, type GatewayToken, opensModel, scopeError, type Tokens } from './tokens.ts'

export interface PluginWish {
  readonly feature: 'embedding' | 'rerank'
  readonly call: VendorCall
  readonly model: string
  readonly body: JsonObject
  readonly token: GatewayToken | null
}

/**
 * Models that a plugin has a key of its own for: nobody has to choose whom to ask, and all else is as for any call of the
 * gateway. The token's scope and limits hold, and what was used is written down before the answer goes out.
 */
export function createPluginUse(parts: {
  readonly tokens: Tokens
  readonly records: GatewayRecords
  readonly metrics: GatewayMetrics
  readonly clock: () => number
  readonly newId: () => string
}) {
  const { tokens, records, metrics, clock } = parts
  /** A plugin's vendor speaks OpenAI's dialect at an address of its own. */
  const vendor = 'openai-compatible'

  return async <T extends { readonly data: unknown }>(
    { feature, call, model, body, token }: PluginWish,
    ask: () => Promise<T>,
  ): Promise<T> => {
    checkFeature(token, feature)
    if (token && !opensModel(token, model)) throw scopeError(token, model)
    const held = token && tokens.reserve(token, countTokens(body))
    const at = clock()
    const begun = performance.now()
    async function close(statusCode: number, answer: unknown): Promise<void> {
      const use = openAiUse(call, answer)
      const { amount, currency, known } = costOf(vendor, model, use)
      const durationMs = performance.now() - begun
      held?.took(use.inputTokens + use.outputTokens)
      const told = { id: parts.newId(), at, feature, model, keyId: null, vendor, tokenId: token?.id ?? null } as const
      const failed = statusCode >= 400
      const paid = { cost: amount, currency, ...(!known && !failed && { unpriced: true as const }) }
      records.used({ ...told, ...use, ...paid, statusCode, failed, durationMs, firstTokenMs: null }, [])
      metrics.answered(feature, vendor, statusCode, durationMs, use.inputTokens, use.outputTokens)
      await records.written()
    }
    let answer: T
    try {
      answer = await ask()
    } catch (error) {
      await close(error instanceof AppError ? statusOf(error.code) : 500, null)
      throw error
    }
    await close(200, answer.data)
    return answer
  }
}
