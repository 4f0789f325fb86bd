import type { images as contract, Image, ImagesUpdate, PruneScope } from '../../../shared/contracts/images.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Actor, Emit, Handlers, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { DockerConnection, EngineImage } from '../../docker/engine.ts'
import type { Audit } from '../../lib/audit.ts'
import { runBulk } from '../../lib/bulk-task.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Log } from '../../lib/log.ts'
import type { TaskRunner } from '../../lib/tasks.ts'
import { imageUses, type User } from './image-uses.ts'

/** A build or a pull tells many events in a row; the list is asked for once they pause. */
const SETTLE_MS = 100

export interface ImageParts {
  readonly docker: DockerConnection
  /** Every container with the image it was made from, and word of each change of that list. */
  readonly users: { list(): readonly User[]; follow(listener: () => void): Unsubscribe }
  readonly audit: Audit
  readonly tasks: TaskRunner
  readonly log: Log
}

/** The engine's images with who uses them. The engine is asked only while somebody listens. */
export function createImages({ docker, users, audit, tasks, log }: ImageParts) {
  const updates = createEmitter<ImagesUpdate>()
  let known: readonly EngineImage[] | null = null
  let sent = ''
  let timer: NodeJS.Timeout | null = null
  let reading = false
  let again = false
  let stops: Unsubscribe[] = []

  const withUses = (list: readonly EngineImage[]): Image[] => {
    const usesOf = imageUses(users.list())
    return list.map((image) => ({ ...image, tags: [...image.tags], usedBy: usesOf(image) }))
  }
  function publish(): void {
    if (!known) return
    const update: ImagesUpdate = { images: withUses(known) }
    const text = JSON.stringify(update)
    if (text === sent) return
    sent = text
    updates.emit(update)
  }
  async function read(): Promise<void> {
    again = reading
    if (reading) return
    reading = true
    try {
      known = await docker.engine().images()
      publish()
    } catch (error) {
      // The state of the connection is on the screen already; the next `ready` reads again.
      log.debug('images', 'list failed', { error })
    } finally {
      reading = false
    }
    if (again) void read()
  }
  const later = (work: () => void) => {
    timer ??= setTimeout(() => {
      timer = null
      work()
    }, SETTLE_MS)
  }
  function begin(): void {
    known = null
    sent = ''
    let fetch = false
    const settle = (withFetch: boolean) => {
      fetch ||= withFetch
      later(() => {
        const now = fetch
        fetch = false
        if (now) void read()
        else publish()
      })
    }
    stops = [
      docker.onEvent((event) => event.type === 'image' && settle(true)),
      docker.follow((state) => state.kind === 'ready' && void read()),
      users.follow(() => settle(false)),
    ]
  }
  function end(): void {
    for (const stop of stops.splice(0)) stop()
    if (timer) clearTimeout(timer)
    timer = null
  }

  return {
    follow(emit: Emit<ImagesUpdate>): Unsubscribe {
      const stop = updates.listen((update) => void emit(update))
      if (updates.size === 1) begin()
      else if (known) emit({ images: withUses(known) })
      return () => {
        stop()
        if (updates.size === 0) end()
      }
    },
    /** Exactly what would go now. `reclaimBytes` counts layers that images share once for each. */
    async previewPrune(scope: PruneScope): Promise<{ images: Image[]; reclaimBytes: number }> {
      const all = withUses(await docker.engine().images())
      const images = all.filter(({ tags, usedBy }) => usedBy.length === 0 && (scope === 'unused' || tags.length === 0))
      return { images, reclaimBytes: images.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
    },
    /** Removes the images as one task. The engine refuses one that a container uses; `force` overrules it for ended ones. */
    async remove(ids: readonly string[], force: boolean, actor: Actor): Promise<{ taskId: string }> {
      const engine = docker.engine()
      const all = new Map(withUses(await engine.images()).map((image) => [image.id, image]))
      const items = [...new Set(ids)].map((id) => ({
        id,
        label: all.get(id)?.tags[0] ?? id.replace(/^sha256:/, '').slice(0, 12),
      }))
      const title = { kind: 'removeImages', count: items.length, first: items[0]?.label ?? '' } as const
      const taskId = await runBulk(tasks, title, items, async ({ id, label }) => {
        const image = all.get(id)
        if (!image) throw new AppError('IMAGE_NOT_FOUND', { name: label })
        const subject = { actor, action: 'image.remove', target: `image ${label}`, targetId: id }
        await audit.perform(
          { ...subject, before: { tags: image.tags, sizeBytes: image.sizeBytes }, after: { force } },
          async () => {
            // By id the engine refuses an image of several names; name by name the last one takes the image along. One that
            // is in use keeps all its names: by id it is refused before any is lost.
            const byName = image.tags.length > 1 && image.usedBy.length === 0
            for (const name of byName ? image.tags : [id]) await engine.removeImage(name, force)
          },
        )
        log.info('images', 'removed', { id })
      })
      return { taskId }
    },
    stop: end,
  }
}
export type Images = ReturnType<typeof createImages>

export const imageHandlers = (images: Images): Handlers<typeof contract> => ({
  remove: ({ ids, force }, { actor }) => images.remove(ids, force, actor),
  previewPrune: ({ scope }) => images.previewPrune(scope),
  onUpdates: (emit) => images.follow(emit),
})
