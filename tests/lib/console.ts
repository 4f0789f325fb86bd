import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A console in a process of its own, as an operator starts it. */
export interface ConsoleProcess {
  readonly url: string
  readonly pid: number
  readonly data: string
  readonly child: ChildProcess
  /** Asks it to end (SIGTERM) and answers its exit code. */
  stop(): Promise<number | null>
}

export async function startConsole(
  options: { data?: string; env?: Record<string, string> } = {},
): Promise<ConsoleProcess> {
  const own = options.data === undefined
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'pilothouse-data-'))
  const child = spawn(process.execPath, ['dist/main/cli.js', 'serve', '--json', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
  })
  const ended = once(child, 'exit')
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line'),
    ended.then(([code]) => Promise.reject(new Error(`the console ended with ${code}`))),
  ])) as [string]
  const { url, pid } = JSON.parse(line)
  return {
    url,
    pid,
    data,
    child,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await ended
      if (own) rmSync(data, { recursive: true, force: true })
      return code
    },
  }
}
