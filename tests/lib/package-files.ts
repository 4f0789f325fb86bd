import { createHash } from 'node:crypto'
import type { HashedFiles } from '../../app/main/features/plugins/packages/package-types.ts'

/** A package in memory: path → text or bytes. */
export function packageFiles(contents: Readonly<Record<string, string | Uint8Array>>): HashedFiles {
  const bytesOf = (path: string) => Buffer.from(contents[path] as string)
  return {
    files: Object.keys(contents)
      .sort()
      .map((path) => ({ path, size: bytesOf(path).length })),
    read: async (path) => bytesOf(path),
    hash: async (path) => createHash('sha256').update(bytesOf(path)).digest('hex'),
    close: async () => undefined,
  }
}
