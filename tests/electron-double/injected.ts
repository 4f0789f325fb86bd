import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import type { PreloadInfo } from './preload-world.ts'

const sourceOf = (file: string) =>
  stripTypeScriptTypes(readFileSync(new URL(file, import.meta.url), 'utf8')).replaceAll(/^export /gm, '')

/** Run in the page's own world before anything of the page. */
export const pageWorldSource = (): string => `(() => { ${sourceOf('./page-world.ts')}\npageWorld() })()`

/** Run in the isolated world: the app's preload, wrapped in what a sandboxed preload finds. */
export function preloadSource(info: PreloadInfo, preload: string): string {
  const run = `function (require, module, exports, process) {${preload}\n}`
  return `if (window === window.top) (() => {
    ${sourceOf('./codec.ts')}
    ${sourceOf('./preload-world.ts')}
    preloadWorld(${JSON.stringify(info)}, { encode, decode }, ${run})
  })()`
}
