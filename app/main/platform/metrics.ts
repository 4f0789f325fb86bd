import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PluginTable } from './plugin-table.ts'

/** What `/metrics` tells; names and labels are those that operators' dashboards know. */
export function createMetrics(table: PluginTable, requestsByPort: () => ReadonlyMap<number, number>) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'coze_plugin_requests_total',
    help: 'Calls of plugin tools',
    labelNames: ['plugin_name', 'operation', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'coze_plugin_request_duration_seconds',
    help: 'Time that calls of plugin tools took, in seconds',
    labelNames: ['plugin_name', 'operation'],
    buckets: [0.1, 0.5, 1, 2, 5, 10],
    registers,
  })
  new Gauge({
    name: 'coze_active_plugins',
    help: 'Plugins in use',
    labelNames: ['plugin_type'],
    registers,
    collect() {
      this.reset()
      for (const { kind } of table.active()) this.inc({ plugin_type: kind })
    },
  })
  new Counter({
    name: 'pilothouse_requests_total',
    help: 'Requests answered by the local platform',
    labelNames: ['port'],
    registers,
    collect() {
      this.reset()
      for (const [port, count] of requestsByPort()) this.inc({ port }, count)
    },
  })
  return {
    registry,
    called(plugin: string, operation: string, ok: boolean, milliseconds: number): void {
      requests.inc({ plugin_name: plugin, operation, status: ok ? 'success' : 'error' })
      durations.observe({ plugin_name: plugin, operation }, milliseconds / 1000)
    },
    contentType: registry.contentType,
    text: (): Promise<string> => registry.metrics(),
    stop: (): void => registry.clear(),
  }
}
export type Metrics = ReturnType<typeof createMetrics>
