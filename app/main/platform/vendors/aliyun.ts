import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'
import { fromJson } from '../../lib/json.ts'
import { readFailure, readTaskFailure } from './failures.ts'
import { countOf, get, member, openAiDialect, openAiModelIds, openAiUse, post, textOf } from './openai-dialect.ts'
import type { Access, Use, Vendor, VendorRequest, VendorTask } from './vendor.ts'

// DashScope (Model Studio, 百炼). Chat, embeddings and the list of models speak OpenAI's dialect under compatible-mode;
// images and reranking only DashScope's own. Keys belong to a region, so the base URL is kept with the key.

/** `https://host` of every base URL that the vendor's pages name: with either dialect's path, or with none. */
const rootOf = (access: Access): string =>
  access.baseUrl.replace(/\/+$/, '').replace(/\/(?:compatible-mode|compatible-api|api)?(?:\/?v1)?$/, '')
const compatible = (access: Access, path: string): string => `${rootOf(access)}/compatible-mode/v1${path}`
const own = (access: Access, path: string): string => `${rootOf(access)}/api/v1${path}`

/** Families that only answer by way of a task; every newer one answers at once. */
const asynchronous = /^(?:wanx|wan2\.[0-5]-|flux|stable-diffusion)/i

function imageParameters(body: JsonObject): JsonObject {
  const { size, n, seed, prompt_extend, watermark } = body
  return {
    // OpenAI writes 1024x1024; "auto" is what DashScope does without a size.
    ...(typeof size === 'string' && size !== 'auto' ? { size: size.replace(/[xX×]/, '*') } : {}),
    ...(n === undefined ? {} : { n }),
    ...(seed === undefined ? {} : { seed }),
    ...(prompt_extend === undefined ? {} : { prompt_extend }),
    ...(watermark === undefined ? {} : { watermark }),
  }
}
const without = (body: JsonObject): JsonObject => {
  const said = body['negative_prompt']
  return said === undefined ? {} : { negative_prompt: said }
}

function imageAtOnce(access: Access, model: string, body: JsonObject): VendorRequest {
  return post(access, own(access, '/services/aigc/multimodal-generation/generation'), {
    model,
    input: { messages: [{ role: 'user', content: [{ text: body['prompt'] ?? '' }] }] },
    parameters: { ...without(body), ...imageParameters(body) },
  })
}
function rerank(access: Access, model: string, body: JsonObject): VendorRequest {
  const { query, documents, top_n, return_documents } = body
  return post(access, own(access, '/services/rerank/text-rerank/text-rerank'), {
    model,
    input: { query: query ?? '', documents: documents ?? [] },
    parameters: {
      ...(top_n === undefined ? {} : { top_n }),
      ...(return_documents === undefined ? {} : { return_documents }),
    },
  })
}

const now = (): number => Math.floor(Date.now() / 1000)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** `output.choices[].message.content[].image` as OpenAI's `data[].url`. */
function imagesOf(answer: Json): Json {
  const data = listOf(member(member(answer, 'output'), 'choices')).flatMap((choice) =>
    listOf(member(member(choice, 'message'), 'content')).flatMap((part) => {
      const url = textOf(member(part, 'image'))
      return url === null ? [] : [{ url }]
    }),
  )
  return { created: now(), data }
}
function rankingOf(answer: Json): Json {
  const results = member(member(answer, 'output'), 'results') as Json | undefined
  const total = countOf(member(member(answer, 'usage'), 'total_tokens'))
  return { results: results ?? [], usage: { total_tokens: total } }
}

const task: VendorTask = {
  submit(access, model, body) {
    const request = post(access, own(access, '/services/aigc/text2image/image-synthesis'), {
      model,
      input: { prompt: body['prompt'] ?? '', ...without(body) },
      parameters: imageParameters(body),
    })
    return { ...request, headers: { ...request.headers, 'x-dashscope-async': 'enable' } }
  },
  taskId: (answer) => textOf(member(member(answer, 'output'), 'task_id')),
  poll: (access, id) => get(access, own(access, `/tasks/${encodeURIComponent(id)}`)),
  state(answer) {
    const output = member(answer, 'output')
    switch (textOf(member(output, 'task_status'))) {
      case 'SUCCEEDED':
        return finished(output)
      case 'FAILED':
        return { kind: 'failed', failure: readTaskFailure(output) }
      case 'CANCELED':
        return { kind: 'failed', failure: ended('caller', 'The task was cancelled at the vendor.') }
      case 'UNKNOWN':
        // It ran out after a day, or never was.
        return { kind: 'failed', failure: ended('caller', 'The vendor no longer knows the task.') }
      case null:
        return { kind: 'failed', failure: ended('garbage', 'The vendor did not say how the task stands.') }
      default:
        return { kind: 'running' }
    }
  },
}
const ended = (kind: 'caller' | 'garbage' | 'vendor', message: string) =>
  ({ kind, retryAfterMs: null, message, type: null, code: null }) as const

/** Some images of a task that succeeded may have failed all the same: they stand beside those that came. */
function finished(output: unknown): ReturnType<VendorTask['state']> {
  const data: Json[] = []
  const failures: Json[] = []
  let first: unknown = null
  for (const [index, one] of listOf(member(output, 'results')).entries()) {
    const url = textOf(member(one, 'url'))
    const revised = textOf(member(one, 'actual_prompt'))
    if (url !== null) data.push({ url, ...(revised === null ? {} : { revised_prompt: revised }) })
    else {
      first ??= one
      const { code, message } = readTaskFailure(one)
      failures.push({ index, code, message })
    }
  }
  if (data.length === 0) {
    const failure = first === null ? ended('garbage', 'The task succeeded without an image.') : readTaskFailure(first)
    return { kind: 'failed', failure }
  }
  const result = { created: now(), data, ...(failures.length === 0 ? {} : { failures }) }
  return { kind: 'succeeded', result, use: { inputTokens: 0, outputTokens: 0, images: data.length } }
}

function use(call: Parameters<Vendor['use']>[0], answer: Json): Use {
  const counted = openAiUse(call, answer)
  if (call !== 'images' || counted.images > 0) return counted
  const said = countOf(member(member(answer, 'usage'), 'image_count'))
  return { inputTokens: 0, outputTokens: 0, images: said }
}

/** Aliyun DashScope. */
export const aliyun: Vendor = {
  ...openAiDialect({
    name: 'aliyun',
    baseUrl: 'https://dashscope.aliyuncs.com',
    calls: ['chat', 'embeddings', 'images', 'rerank'],
  }),
  listModels: (access) => get(access, compatible(access, '/models')),
  modelIds: openAiModelIds,
  request(call, access, model, body) {
    if (call === 'images') return imageAtOnce(access, model, body)
    if (call === 'rerank') return rerank(access, model, body)
    return post(access, compatible(access, call === 'embeddings' ? '/embeddings' : '/chat/completions'), {
      ...body,
      model,
    })
  },
  answer: (call, answer) => (call === 'images' ? imagesOf(answer) : call === 'rerank' ? rankingOf(answer) : answer),
  use,
  failure(status, headers, body) {
    const failure = readFailure(status, headers, fromJson(body) ?? body)
    // Under compatible-mode this is OpenAI's word for a limit of tokens a minute; money that ran out is Arrearage or 403.
    const limited = status === 429 && failure.code === 'insufficient_quota'
    return limited ? { ...failure, kind: 'rate-limit' } : failure
  },
  task: (model) => (asynchronous.test(model) ? task : null),
}
