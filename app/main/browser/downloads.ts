import { randomBytes } from 'node:crypto'
import type { Saved } from '../../shared/contracts/host.ts'

export interface Download {
  readonly name: string
  readonly contentType: string
  readonly source: () => AsyncIterable<Uint8Array>
}

const LIFE_MS = 10 * 60_000
const LIMIT = 100

/** Files waiting to be fetched, each once and for ten minutes, under an address nobody can guess. */
export function createDownloads(now: () => number = Date.now) {
  const waiting = new Map<string, Download & { readonly until: number }>()
  function sweep(): void {
    for (const [id, { until }] of waiting) if (until <= now() || waiting.size > LIMIT) waiting.delete(id)
  }
  return {
    add(download: Download): Saved {
      const id = randomBytes(24).toString('base64url')
      waiting.set(id, { ...download, until: now() + LIFE_MS })
      sweep()
      return { kind: 'download', path: `/download/${id}` }
    },
    /** Hands it out and forgets it. */
    take(id: string): Download | null {
      sweep()
      const download = waiting.get(id)
      waiting.delete(id)
      return download ?? null
    },
  }
}
export type Downloads = ReturnType<typeof createDownloads>

/** The header that makes a browser keep the file under its name, also one in Chinese. */
export function contentDisposition(name: string): string {
  const plain = name.replace(/[^\w.-]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
