import type { Instance } from '../../../shared/contracts/registry.ts'
import { type Connections, reasonOf } from './connections.ts'
import type { InstanceReports } from './instance-reports.ts'
import type { InstanceTable } from './instance-table.ts'

const EVERY_MS = 10_000
const LIMIT_MS = 3000
const AT_ONCE = 16
/** The share of a pause that chance adds or takes, so that many instances are not asked in one moment. */
const JITTER = 0.2

/** Asks every instance that has a health path how it is; there is no timer while none has. */
export function createProbes(options: {
  readonly table: InstanceTable
  readonly connections: Connections
  readonly reports: InstanceReports
  readonly everyMs?: number
  readonly limitMs?: number
}) {
  const { table, connections, reports, everyMs = EVERY_MS, limitMs = LIMIT_MS } = options
  /** When each is asked next; a moment in the past until it has been. */
  const due = new Map<string, number>()
  const running = new Map<string, AbortController>()
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  const probed = (): readonly Instance[] => table.list().filter(({ healthPath }) => healthPath !== null)
  const pause = () => everyMs * (1 - JITTER + Math.random() * 2 * JITTER)

  /** Begins what is due, then sleeps until the next is. */
  function turn(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (stopped) return
    const instances = probed()
    const known = new Set(instances.map(({ id }) => id))
    for (const id of due.keys()) if (!known.has(id)) due.delete(id)
    const now = performance.now()
    let next = Number.POSITIVE_INFINITY
    for (const one of instances) {
      if (running.has(one.id)) continue
      const at = due.get(one.id) ?? 0
      // Where all places are taken, whoever frees one comes here again.
      if (at > now) next = Math.min(next, at)
      else if (running.size < AT_ONCE) void probe(one)
    }
    if (next < Number.POSITIVE_INFINITY) timer = setTimeout(turn, Math.max(1, next - now)).unref()
  }
  async function probe(one: Instance): Promise<void> {
    const ending = new AbortController()
    running.set(one.id, ending)
    const reason = await ask(one, ending)
    running.delete(one.id)
    due.set(one.id, performance.now() + pause())
    // Registered anew or taken out meanwhile: the answer is not of what is there now.
    const { url, healthPath } = table.get(one.id) ?? {}
    if (!stopped && url === one.url && healthPath === one.healthPath)
      reports.probed(one.id, { ok: reason === null, reason })
    turn()
  }
  /** What is wrong with it; null where it answered well. */
  function ask({ url, healthPath }: Instance, ending: AbortController): Promise<string | null> {
    const path = healthPath!
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        resolve(`${path} did not answer within ${limitMs / 1000} s`)
        ending.abort()
      }, limitMs).unref()
      const failed = (error: unknown) => resolve(`${path}: ${reasonOf(error)}`)
      try {
        const headers = { 'user-agent': 'Pilothouse', accept: '*/*' }
        const request = connections.open(url, path, { method: 'GET', headers, signal: ending.signal })
        // Not before: a body that does not come would hold the connection for ever.
        request.on('close', () => clearTimeout(limit))
        request.on('error', failed)
        request.on('response', (response) => {
          const { statusCode = 0 } = response
          resolve(statusCode >= 200 && statusCode < 400 ? null : `${path} answered ${statusCode}`)
          // Its state was all that was asked for; a long body would only hold the connection.
          response.on('error', () => {})
          if (Number(response.headers['content-length'] ?? Number.NaN) <= 65_536) response.resume()
          else request.destroy()
        })
        request.end()
      } catch (error) {
        clearTimeout(limit)
        failed(error)
      }
    })
  }

  return {
    /** The table changed: who is new is asked now. */
    turn,
    stop(): void {
      stopped = true
      if (timer) clearTimeout(timer)
      for (const ending of running.values()) ending.abort()
    },
  }
}
