import { type Functions, functionsOf } from '../features/plugins/calling/openai-functions.ts'
import type { PlatformParts } from './parts.ts'

/** The active tools as functions; made again only when the table changed. */
export function createFunctionList({ table, definitions }: Pick<PlatformParts, 'table' | 'definitions'>) {
  let made: { readonly version: number; readonly functions: Promise<Functions> } | null = null

  async function make(): Promise<Functions> {
    const loaded = await Promise.allSettled(table.active().map((plugin) => definitions.load(plugin)))
    return functionsOf(loaded.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
  }
  return (): Promise<Functions> => {
    if (made?.version === table.version) return made.functions
    const mine = { version: table.version, functions: make() }
    made = mine
    mine.functions.catch(() => {
      if (made === mine) made = null
    })
    return mine.functions
  }
}
