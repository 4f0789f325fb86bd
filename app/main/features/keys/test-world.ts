// biome-ignore-all lint/style/noRestrictedImports: tests build a whole console around the feature.
import { mirrored, openFeatureWorld } from '../../../../tests/lib/feature-world.ts'
import type { Entry } from '../../../shared/contracts/audit.ts'
import type { Key, KeyFacts, KeysUpdate, KeyTest } from '../../../shared/contracts/keys.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import { openDataKey } from '../../lib/data-key.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { AppLog } from '../../lib/log.ts'
import type { UsableKey } from '../../platform/gateway/gateway-messages.ts'
import type { Health } from './key-state.ts'
import { createKeys, type KeyOptions } from './keys.ts'
import type { PluginAccess } from './plugin-keys.ts'
import type { KeyWorker } from './worker-keys.ts'

export const me: Caller = { actor: 'browser' }
export const context = { signal: new AbortController().signal, report: () => {} }

/** A worker that keeps the keys that it is told, and answers tests with what `answer` is. */
function fakeWorker() {
  const table = new Map<string, UsableKey>()
  const resets: string[] = []
  const told: string[] = []
  const starts: (() => void)[] = []
  const asked: unknown[] = []
  const passed: KeyTest = {
    ...{ at: 1, ok: true, latencyMs: 12, statusCode: 200, models: ['gpt-4.1', 'gpt-image-1'], failure: null },
  }
  const state = { answer: passed, health: [] as readonly Health[] }
  const worker = {
    async ask(_: 'testKey', input: unknown) {
      asked.push(input)
      return state.answer
    },
    tell(name: string, input: unknown) {
      told.push(name)
      if (name === 'health') state.health = input as readonly Health[]
      if (name === 'resetHealth') resets.push(...(input as { keyIds: string[] }).keyIds)
      if (name !== 'keys') return
      const { reset, upserted, removed } = input as { reset: boolean; upserted: UsableKey[]; removed: string[] }
      if (reset) table.clear()
      for (const key of upserted) table.set(key.id, key)
      for (const id of removed) table.delete(id)
    },
    onStarted(listener: () => void) {
      starts.push(listener)
      listener()
      return () => {}
    },
  } as KeyWorker
  return { worker, table, resets, told, asked, state, restart: () => starts.forEach((start) => void start()) }
}

/** Plugins by id, of which `change` tells that one is another now. */
function fakePlugins() {
  const known = new Map<string, PluginAccess>()
  const changes = createEmitter<readonly string[]>()
  return {
    models: {
      async access(id: string): Promise<PluginAccess> {
        const found = known.get(id)
        if (!found) throw new AppError('PLUGIN_NOT_CONFIGURED', { name: id, fields: 'api_key' })
        return found
      },
      onChange: changes.listen,
    },
    change(id: string, access: PluginAccess | null): void {
      if (access) known.set(id, access)
      else known.delete(id)
      changes.emit([id])
    },
  }
}

/** The keys of one console in a data folder; what it holds goes on in the next one that opens the same folder. */
export async function openKeys(
  options: { folder?: string; clock?: () => number; log?: AppLog } & Partial<
    Pick<KeyOptions, 'loadUse' | 'testHours' | 'testPace'>
  > = {},
) {
  const { clock, loadUse = () => [], testHours, testPace } = options
  const say = ({ code, details }: { code: string; details: object }) => `${code} ${Object.values(details).join(' ')}`
  const world = openFeatureWorld({ folder: options.folder, log: options.log, say })
  const { folder, log, scope, db, notices, notify, audit, saved, host, close } = world
  const { worker, ...fake } = fakeWorker()
  const dataKey = openDataKey(folder, null)
  const plugins = fakePlugins()
  const keys = createKeys({
    ...{ db, dataKey, worker, audit, notify, host, log, loadUse, plugins: plugins.models },
    ...(clock && { clock }),
    ...(testHours && { testHours }),
    ...(testPace && { testPace }),
  })
  scope.add(keys.stop)
  await dataKey
  const mirror = mirrored<Key, KeysUpdate>(keys.follow, (update) =>
    update.kind === 'snapshot' ? { kind: update.kind, all: update.keys } : update,
  )
  scope.add(mirror.stop)
  const { handlers, asks } = keys
  return {
    ...{ folder, db, keys, handlers, asks, notices, saved, close, ...fake, changePlugin: plugins.change },
    /** As a page mirrors it. */
    key: (id: string) => mirror.items().get(id)!,
    list: () => [...mirror.items().values()],
    add: async (change: Partial<KeyFacts & { secret: string }> = {}): Promise<string> =>
      (await handlers.add({ ...facts, secret: 'sk-test-0123456789', ...change }, me)).id,
    audited: () => db.all<Entry>('SELECT * FROM audit ORDER BY sequence'),
  }
}

export const facts: KeyFacts = {
  ...{ vendor: 'openai', service: 'gpt-4', name: 'Main', tier: 'primary', baseUrl: null, weight: 1 },
  ...{ rpm: null, tpm: null, concurrency: null, monthlyBudget: null, expiresAt: null, modelMapping: {} },
}

/** A key, or candidate, about which nothing is wrong. */
export const healthy = (id: string, change: Partial<Health> = {}): Health => ({
  ...{ id, bench: null, coolingUntil: null, breaker: null, recent: [], failures: 0, latencyMs: null },
  ...{ monthStart: 0, spent: 0 },
  ...change,
})

/** The code that it fails with; the value where it does not. */
export async function codeOf(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
