import type { RemovalPreview } from '../../../shared/contracts/services.ts'
import type { DockerEngine, Inspected } from '../../docker/engine.ts'
import { eachOf } from '../../lib/each.ts'

/** The engine measures a layer by walking its files; a list of hundreds must not wait for that. */
const MOST_MEASURED = 100

/** What goes with each of the containers if it were removed now, in the order asked. One that is gone is left out. */
export async function previewRemoval(engine: DockerEngine, ids: readonly string[]): Promise<RemovalPreview[]> {
  const found = new Map<string, RemovalPreview>()
  await eachOf(new Set(ids), 4, async (id) => {
    const inspected = await engine.inspect(id)
    if (!inspected) return
    const measured = ids.length <= MOST_MEASURED ? await engine.writableBytes(id).catch(() => null) : null
    found.set(id, preview(inspected, measured))
  })
  return [...new Set(ids)].flatMap((id) => found.get(id) ?? [])
}

function preview({ container, details }: Inspected, writableBytes: number | null): RemovalPreview {
  const lost = details.mounts.filter((mount) => mount.kind === 'volume' && mount.anonymous)
  const stays = details.mounts.filter((mount) => (mount.kind === 'volume' && !mount.anonymous) || mount.kind === 'bind')
  return {
    id: container.id,
    name: container.name,
    running: ['running', 'paused', 'restarting'].includes(container.state.kind),
    writableBytes,
    anonymousVolumes: lost.map(({ source, target }) => ({ name: source, target })),
    kept: stays.map(({ source }) => source),
  }
}
