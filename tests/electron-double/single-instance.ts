import { randomUUID } from 'node:crypto'
import { type FSWatcher, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'

type SecondInstance = (argv: string[], workingDirectory: string, data: unknown) => void

/**
 * Electron's lock between processes with the same user data folder: the first holds a file with its pid, a later one
 * leaves its arguments as a file beside it and is told no.
 */
export function createInstanceLock(userData: () => string, onSecond: SecondInstance) {
  let held: { readonly file: string; readonly watcher: FSWatcher } | null = null

  function take(file: string): boolean {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return true
    } catch {
      if (isAlive(Number(readFileSync(file, 'utf8')))) return false
      rmSync(file, { force: true })
      return take(file)
    }
  }
  function receive(inbox: string): void {
    for (const name of readdirSync(inbox).filter((entry) => entry.endsWith('.json'))) {
      const { argv, folder, data } = JSON.parse(readFileSync(join(inbox, name), 'utf8'))
      rmSync(join(inbox, name))
      onSecond(argv, folder, data)
    }
  }

  return {
    held: () => held !== null,
    request(data: unknown): boolean {
      if (held) return true
      const inbox = join(userData(), 'second-instances')
      mkdirSync(inbox, { recursive: true })
      const file = join(userData(), 'SingletonLock')
      if (take(file)) {
        held = { file, watcher: watch(inbox, () => receive(inbox)) }
        return true
      }
      const message = join(inbox, randomUUID())
      writeFileSync(message, JSON.stringify({ argv: process.argv, folder: process.cwd(), data }))
      renameSync(message, `${message}.json`)
      return false
    },
    release(): void {
      held?.watcher.close()
      if (held) rmSync(held.file, { force: true })
      held = null
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch {
    return false
  }
}
