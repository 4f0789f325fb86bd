import type { EngineImage } from '../../docker/engine.ts'

/** A container, as far as its image is concerned. */
export interface User {
  readonly name: string
  /** What it was made from, in the words of whoever made it: a name, a digest or an id. */
  readonly image: string
  /** The image's id where the engine told it; names can have moved to another image since. */
  readonly imageId: string | null
}

/** Answers, for an image, the sorted names of the containers made from it. One pass over the containers for all images. */
export function imageUses(users: readonly User[]): (image: EngineImage) => string[] {
  const byReference = new Map<string, string[]>()
  for (const { name, image, imageId } of users) {
    const reference = imageId ?? fullName(image)
    const names = byReference.get(reference)
    if (names) names.push(name)
    else byReference.set(reference, [name])
  }
  // Where a name has moved on, the engine lists a container's image by its id, sometimes shortened.
  const short = [...byReference].filter(([reference]) => /^(?:sha256:)?[0-9a-f]{12,63}$/.test(reference))
  return ({ id, tags }) => {
    const names = [id, id.replace(/^sha256:/, ''), ...tags].flatMap((reference) => byReference.get(reference) ?? [])
    const shortened = short.filter(([reference]) =>
      id.replace(/^sha256:/, '').startsWith(reference.replace(/^sha256:/, '')),
    )
    return [...new Set([...names, ...shortened.flatMap(([, found]) => found)])].sort()
  }
}

/** "redis" means "redis:latest"; a port in "host:5000/redis" is no tag. */
function fullName(image: string): string {
  if (/^sha256:|@|^[0-9a-f]{12,64}$/.test(image)) return image
  return image.slice(image.lastIndexOf('/') + 1).includes(':') ? image : `${image}:latest`
}
