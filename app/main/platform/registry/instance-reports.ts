import type { GatewayAsks } from '../gateway/gateway-messages.ts'

type Report = GatewayAsks['instanceReports']['input'][number]

const TELL_MS = 1000

/** What the proxy's callers did, told once a second where something did; what a probe found, at once. */
export function createInstanceReports(tell: (reports: readonly Report[]) => void) {
  let counts = new Map<string, { requests: number; errors: number }>()
  let timer: NodeJS.Timeout | null = null

  function flush(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (counts.size === 0) return
    const reports = [...counts].map(([id, count]) => ({ id, probe: null, ...count }))
    counts = new Map()
    tell(reports)
  }
  return {
    called(id: string, failed: boolean): void {
      const count = counts.get(id) ?? { requests: 0, errors: 0 }
      count.requests++
      if (failed) count.errors++
      counts.set(id, count)
      timer ??= setTimeout(flush, TELL_MS).unref()
    },
    probed: (id: string, probe: { readonly ok: boolean; readonly reason: string | null }): void =>
      tell([{ id, probe, requests: 0, errors: 0 }]),
    flush,
  }
}
export type InstanceReports = ReturnType<typeof createInstanceReports>
