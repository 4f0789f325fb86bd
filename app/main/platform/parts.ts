import type { Caller } from '../features/plugins/calling/call-tool.ts'
import type { Definitions } from '../features/plugins/calling/load-plugin.ts'
import type { Functions } from '../features/plugins/calling/openai-functions.ts'
import type { AgentTurns } from './agents/turns.ts'
import type { Main } from './call-records.ts'
import type { Calls } from './calls.ts'
import type { FeatureTable } from './feature-table.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { PlatformOptions } from './messages.ts'
import type { Metrics } from './metrics.ts'
import type { Vendors } from './models.ts'
import type { PluginTable } from './plugin-table.ts'
import type { Ports } from './ports.ts'
import type { RegistryParts } from './registry/registry-parts.ts'
import type { SignIns } from './sign-ins.ts'

/** What the routes of the local platform stand on. */
export interface PlatformParts {
  readonly main: Main
  readonly table: PluginTable
  readonly definitions: Definitions
  readonly caller: Caller
  readonly calls: Calls
  readonly metrics: Metrics
  readonly ports: Ports
  readonly signIns: SignIns
  readonly vendors: Vendors
  readonly gateway: Gateway
  readonly agents: AgentTurns
  readonly features: FeatureTable
  readonly registry: RegistryParts
  /** The active tools as functions. */
  readonly functions: () => Promise<Functions>
  readonly options: () => PlatformOptions
  readonly requestId: (given: string | string[] | undefined) => string
  /** Logs a bug; answers by what the log knows it. */
  readonly failed: (error: unknown, path: string, requestId: string) => string
}
