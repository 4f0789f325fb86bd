import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { createBuilder } from 'vite'

const stamp = 'dist/.built-from'

/** Builds dist/ when a source, the configuration or a package changed; says whether it did. */
export async function buildIfStale(): Promise<boolean> {
  const hash = createHash('sha256')
  for (const file of globSync(['app/**/*.*', 'vite.config.ts', 'package-lock.json']).sort()) {
    hash.update(file).update(readFileSync(file))
  }
  const wanted = hash.digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false
  const builder = await createBuilder({ configFile: 'vite.config.ts', logLevel: 'warn' })
  await builder.buildApp()
  writeFileSync(stamp, wanted)
  return true
}
