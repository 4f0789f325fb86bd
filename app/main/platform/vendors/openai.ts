import { openAiDialect, openAiUrl, post } from './openai-dialect.ts'
import type { Vendor } from './vendor.ts'

/** OpenAI itself. */
export const openai: Vendor = openAiDialect({
  name: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  calls: ['chat', 'embeddings', 'images', 'speech', 'transcription'],
  request(call, access, model, body) {
    if (call !== 'images') return post(access, openAiUrl(call, access), { ...body, model })
    // The image models answer base64 alone and refuse a request that names a format, as callers of DALL-E do.
    const { response_format: _, ...rest } = body
    return post(access, openAiUrl(call, access), { ...rest, model })
  },
})
