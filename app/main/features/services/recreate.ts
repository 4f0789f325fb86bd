import { AppError } from '../../../shared/errors.ts'
import type { DockerEngine, Inspected } from '../../docker/engine.ts'

// A recreate must lose nothing wherever it is cut off, a killed console included. So the old container is set aside under
// a name that tells the story, and each step leaves a picture from which `mend-recreates.ts` can read what to do:
//   rename aside → create the copy → stop the old → start the copy → remove the old (never its volumes).
// The copy is made before the old one stops: a stop after the copy's creation then proves that the old one ran until we
// stopped it, and a configuration that the engine refuses costs no downtime.

/** As long as `docker stop` waits. */
const GRACE_SECONDS = 10

export const asideName = (name: string, id: string): string => `${name}-before-recreate-${id.slice(0, 12)}`

/** The name that a set-aside container had; null for every other container. */
export function nameBefore({ id, name }: { readonly id: string; readonly name: string }): string | null {
  const [, before, short] = /^(.+)-before-recreate-([0-9a-f]{12})$/.exec(name) ?? []
  return before && short && id.startsWith(short) ? before : null
}

export const runs = ({ container }: Inspected): boolean =>
  ['running', 'paused', 'restarting'].includes(container.state.kind)

/**
 * Replaces a container by one with the same configuration and volumes; answers the new id. Fails with
 * RECREATE_ROLLED_BACK or CANCELLED when all is as before, and with RECREATE_NOT_ROLLED_BACK when that failed as well.
 */
export async function recreate(engine: DockerEngine, old: Inspected, signal: AbortSignal): Promise<string> {
  const { id, name, state } = old.container
  if (old.details.autoRemove) throw new AppError('RECREATE_AUTO_REMOVED', { name })
  const aside = asideName(name, id)
  let copy: string | null = null
  let stopped = false
  try {
    signal.throwIfAborted()
    await engine.rename(id, aside)
    copy = await engine.createLike(old, name)
    signal.throwIfAborted()
    if (runs(old)) {
      stopped = true
      await engine.stop(id, GRACE_SECONDS, signal)
      signal.throwIfAborted()
      await engine.start(copy, signal)
      if (state.kind === 'paused') await engine.pause(copy)
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    try {
      await putBack(engine, { id, name, copy, start: stopped })
      if (stopped && state.kind === 'paused') await engine.pause(id)
    } catch (second) {
      const also = second instanceof Error ? second.message : String(second)
      throw new AppError('RECREATE_NOT_ROLLED_BACK', { name, aside, reason: `${reason} ${also}` }, { cause: error })
    }
    if (signal.aborted) throw new AppError('CANCELLED')
    throw new AppError('RECREATE_ROLLED_BACK', { name, reason }, { cause: error })
  }
  // From here the copy is the service. Should this fail, the old one stays under its aside name and the error says why.
  await engine.remove(id, { force: true, volumes: false })
  return copy
}

/**
 * Makes the old container the service again. It is started before the copy goes: were the copy gone first and the console
 * killed then, nothing would tell that the old one had run.
 */
export async function putBack(
  engine: DockerEngine,
  old: { readonly id: string; readonly name: string; readonly copy: string | null; readonly start: boolean },
): Promise<void> {
  const copy = old.copy === null ? null : await engine.inspect(old.copy)
  if (copy && runs(copy)) await engine.stop(copy.container.id, 0)
  const present = await engine.inspect(old.id)
  if (present && old.start && !runs(present)) await engine.start(old.id)
  if (copy) await engine.remove(copy.container.id, { force: true, volumes: false })
  if (present && present.container.name !== old.name) await engine.rename(old.id, old.name)
}
