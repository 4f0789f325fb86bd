import { createHash } from 'node:crypto'
import { AppError } from '../../shared/errors.ts'
import { createBudget } from '../features/plugins/calling/budget.ts'
import { configured } from '../features/plugins/calling/build-request.ts'
import type { CallPolicy, LoadedPlugin } from '../features/plugins/calling/call-types.ts'
import { createSender } from '../features/plugins/calling/send.ts'
import { fromJson } from '../lib/json.ts'
import { groupModels, type ModelLists, modelIds } from './vendor-models.ts'

const LIST_MS = 10_000
const LIST_BYTES = 5 * 1024 * 1024
const CALL_MS = 30_000
const CACHE_MS = 10 * 60_000
const CACHED = 200

/** Where vendors that are known by name answer as OpenAI does. */
const vendors: readonly (readonly [RegExp, string])[] = [
  [/openai/i, 'https://api.openai.com/v1'],
  [/dashscope|tongyi|aliyun|qwen/i, 'https://dashscope.aliyuncs.com/compatible-mode/v1'],
]
const keyField = /api_?key|token|secret/i
const baseField = /base_?url|endpoint|api_?base|server/i

/** What a caller gives in place of what is stored. */
export interface GivenAccess {
  readonly apiKey: string | null
  readonly baseUrl: string | null
}
interface Access {
  readonly base: string
  /** Null for a server that wants none. */
  readonly key: string | null
}
/** One path below a vendor's address, with the key that opens it. */
export interface VendorPath {
  readonly url: string
  post(body: object, signal: AbortSignal): Promise<{ readonly statusCode: number; readonly data: unknown }>
}

/** Vendors of models, asked with the key of a plugin. A key goes to the vendor and nowhere else: into no message, no log. */
export function createVendors(options: { readonly policy: () => CallPolicy; readonly clock?: () => number }) {
  const clock = options.clock ?? Date.now
  const lists = createSender({ policy: options.policy, most: LIST_BYTES })
  const calls = createSender({ policy: options.policy })
  const cache = new Map<string, { readonly until: number; readonly answer: Promise<ModelLists> }>()

  async function listed(plugin: LoadedPlugin, access: Access): Promise<ModelLists> {
    const url = new URL(`${access.base}/models`)
    const budget = createBudget(LIST_MS, url.host, undefined)
    try {
      const { status, body } = await lists.send({ method: 'GET', url, headers: headersOf(access), body: null }, budget)
      if (status < 200 || status > 299) throw new AppError('UPSTREAM_FAILED', { host: url.host, status })
      const ids = modelIds(fromJson(body.toString('utf8')))
      if (!ids) throw new AppError('RESPONSE_UNREADABLE', { host: url.host, reason: 'it is no list of models' })
      return groupModels(ids, plugin.definition)
    } finally {
      budget.done()
    }
  }

  return {
    /** The vendor's models by kind, at most ten minutes old. */
    async models(plugin: LoadedPlugin, given: GivenAccess): Promise<ModelLists> {
      const access = accessOf(plugin, given)
      const key = createHash('sha256')
        .update([plugin.id, plugin.versionId, access.base, access.key].join('\n'))
        .digest('hex')
      const now = clock()
      const known = cache.get(key)
      if (known && known.until > now) return await known.answer
      for (const [name, { until }] of cache) if (until <= now || cache.size >= CACHED) cache.delete(name)
      const answer = listed(plugin, access)
      cache.set(key, { until: now + CACHE_MS, answer })
      try {
        return await answer
      } catch (error) {
        cache.delete(key)
        throw error
      }
    },
    /** Fails where there is no address, or no key that it needs. */
    path(plugin: LoadedPlugin, path: '/embeddings' | '/rerank', given: GivenAccess): VendorPath {
      const access = accessOf(plugin, given)
      const url = new URL(`${access.base}${path}`)
      return {
        url: url.href,
        async post(body, signal) {
          const budget = createBudget(CALL_MS, url.host, signal)
          try {
            const headers = { ...headersOf(access), 'content-type': 'application/json' }
            const answer = await calls.send({ method: 'POST', url, headers, body: JSON.stringify(body) }, budget)
            const { status } = answer
            if (status < 200 || status > 299) throw new AppError('UPSTREAM_FAILED', { host: url.host, status })
            const data = fromJson(answer.body.toString('utf8'))
            if (data === undefined)
              throw new AppError('RESPONSE_UNREADABLE', { host: url.host, reason: 'it is no JSON' })
            return { statusCode: status, data }
          } finally {
            budget.done()
          }
        },
      }
    },
    async stop(): Promise<void> {
      await Promise.all([lists.stop(), calls.stop()])
    },
  }
}
export type Vendors = ReturnType<typeof createVendors>

const headersOf = ({ key }: Access): Record<string, string> => ({
  ...{ accept: 'application/json', 'user-agent': 'Pilothouse' },
  ...(key === null ? {} : { authorization: `Bearer ${key}` }),
})

function accessOf(plugin: LoadedPlugin, given: GivenAccess): Access {
  // A stored key goes to the stored address: whoever may ask for models may not send it elsewhere.
  if (given.baseUrl !== null && given.apiKey === null) throw new AppError('ARGUMENT_MISSING', { names: 'api_key' })
  const key = given.apiKey ?? stored(plugin, keyField)
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) {
    throw new AppError('ARGUMENT_INVALID', { name: 'api_key', reason: 'a key has no blanks and only ASCII characters' })
  }
  const { provider, id } = plugin.definition
  const vendor = vendors.find(([name]) => name.test(`${provider} ${id}`))?.[1] ?? null
  const base = given.baseUrl ?? stored(plugin, baseField) ?? vendor
  if (base === null) throw new AppError('ARGUMENT_MISSING', { names: 'base_url' })
  if (key === null && plugin.locked) throw new AppError('KEY_VAULT_LOCKED')
  if (key === null && (vendor === base || plugin.definition.configuration.some(isRequiredKey)))
    throw new AppError('PLUGIN_NOT_CONFIGURED', { name: plugin.name, fields: 'api_key' })
  return { base: baseOf(base), key }
}
const isRequiredKey = ({ name, required }: { readonly name: string; readonly required: boolean }) =>
  required && keyField.test(name)

/** The value of the first field with such a name; one that speaks of a key before one that speaks of a token. */
function stored(plugin: LoadedPlugin, pattern: RegExp): string | null {
  const declared = plugin.definition.configuration.map(({ name }) => name)
  const names = [...new Set([...declared, ...Object.keys(plugin.configuration)])].filter((name) => pattern.test(name))
  const values = names
    .sort((a, b) => Number(/key/i.test(b)) - Number(/key/i.test(a)))
    .map((name) => configured(plugin, name))
  return values.find((value) => value !== '') ?? null
}

/** Without a slash at its end; an address of a host alone means its first version. */
function baseOf(text: string): string {
  if (!URL.canParse(text)) throw new AppError('ARGUMENT_INVALID', { name: 'base_url', reason: 'it is no address' })
  const { origin, pathname, protocol } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new AppError('ARGUMENT_INVALID', { name: 'base_url', reason: 'it begins with http:// or https://' })
  const path = pathname.replace(/\/+$/, '')
  return `${origin}${path === '' ? '/v1' : path}`
}
