import type { FastifyInstance } from 'fastify'
import { createCaller } from '../features/plugins/calling/call-tool.ts'
import type { CallablePlugin, OAuthTokens } from '../features/plugins/calling/call-types.ts'
import { codeOf } from '../features/plugins/calling/code.ts'
import { exampleArguments } from '../features/plugins/calling/example.ts'
import { addressRefusal } from '../features/plugins/calling/guard.ts'
import { createDefinitions } from '../features/plugins/calling/load-plugin.ts'
import type { Caller as TrialCaller } from '../features/plugins/testing/caller.ts'
import { runEndpointTest } from '../features/plugins/testing/endpoint-test.ts'
import { runReplay } from '../features/plugins/testing/replay.ts'
import type { PeerHandlers } from '../lib/peer.ts'
import { createAgentTurns } from './agents/turns.ts'
import { createCallLog } from './call-log.ts'
import { createCallRecords, type Main } from './call-records.ts'
import { createCalls } from './calls.ts'
import { createFeatureTable } from './feature-table.ts'
import { createFunctionList } from './function-list.ts'
import { createGateway, type GatewayTuning } from './gateway/gateway.ts'
import { createJournal } from './gateway/journal.ts'
import { createPlainCalls } from './gateway/plain-calls.ts'
import { letGo } from './let-go.ts'
import type { PlatformOptions, Surface, WorkerAsks } from './messages.ts'
import { createMetrics } from './metrics.ts'
import { createVendors } from './models.ts'
import { createPace } from './pace.ts'
import type { PlatformParts } from './parts.ts'
import { createPluginTable } from './plugin-table.ts'
import { createPorts } from './ports.ts'
import { createRegistryParts } from './registry/registry-parts.ts'
import { createRequestIds } from './request-ids.ts'
import { createSignIns } from './sign-ins.ts'

const STOP_MS = 10_000
/** Calls that were ended for it are still written down. */
const LAST_MS = 250

/** The local platform: plugins called over HTTP and by the console itself. Its thread is in `worker.ts`. */
export function createLocalPlatform(
  first: PlatformOptions,
  main: Main,
  /** For tests: a gateway that waits less, or at another time. */
  tuning: GatewayTuning = {},
): PeerHandlers<WorkerAsks> {
  let options = first
  let app: Promise<FastifyInstance> | null = null
  let routing: FastifyInstance['routing'] | null = null
  const fresh = new Map<string, OAuthTokens>()
  const table = createPluginTable()
  const definitions = createDefinitions()
  const caller = createCaller({
    policy: () => options,
    definitions,
    keepTokens(pluginId, tokens) {
      fresh.set(pluginId, tokens)
      main.tell('keepTokens', { pluginId, tokens })
    },
  })
  const pace = createPace(() => {
    letGo()
    main.tell('calmed', undefined)
  })
  const ports = createPorts({
    begun: pace.request,
    handle: (request, response) => routing!(request, response),
    plain: {
      take: (socket, watch, handOver) => plainCalls.take(socket, watch, handOver),
      closeIdle: (watch) => plainCalls.closeIdle(watch),
      close: () => plainCalls.close(),
    },
    tell: (counts) => main.tell('requests', counts),
  })
  const metrics = createMetrics(table, ports.requests)
  const log = createCallLog({
    file: options.callLog,
    lost: (reason) => main.tell('log', { level: 'warn', message: 'calls not logged', fields: { reason } }),
    missing: (count) => main.tell('log', { level: 'warn', message: 'lines of calls lost', fields: { count } }),
  })
  const records = createCallRecords(main)
  const freshTokens = (pluginId: string) => fresh.get(pluginId) ?? null
  const calls = createCalls({ caller, definitions, metrics, records, log, freshTokens })
  const signIns = createSignIns({ table, definitions, caller, ports })
  const vendors = createVendors({ policy: () => options })
  const journal = createJournal({
    folder: first.journalFolder,
    lost: (reason) =>
      main.tell('log', { level: 'warn', message: 'use of the gateway not written', fields: { reason } }),
  })
  const gateway = createGateway({ main, journal, registry: metrics.registry, ...tuning })
  const features = createFeatureTable()
  const registry = createRegistryParts(main)
  const functions = createFunctionList({ table, definitions })
  const agents = createAgentTurns({ main, table, calls, functions, gateway })
  const requestId = createRequestIds()
  function failed(error: unknown, path: string, request_id: string): string {
    const fields = { request_id, path, error: error instanceof Error ? (error.stack ?? '') : String(error) }
    main.tell('log', { level: 'error', message: 'request failed', fields })
    return request_id
  }
  const plainCalls = createPlainCalls({ gateway, openLocalMode: () => options.openLocalMode, requestId, failed })
  const parts: PlatformParts = {
    ...{ main, table, definitions, caller, calls, metrics, ports, signIns, vendors, gateway, features, registry },
    ...{ functions, agents, requestId, failed },
    options: () => options,
  }

  /** Fastify is loaded with the first port: a command that only calls a tool needs none. */
  async function open(): Promise<void> {
    app ??= import('./app.ts').then(({ createApp }) => createApp(parts))
    routing = (await app).routing
  }
  /** How a test or a replay calls; they look at the exchange. */
  const trial = (surface: Surface): TrialCaller => ({
    call: (plugin, operation, request, { anyState }) =>
      calls.call({ ...request, plugin, operation, surface, anyState, withExchange: true }),
  })

  return {
    configure(next) {
      options = next
    },
    async listen({ ports: wishes }) {
      if (wishes.length > 0) await open()
      return await ports.set(wishes)
    },
    plugins(change) {
      table.change(change.reset, change.upserted, change.removed)
      for (const { id } of change.upserted) fresh.delete(id)
      for (const id of change.removed) fresh.delete(id)
    },
    async call({ plugin, operation, surface, ...rest }, { signal }) {
      await table.arrival()
      const given = typeof plugin !== 'string'
      const withExchange = surface === 'console' || surface === 'command'
      const row: CallablePlugin = given ? plugin : table.find(plugin)
      return await calls.call({ ...rest, plugin: row, operation, surface, signal, withExchange, anyState: given })
    },
    async code({ plugin, operation, arguments: given }) {
      await table.arrival()
      return codeOf(await caller.prepare(table.find(plugin), operation, given))
    },
    async beginSignIn({ plugin }) {
      await table.arrival()
      return await signIns.begin(plugin)
    },
    async test({ plugin, unsafe }, { signal, report }) {
      await table.arrival()
      return await runEndpointTest({
        ...{ plugin: await definitions.load(table.find(plugin)), caller: trial('test'), unsafe, exampleArguments },
        ...{ policy: options, guard: addressRefusal, signal, report },
      })
    },
    async replay({ plugin, ...rest }, { signal, report }) {
      const loaded = await definitions.load(plugin)
      return await runReplay({ ...rest, plugin: loaded, caller: trial('replay'), signal, report })
    },
    ...gateway.handlers,
    ...agents.handlers,
    features(given, context) {
      features.set(given)
      return gateway.handlers.features(given, context)
    },
    instances: (given) => registry.table.set(given),
    async stop() {
      features.close()
      gateway.jobs.leave()
      await Promise.all([ports.close(STOP_MS), calls.settled(STOP_MS)])
      registry.stop()
      await agents.stop()
      await Promise.all([caller.stop(), vendors.stop(), gateway.stop()])
      await (await app)?.close()
      await calls.settled(LAST_MS)
      await log.flush()
      await records.settle()
      metrics.stop()
      pace.stop()
    },
  }
}
