import type { Instance } from '../../../shared/contracts/registry.ts'

/** How long an instance that refused a connection comes last. Main learns of it by a probe or by silence. */
const SHUNNED_MS = 5000

/** The instances that main told of, by service, each service's in turn. */
export function createInstanceTable() {
  const byId = new Map<string, Instance>()
  let services = new Map<string, Instance[]>()
  const turns = new Map<string, number>()
  const shunned = new Map<string, number>()
  let changed: () => void = () => {}

  function index(): void {
    services = Map.groupBy(byId.values(), ({ name }) => name)
    for (const name of turns.keys()) if (!services.has(name)) turns.delete(name)
    for (const id of shunned.keys()) if (!byId.has(id)) shunned.delete(id)
    changed()
  }

  return {
    set(instances: readonly Instance[]): void {
      byId.clear()
      for (const one of instances) byId.set(one.id, one)
      index()
    },
    /** One that main answered with, ahead of the whole list. */
    put(one: Instance): void {
      byId.set(one.id, one)
      index()
    },
    drop(id: string): void {
      byId.delete(id)
      index()
    },
    list: (): readonly Instance[] => [...byId.values()],
    get: (id: string): Instance | null => byId.get(id) ?? null,
    /** Every instance of a service; null for a name that nothing registered. */
    of: (name: string): readonly Instance[] | null => services.get(name) ?? null,
    /** The next healthy one in turn, rather not one of `tried` nor one that refused a connection just now. */
    pick(name: string, tried: ReadonlySet<string>): Instance | null {
      const healthy = (services.get(name) ?? []).filter(({ state }) => state.kind === 'up')
      if (healthy.length === 0) return null
      const turn = turns.get(name) ?? 0
      turns.set(name, (turn + 1) % Number.MAX_SAFE_INTEGER)
      const inTurn = healthy.map((_, i) => healthy[(turn + i) % healthy.length]!)
      const now = performance.now()
      const fresh = inTurn.filter(({ id }) => !tried.has(id))
      return fresh.find(({ id }) => (shunned.get(id) ?? 0) <= now) ?? fresh[0] ?? inTurn[0]!
    },
    shun: (id: string): void => void shunned.set(id, performance.now() + SHUNNED_MS),
    onChange(listener: () => void): void {
      changed = listener
    },
  }
}
export type InstanceTable = ReturnType<typeof createInstanceTable>
