import { isDeepStrictEqual } from 'node:util'
import type { Container, DockerConnection, DockerEngine, Inspected } from '../../docker/engine.ts'
import type { Notify } from '../../lib/host.ts'
import type { Log } from '../../lib/log.ts'
import type { Stop } from '../../lib/scope.ts'
import { nameBefore, putBack } from './recreate.ts'
import type { ServiceRegistry } from './registry.ts'

/** Longer than a recreate stands still: another console of the same engine may be in the middle of one. */
export const SETTLE_MS = 20_000

/**
 * Finds containers that an interrupted recreate left set aside, whenever Docker becomes ready, and says so in a notice:
 *   its name is free, or held by a copy that never started → it is put back, and started if we had stopped it (`restored`);
 *   its name is held by anything that ever ran → both stay as they are, for the operator to choose (`both-kept`).
 * Nothing is touched that changed within the last `settleMs`, or that this console is recreating now.
 */
export function mendRecreates(parts: {
  readonly docker: DockerConnection
  readonly registry: ServiceRegistry
  readonly notify: Notify
  readonly log: Log
  readonly settleMs?: number
}): Stop {
  const { docker, registry, notify, log, settleMs = SETTLE_MS } = parts
  const timers = new Map<string, NodeJS.Timeout>()

  async function look(engine: DockerEngine, id: string) {
    const old = await engine.inspect(id)
    const name = old && nameBefore(old.container)
    if (!old || !name || registry.service(id)?.requested) return null
    return { old, name, holder: await engine.inspect(name) }
  }
  type Scene = NonNullable<Awaited<ReturnType<typeof look>>>

  async function mend(engine: DockerEngine, { old, name, holder }: Scene): Promise<void> {
    const { id } = old.container
    const tell = (state: 'restored' | 'both-kept') =>
      notify({
        severity: 'warn',
        code: 'ACTION_INTERRUPTED',
        details: { action: 'service.recreate', target: `service ${name}`, name, state },
      })
    if (holder && !isUnusedCopy(old, holder)) return tell('both-kept')
    const stoppedByUs = holder !== null && (old.details.finishedAt ?? 0) >= holder.details.createdAt
    await putBack(engine, { id, name, copy: holder?.container.id ?? null, start: stoppedByUs })
    log.info('services', 'put back what an interrupted recreate had set aside', { id, name })
    tell('restored')
  }

  async function settle(id: string, before: Scene | null): Promise<void> {
    try {
      const engine = docker.engine()
      const scene = await look(engine, id)
      if (!scene) return
      if (before && isDeepStrictEqual(pictureOf(before), pictureOf(scene))) return await mend(engine, scene)
      timers.set(
        id,
        setTimeout(() => void settle(id, scene), settleMs),
      )
    } catch (error) {
      // Seen again with the list of the next connection.
      log.warn('services', 'an interrupted recreate could not be put right', { id, error })
    }
  }

  const stopLists = registry.onList((containers: readonly Container[]) => {
    for (const timer of timers.values()) clearTimeout(timer)
    timers.clear()
    for (const container of containers) if (nameBefore(container)) void settle(container.id, null)
  })
  return () => {
    stopLists()
    for (const timer of timers.values()) clearTimeout(timer)
  }
}

const pictureOf = ({ old, holder }: { readonly old: Inspected; readonly holder: Inspected | null }) =>
  [old, holder].map((one) => one && [one.container.id, one.container.state])

/** Made by us and never started: removing it loses nothing. Its image may be named otherwise once a name has moved on. */
function isUnusedCopy({ details: old }: Inspected, { container, details: copy }: Inspected): boolean {
  return (
    container.state.kind === 'created' &&
    copy.startedAt === null &&
    copy.createdAt >= old.createdAt &&
    (copy.image === old.image || copy.imageId === old.imageId) &&
    isDeepStrictEqual([copy.entrypoint, copy.command], [old.entrypoint, old.command])
  )
}
