import { openAiDialect, openAiRequest } from './openai-dialect.ts'
import type { Vendor } from './vendor.ts'

/** OpenAI itself. */
export const openai: Vendor = openAiDialect({
  name: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  calls: ['chat', 'embeddings', 'images', 'speech', 'transcription'],
  request(call, access, model, body) {
    if (call !== 'images') return openAiRequest(call, access, model, body)
    // The image models answer base64 alone and refuse a request that names a format, as callers of DALL-E do.
    const { response_format: _, ...rest } = body
    return openAiRequest(call, access, model, rest)
  },
})
