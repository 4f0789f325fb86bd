import { AppError } from '../../../shared/errors.ts'
import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'
import type { Use, VendorCall } from '../vendors/vendor.ts'

// The body and the answer of `POST /api/v1/:feature`, which speak no vendor's language.

const callOfFeature: Readonly<Record<string, VendorCall>> = {
  ...{ text_to_image: 'images', image_to_image: 'images', text_generation: 'chat', chat: 'chat' },
  ...{ embedding: 'embeddings', rerank: 'rerank', text_to_speech: 'speech', speech_to_text: 'transcription' },
}

const MOST_MODEL = 200

/** The model that a body names; null for any. One that is too long is refused before it is kept anywhere. */
export function namedModel({ model }: JsonObject): string | null {
  if (model === undefined || model === null || model === '' || model === 'auto') return null
  if (typeof model !== 'string') throw new AppError('BAD_INPUT', { reason: 'model: it is no text' })
  if (model.length > MOST_MODEL) throw new AppError('BAD_INPUT', { reason: `model: at most ${MOST_MODEL} characters` })
  return model
}

/** A model's own name, or the name of a feature that asks the same of a vendor, for whatever serves it. */
export function modelOf(
  { hasFeature }: { readonly hasFeature: (name: string) => boolean },
  { feature, call }: { readonly feature: string; readonly call: VendorCall },
  body: JsonObject,
): { readonly feature: string; readonly model: string | null } {
  const model = namedModel(body)
  if (model === null) return { feature, model }
  const same = !Object.hasOwn(callOfFeature, model) || callOfFeature[model] === call
  return same && hasFeature(model) ? { feature: model, model: null } : { feature, model }
}

/** What a feature asks of a vendor; of a feature of one's own, what its body looks like. */
export function callOf(feature: string, body: JsonObject): VendorCall {
  if (Object.hasOwn(callOfFeature, feature)) return callOfFeature[feature]!
  if (body['documents'] !== undefined) return 'rerank'
  if (body['audio'] !== undefined) return 'transcription'
  if (body['input'] !== undefined) return 'embeddings'
  const picture = ['size', 'width', 'height'].some((name) => body[name] !== undefined)
  return picture && body['messages'] === undefined ? 'images' : 'chat'
}

/** The body in OpenAI's shape. */
export function openAiBody(call: VendorCall, body: JsonObject): JsonObject {
  switch (call) {
    case 'chat': {
      const { prompt, system, ...rest } = body
      if (body['messages'] !== undefined || prompt === undefined) return body
      const before = typeof system === 'string' ? [{ role: 'system', content: system }] : []
      return { ...rest, messages: [...before, { role: 'user', content: prompt }] }
    }
    case 'embeddings': {
      const { input, text, prompt, ...rest } = body
      return { ...rest, input: input ?? text ?? prompt ?? '' }
    }
    case 'images': {
      const { width, height, ...rest } = body
      const sized = typeof width === 'number' && typeof height === 'number' && body['size'] === undefined
      return sized ? { ...rest, size: `${width}x${height}` } : rest
    }
    case 'transcription': {
      // Vendors answer JSON unless they are asked for something else.
      const { response_format: _, ...rest } = body
      return rest
    }
    default:
      return body
  }
}

/** What is to be written down, as speech is answered: `{b64_json, content_type}`. Fails with BAD_INPUT without it. */
export function needAudio(call: VendorCall, { audio }: JsonObject): void {
  if (call !== 'transcription' || typeof objectOf(audio)['b64_json'] === 'string') return
  throw new AppError('BAD_INPUT', { reason: 'audio: {"b64_json", "content_type"}, the file in base64, is missing' })
}

/** What came, without what is peculiar to OpenAI's shape. */
export function outputOf(call: VendorCall, answer: Json): JsonObject {
  const { choices, data, results, failures, audio, text } = objectOf(answer)
  switch (call) {
    case 'chat': {
      const first = objectOf(listOf(choices)[0])
      const { content, tool_calls: tools } = objectOf(first['message'])
      return { text: content ?? '', ...(tools === undefined ? {} : { tool_calls: tools }) }
    }
    case 'images':
      return { images: listOf(data), ...(failures === undefined ? {} : { failures }) }
    case 'embeddings':
      return { embeddings: listOf(data).map((one) => objectOf(one)['embedding'] ?? null) }
    case 'speech':
      return { audio: audio ?? null }
    case 'transcription':
      return { text: text ?? '' }
    case 'rerank':
      return { results: listOf(results) }
  }
}
export const usageOf = ({ inputTokens, outputTokens, images }: Use) => ({
  ...{ input_tokens: inputTokens, output_tokens: outputTokens, images },
})

export const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
