import type { Retiring } from '../../../shared/contracts/keys.ts'
import type { JsonObject } from '../../features/plugins/packages/package-types.ts'
import { fromJson } from '../../lib/json.ts'
import { readFailure } from './failures.ts'
import { formOf } from './multipart.ts'
import type { Access, Use, Vendor, VendorCall, VendorRequest } from './vendor.ts'

// What every vendor that speaks OpenAI's dialect has in common.

const paths: Readonly<Record<VendorCall, string>> = {
  chat: '/chat/completions',
  embeddings: '/embeddings',
  images: '/images/generations',
  rerank: '/rerank',
  speech: '/audio/speech',
  transcription: '/audio/transcriptions',
}

/** A base URL with its version at the end: `https://a.test` and `https://a.test/v1` are the same place, `/v4` stays. */
export function versioned(baseUrl: string, version = '/v1'): string {
  const bare = baseUrl.replace(/\/+$/, '')
  return /\/v\d{1,3}(?:beta|alpha)?\d{0,3}$/.test(bare) ? bare : `${bare}${version}`
}

/** Headers of a request; a secret that is empty sends none, as servers without sign-in expect. */
export function bearer({ secret }: Access, body: boolean): Readonly<Record<string, string>> {
  return {
    accept: body ? 'application/json, text/event-stream' : 'application/json',
    ...(secret === '' ? {} : { authorization: `Bearer ${secret}` }),
    ...(body ? { 'content-type': 'application/json' } : {}),
  }
}
export const get = (access: Access, url: string): VendorRequest => ({
  method: 'GET',
  url,
  headers: bearer(access, false),
  body: null,
})
export const post = (access: Access, url: string, body: unknown): VendorRequest => ({
  method: 'POST',
  url,
  headers: bearer(access, true),
  body: JSON.stringify(body),
})

/** A member of a JSON object; undefined of anything else. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
/** A number as it stands in JSON: nothing is made into one, since of some objects none can be made. */
export const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
/** A count that a vendor says; nonsense counts as nothing, so that no sum is ever spoilt. */
export const countOf = (value: unknown): number =>
  typeof value === 'number' && value > 0 && value <= 1e9 ? Math.floor(value) : 0

const mostModels = 5000
/** Ids of `data[]`, each once, at most 5,000 of at most 200 characters; null where there is no such list. */
export function openAiModelIds(answer: unknown): readonly string[] | null {
  const list = member(answer, 'data')
  if (!Array.isArray(list)) return null
  const ids = new Set<string>()
  for (const one of list) {
    const id = textOf(member(one, 'id'))
    if (id !== null) ids.add(id.slice(0, 200))
    if (ids.size >= mostModels) break
  }
  return [...ids]
}

/** Where lists of models tell a model's last day: OpenAI's, OpenRouter's, Mistral's. */
const lastDays = ['shutdown_date', 'expiration_date', 'deprecation'] as const
/** Of `data[]`, the models whose last day is told, the soonest first; at most 1,000. */
export function retiringModels(answer: unknown): readonly Retiring[] {
  const list = member(answer, 'data')
  if (!Array.isArray(list)) return []
  const found = list.slice(0, mostModels).flatMap((one): Retiring[] => {
    const model = textOf(member(one, 'id'))
    const day = lastDays.map((name) => dayOf(member(one, name))).find((told) => told !== null)
    return model === null || day == null ? [] : [{ model: model.slice(0, 200), on: day }]
  })
  return found.sort((a, b) => a.on.localeCompare(b.on)).slice(0, 1000)
}
/** A date as ISO 8601, or in seconds or milliseconds since 1970. */
function dayOf(value: unknown): string | null {
  const since = numberOf(value) ?? (/^\d{9,13}$/.test(String(textOf(value))) ? Number(value) : null)
  if (since !== null) {
    // Milliseconds of this century are larger than its seconds.
    const at = since < 1e11 ? since * 1000 : since
    return at >= Date.UTC(2000) && at < Date.UTC(2200) ? new Date(at).toISOString().slice(0, 10) : null
  }
  const day = /^(\d{4}-\d{2}-\d{2})(?:$|T)/.exec(textOf(value) ?? '')?.[1]
  return day !== undefined && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day) ? day : null
}

/** What an answer of OpenAI's shape, or the last piece of a stream, says was used. */
export function openAiUse(call: VendorCall, answer: unknown): Use {
  const usage = member(answer, 'usage')
  const total = countOf(member(usage, 'total_tokens'))
  const inputTokens = countOf(member(usage, 'prompt_tokens')) || countOf(member(usage, 'input_tokens'))
  const said = countOf(member(usage, 'completion_tokens')) || countOf(member(usage, 'output_tokens'))
  const data = member(answer, 'data')
  return {
    // Some servers count embeddings and reranking in `total_tokens` alone.
    inputTokens: inputTokens || Math.max(0, total - said),
    outputTokens: said,
    images: call === 'images' && Array.isArray(data) ? data.filter(isImage).length : 0,
  }
}
const isImage = (one: unknown): boolean =>
  textOf(member(one, 'b64_json')) !== null || textOf(member(one, 'url')) !== null

/** A vendor that speaks OpenAI's dialect and nothing else. */
export function openAiDialect(
  facts: Pick<Vendor, 'name' | 'baseUrl' | 'calls'> & Partial<Pick<Vendor, 'request'>>,
): Vendor {
  return {
    listModels: (access) => get(access, `${versioned(access.baseUrl)}/models`),
    modelIds: openAiModelIds,
    request: openAiRequest,
    answer: (_call, answer) => answer,
    use: openAiUse,
    failure: (status, headers, body) => readFailure(status, headers, fromJson(body) ?? body),
    task: () => null,
    ...facts,
  }
}
/** A question in OpenAI's shape; what is to be written down goes as a form, with the file that `audio` has in base64. */
export function openAiRequest(call: VendorCall, access: Access, model: string, body: JsonObject): VendorRequest {
  const url = openAiUrl(call, access)
  if (call !== 'transcription') {
    const request = post(access, url, { ...body, model })
    return call === 'speech' ? { ...request, headers: { ...request.headers, accept: '*/*' } } : request
  }
  const { audio, ...fields } = body
  const bytes = Buffer.from(textOf(member(audio, 'b64_json')) ?? '', 'base64')
  const kind = textOf(member(audio, 'content_type')) ?? 'audio/wav'
  // By the name's ending vendors tell what it is.
  const name = textOf(member(audio, 'name')) ?? `audio.${/^audio\/(?:x-)?(\w+)/.exec(kind)?.[1] ?? 'wav'}`
  const form = formOf({ ...fields, model }, { name, type: kind, bytes })
  return { method: 'POST', url, headers: { ...bearer(access, true), 'content-type': form.type }, body: form.body }
}
const openAiUrl = (call: VendorCall, access: Access): string => `${versioned(access.baseUrl)}${paths[call]}`
