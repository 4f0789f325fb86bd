import { openAiDialect } from './openai-dialect.ts'
import type { Vendor } from './vendor.ts'

/** The console's own vendor for offline work. Its server's address is known only once it listens, so the base is not. */
export const sandboxVendor: Vendor = openAiDialect({
  name: 'sandbox',
  baseUrl: null,
  calls: ['chat', 'embeddings', 'images', 'rerank', 'speech', 'transcription'],
})
