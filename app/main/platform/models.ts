import { createHash } from 'node:crypto'
import type { Vendor } from '../../shared/contracts/keys.ts'
import { AppError } from '../../shared/errors.ts'
import { createBudget } from '../features/plugins/calling/budget.ts'
import type { CallPolicy, LoadedPlugin } from '../features/plugins/calling/call-types.ts'
import { createSender } from '../features/plugins/calling/send.ts'
import { fromJson } from '../lib/json.ts'
import { type Access, accessOf, type GivenAccess } from './model-access.ts'
import { groupModels, type ModelLists, modelIds } from './vendor-models.ts'

const LIST_MS = 10_000
const LIST_BYTES = 5 * 1024 * 1024
const CALL_MS = 30_000
const CACHE_MS = 10 * 60_000
const CACHED = 200

/** One path below a vendor's address, with the key that opens it. */
export interface VendorPath {
  readonly url: string
  readonly vendor: Vendor
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
        vendor: access.vendor,
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
