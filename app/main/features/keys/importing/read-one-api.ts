import { z } from 'zod'
import { type KeyFacts, ModelMapping } from '../../../../shared/contracts/keys.ts'
import { AppError } from '../../../../shared/errors.ts'
import { fromJson } from '../../../lib/json.ts'
import { type FoundKey, MOST_KEYS, nameOf, usual } from './import-types.ts'
import { type ChannelProgram, channelVendor, foreignVendor } from './known-vendors.ts'

const Channel = z.object({
  type: z.number().int(),
  name: z.string().max(1000).default(''),
  key: z.string().max(1_000_000),
  base_url: z.string().max(2000).nullish(),
  priority: z.number().nullish(),
  weight: z.number().nullish(),
  status: z.number().nullish(),
  /** JSON as text; empty where there is none. */
  model_mapping: z.preprocess((given) => {
    if (typeof given !== 'string') return given ?? {}
    return given.trim() === '' ? {} : (fromJson(given) ?? given)
  }, ModelMapping),
})
type Channel = z.infer<typeof Channel>

/**
 * Channels that one-api or new-api exported: a JSON array, or an answer with it as `data`. A channel may hold several
 * keys, one a line; the highest priority becomes tier primary, the next one backup. Fails with KEY_FILE_UNREADABLE.
 */
export function readOneApi(text: string): FoundKey[] {
  const list = channelsOf(text)
  if (list.length > MOST_KEYS) throw unreadable(1, `more than ${MOST_KEYS} channels`)
  // One more than may be, so that it is noticed.
  let left = MOST_KEYS + 1
  const lines = lineOfEach(text, list.length)
  const program = programOf(list)
  const read = list.map((one) => Channel.safeParse(one))
  const priorities = read.flatMap(({ data }) => (data ? [data.priority ?? 0] : []))
  const order = [...new Set(priorities)].sort((a, b) => b - a)
  return read.flatMap(({ data, error }, i): FoundKey[] => {
    const line = lines[i]!
    if (!data) {
      const [issue] = error.issues
      const reason = `${issue?.path.join('.') || 'channel'}: ${issue?.message ?? 'wrong'}`
      return [{ kind: 'unreadable', line, name: `channel ${i + 1}`, vendor: null, reason }]
    }
    const tier = tierOf(order.indexOf(data.priority ?? 0))
    const keys = keysOf(data, program, { line, tier, most: left })
    left -= keys.length
    return keys
  })
}

const tierOf = (place: number) => ['primary', 'backup'][place] ?? `tier ${place + 1}`

/** One of the two has these beside each channel. */
const programOf = (list: readonly unknown[]): ChannelProgram =>
  list.some((one) => ['channel_info', 'auto_ban', 'tag', 'setting'].some((name) => memberOf(one, name) !== undefined))
    ? 'new-api'
    : 'one-api'

function keysOf(
  channel: Channel,
  program: ChannelProgram,
  { line, tier, most }: { readonly line: number; readonly tier: string; readonly most: number },
): FoundKey[] {
  const name = nameOf(channel.name)
  const where = whereOf(channel, program)
  if (typeof where === 'string') return [{ kind: 'unreadable', line, name, vendor: null, reason: where }]
  const secrets = channel.key
    .split('\n', Math.max(most, 0))
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '')
  if (secrets.length === 0 && most > 0)
    return [{ kind: 'unreadable', line, name, vendor: where.vendor, reason: 'it has no key' }]
  // one-api counts from 0 and means "no preference".
  const weight = Math.min(Math.max(Math.round(channel.weight ?? 1), 1), 1000)
  return secrets.map((secret, i) => ({
    ...{ kind: 'key', line, secret, enabled: (channel.status ?? 1) === 1 },
    facts: {
      ...usual,
      ...where,
      tier,
      weight,
      modelMapping: channel.model_mapping,
      name: secrets.length > 1 ? `${name} ${i + 1}` : name,
    },
  }))
}

/** The vendor of a channel and where it answers; a text says why it has none here. */
function whereOf(
  { type, base_url }: Channel,
  program: ChannelProgram,
): Pick<KeyFacts, 'vendor' | 'service' | 'baseUrl'> | string {
  const foreign = foreignVendor(program, type)
  if (foreign !== null) return `${foreign} (type ${type}) speaks a dialect that is not known here`
  const known = channelVendor(program, type)
  const given = (base_url ?? '').trim().replace(/\/+$/, '')
  if (given === '' || given === 'https://api.openai.com') {
    return known ?? `channels of type ${type} need a base_url`
  }
  const url = URL.canParse(given) ? new URL(given) : null
  if (!url || !/^https?:$/.test(url.protocol)) return 'its base_url is no web address'
  if (known?.vendor === 'aliyun') return { ...known, baseUrl: given }
  // Their addresses are without the version that ours end with.
  const baseUrl = url.pathname === '/' ? `${given}/v1` : given
  return { vendor: 'openai-compatible', service: known?.service ?? 'default', baseUrl }
}

function channelsOf(text: string): unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const place = /position (\d+)/.exec((error as Error).message)?.[1]
    throw unreadable(place === undefined ? 1 : text.slice(0, Number(place)).split('\n').length, 'it is no JSON')
  }
  for (const list of [value, ...['data', 'items', 'channels'].map((name) => memberOf(value, name))]) {
    if (Array.isArray(list)) return list
    const inner = memberOf(list, 'items')
    if (Array.isArray(inner)) return inner
  }
  throw unreadable(1, 'it is no list of channels')
}
const memberOf = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined

/** The line on which each channel's "key" stands; the first line where a file is written otherwise. */
function lineOfEach(text: string, count: number): number[] {
  const lines = text.split('\n').flatMap((line, i) => [...line.matchAll(/"key"\s*:/g)].map(() => i + 1))
  return Array.from({ length: count }, (_, i) => (lines.length === count ? lines[i]! : 1))
}

const unreadable = (line: number, reason: string) => new AppError('KEY_FILE_UNREADABLE', { line, reason })
