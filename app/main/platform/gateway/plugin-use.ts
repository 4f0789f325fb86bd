import type { Vendor } from '../../../shared/contracts/keys.ts'
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
  /** Whose models these are. */
  readonly vendor: Vendor
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

  return async <T extends { readonly data: unknown }>(
    { feature, call, model, vendor, body, token }: PluginWish,
    ask: () => Promise<T>,
  ): Promise<T> => {
    checkFeature(token, feature)
    if (token && !opensModel(token, model)) throw scopeError(token, model)
    const inputTokens = countTokens(body)
    const held = token && tokens.reserve(token, inputTokens)
    const at = clock()
    const begun = performance.now()
    async function close(statusCode: number, answer: unknown): Promise<void> {
      const told = openAiUse(call, answer)
      // What a vendor does not tell is estimated, or limits of tokens would not hold for it.
      const use = statusCode < 400 && told.inputTokens + told.outputTokens === 0 ? { ...told, inputTokens } : told
      const { amount, currency, known } = costOf(vendor, model, use)
      const durationMs = performance.now() - begun
      held?.took(use.inputTokens + use.outputTokens)
      const record = { id: parts.newId(), at, feature, model, keyId: null, vendor, tokenId: token?.id ?? null } as const
      const failed = statusCode >= 400
      const paid = { cost: amount, currency, ...(!known && !failed && { unpriced: true as const }) }
      records.used({ ...record, ...use, ...paid, statusCode, failed, durationMs, firstTokenMs: null }, [])
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
