import type { ReadPlugin } from '../features/plugins/packages/package-types.ts'

const kinds = ['chat', 'embedding', 'rerank', 'image', 'tts', 'stt'] as const
export type Kind = (typeof kinds)[number]
export type ModelLists = Readonly<Record<Kind, readonly string[]>>

/** What names of models say; the first that matches. Anything else is a model to talk to. */
const named: readonly (readonly [Kind, RegExp])[] = [
  ['rerank', /rerank/i],
  ['embedding', /embed|(?:^|[/_-])(?:bge|gte|e5|m3e)[-_]/i],
  ['stt', /whisper|transcri|(?:^|[/_-])(?:asr|stt)(?:$|[-_])|paraformer|sensevoice/i],
  ['tts', /(?:^|[/_-])tts(?:$|[-_\d])|cosyvoice|sambert|speech-\d/i],
  ['image', /image|dall-e|wanx|flux|stable-diffusion|sdxl|cogview|imagen|kolors|t2i|seedream/i],
]

/** Models by what they do: as the package declares it, else as their names say. */
export function groupModels(ids: readonly string[], { models }: Pick<ReadPlugin, 'models'>): ModelLists {
  const declared = new Map(models.map(({ id, kind }) => [id, kind]))
  const groups: Record<Kind, string[]> = { chat: [], embedding: [], rerank: [], image: [], tts: [], stt: [] }
  for (const id of [...new Set(ids)].sort()) {
    const kind = declared.get(id) ?? named.find(([, pattern]) => pattern.test(id))?.[0] ?? 'chat'
    groups[kind].push(id)
  }
  return groups
}

/** Ids in a vendor's answer: OpenAI's `data`, others' `models`, DashScope's `output.models`; null where there are none. */
export function modelIds(answer: unknown): readonly string[] | null {
  const list = listOf(answer)
  if (!list) return null
  return list.flatMap((one) => {
    const id = typeof one === 'string' ? one : (field(one, 'id') ?? field(one, 'model') ?? field(one, 'name'))
    return typeof id === 'string' && id !== '' ? [id.slice(0, 200)] : []
  })
}
function listOf(answer: unknown): readonly unknown[] | null {
  if (Array.isArray(answer)) return answer
  const found = field(answer, 'data') ?? field(answer, 'models') ?? field(field(answer, 'output'), 'models')
  return Array.isArray(found) ? found : null
}
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
