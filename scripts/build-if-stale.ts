import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const stamp = 'dist/.built-from'

/** Builds dist/ when a source, the configuration or a package changed; says whether it did. */
export function buildIfStale(): boolean {
  const files = sources()
  const [seen = '', built = ''] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n') : []
  const look = digest(files, (file) => {
    const { mtimeMs, size } = statSync(file)
    return `${mtimeMs} ${size}`
  })
  if (look === seen) return false
  // Times change without the content changing (a checkout, a touch): only then is everything read.
  const content = digest(files, (file) => readFileSync(file))
  const stale = content !== built
  if (stale) {
    // A process of its own: whoever starts the console afterwards does not carry the bundler in its memory.
    const result = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 2, 2] })
    if (result.status !== 0) {
      console.error('The build failed; its message is above.')
      process.exit(1)
    }
  }
  writeFileSync(stamp, `${look}\n${content}`)
  return stale
}

function sources(): string[] {
  const app = readdirSync('app', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  return [...app, 'vite.config.ts', 'package.json', 'package-lock.json'].sort()
}

function digest(files: string[], of: (file: string) => string | Buffer): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file).update('\0').update(of(file)).update('\0')
  return hash.digest('hex')
}
