import type { Image } from '../../../shared/contracts/images.ts'

/** Twelve digits of the id, as Docker writes it. */
export const shortId = (id: string): string => id.replace(/^sha256:/, '').slice(0, 12)

/** What a person calls the image: its first tag, else its id. */
export const imageName = (image: Image): string => image.tags[0] ?? shortId(image.id)

/** Every word must be in a tag, the id or the name of a service; `in:use` and `in:none` ask whether it is used. */
export function matchesImage(image: Image, text: string): boolean {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => {
      if (word === 'in:use') return image.usedBy.length > 0
      if (word === 'in:none') return image.usedBy.length === 0
      return [...image.tags, image.id, shortId(image.id), ...image.usedBy].some((part) =>
        part.toLowerCase().includes(word),
      )
    })
}

/** Bytes of all of them; layers that they share are counted for each, so it is the most that can be freed. */
export const sizeOf = (images: readonly Image[]): number => images.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

/** Docker refuses to remove these unless forced. */
export const inUse = (images: readonly Image[]): readonly Image[] => images.filter(({ usedBy }) => usedBy.length > 0)
