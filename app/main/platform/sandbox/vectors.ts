import { countTextTokens } from '../vendors/count-tokens.ts'
import { member, textOf } from '../vendors/openai-dialect.ts'
import type { Body } from './chat.ts'
import { hashOf, hex } from './hash.ts'

// Embeddings and reranking without a model: each word falls on two places of the vector, so texts that share words are
// near each other. Enough to try a search with.

const usualDimensions = 256
export const mostDimensions = 4096
const mostInputs = 2048
/** Numbers of one answer: as many as are made before anybody else waits noticeably. */
const mostNumbers = 262_144

export interface Counted {
  readonly document: unknown
  readonly inputTokens: number
}

/** OpenAI's answer to a request for embeddings; null where the input cannot be read. `dimensions` is right already. */
export function embeddings(body: Body): Counted | null {
  const input = body['input']
  const inputs = typeof input === 'string' || typeof first(input) === 'number' ? [input] : input
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > mostInputs) return null
  const wanted = body['dimensions']
  const dimensions = typeof wanted === 'number' ? wanted : usualDimensions
  if (inputs.length * dimensions > mostNumbers) return null
  // OpenAI's own clients ask for base64 unless told otherwise.
  const base64 = body['encoding_format'] === 'base64'
  let tokens = 0
  const data = inputs.map((one: unknown, index) => {
    const text = typeof one === 'string' ? one : Array.isArray(one) ? one.filter(isToken).join(' ') : ''
    tokens += Array.isArray(one) ? one.length : Math.max(1, Math.ceil(countTextTokens(text)))
    const vector = vectorOf(text, dimensions)
    const embedding = base64 ? Buffer.from(vector.buffer).toString('base64') : Array.from(vector)
    return { object: 'embedding', index, embedding }
  })
  const usage = { prompt_tokens: tokens, total_tokens: tokens }
  return {
    document: { object: 'list', data, model: textOf(body['model']) ?? 'sandbox-embedding', usage },
    inputTokens: tokens,
  }
}
const isToken = (one: unknown): boolean => typeof one === 'number' || typeof one === 'string'
const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined)

/** Documents of `{query, documents, top_n}` by how near they are to the query; null where they cannot be read. */
export function rerank(body: Body): { readonly results: readonly unknown[]; readonly tokens: number } | null {
  const query = textOf(body['query'])
  const documents = body['documents']
  if (query === null || !Array.isArray(documents) || documents.length === 0 || documents.length > mostInputs)
    return null
  const texts = documents.map((one: unknown) => (typeof one === 'string' ? one : (textOf(member(one, 'text')) ?? '')))
  const wanted = vectorOf(query, usualDimensions)
  const scored = texts.map((text, index) => {
    const vector = vectorOf(text, usualDimensions)
    const near = vector.reduce((sum, value, at) => sum + value * wanted[at]!, 0)
    return {
      index,
      relevance_score: Math.round(Math.min(1, Math.max(0, near)) * 1e6) / 1e6,
      ...(body['return_documents'] === true ? { document: { text } } : {}),
    }
  })
  scored.sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
  const most = body['top_n']
  return {
    results: typeof most === 'number' && most >= 1 ? scored.slice(0, most) : scored,
    tokens: Math.ceil([query, ...texts].reduce((sum, text) => sum + countTextTokens(text), 0)),
  }
}
export const rerankId = (body: Body): string => `rerank-${hex(hashOf(textOf(body['query']) ?? ''))}`

/** Of length 1. */
function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  for (const word of text.toLowerCase().match(/[\u3400-\u9fff]|[\p{L}\p{N}]+/gu) ?? ['']) {
    const hash = hashOf(word)
    vector[hash % dimensions]! += hash & 0x10000 ? 1 : -1
    const other = hashOf(word, hash)
    vector[other % dimensions]! += other & 0x10000 ? 1 : -1
  }
  const length = Math.hypot(...vector)
  // Two words may cancel each other out.
  if (length === 0) vector[0] = 1
  else for (let at = 0; at < dimensions; at++) vector[at]! /= length
  return vector
}
