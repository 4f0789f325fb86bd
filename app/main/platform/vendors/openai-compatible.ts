import { openAiDialect } from './openai-dialect.ts'
import type { Vendor } from './vendor.ts'

/** Any server that speaks OpenAI's dialect: Ollama, vLLM, LM Studio, other gateways. The key says where it is. */
export const openAiCompatible: Vendor = openAiDialect({
  name: 'openai-compatible',
  baseUrl: null,
  calls: ['chat', 'embeddings', 'images', 'rerank', 'speech', 'transcription'],
})
