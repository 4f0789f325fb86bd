import type { Peer } from '../../lib/peer.ts'
import type { GatewayAsks } from '../gateway/gateway-messages.ts'
import { createConnections } from './connections.ts'
import { createInstanceReports } from './instance-reports.ts'
import { createInstanceTable } from './instance-table.ts'
import { createProbes } from './probes.ts'
import { createProxy } from './proxy.ts'

export type RegistryMain = Pick<
  Peer<Pick<GatewayAsks, 'instanceRegister' | 'instanceHeartbeat' | 'instanceRemove' | 'instanceReports'>>,
  'ask' | 'tell'
>

/** What the local platform has of registered services: their table, their probes, the way to them. */
export function createRegistryParts(
  main: RegistryMain,
  times: { readonly probeEveryMs?: number; readonly probeLimitMs?: number; readonly answerMs?: number } = {},
) {
  const table = createInstanceTable()
  const connections = createConnections()
  const reports = createInstanceReports((told) => main.tell('instanceReports', told))
  const { probeEveryMs: everyMs, probeLimitMs: limitMs, answerMs } = times
  const probes = createProbes({
    ...{ table, connections, reports },
    ...(everyMs === undefined ? {} : { everyMs }),
    ...(limitMs === undefined ? {} : { limitMs }),
  })
  const proxy = createProxy({ table, connections, reports, ...(answerMs === undefined ? {} : { answerMs }) })
  table.onChange(probes.turn)

  return {
    table,
    proxy,
    /** After the last request was answered. */
    stop(): void {
      probes.stop()
      reports.flush()
      connections.stop()
    },
  }
}
export type RegistryParts = ReturnType<typeof createRegistryParts>
