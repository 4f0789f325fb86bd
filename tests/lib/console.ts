import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

/** A console in a process of its own, as an operator starts it. */
export interface ConsoleProcess {
  readonly url: string
  readonly pid: number
  readonly data: string
  /** Where the local platform answers; null without one. */
  readonly platform: {
    readonly gateway: string | null
    readonly ports: Readonly<Record<string, number>>
    readonly skipped: readonly { readonly port: number; readonly pid: number | null; readonly command: string | null }[]
  } | null
  /** What was known of Docker when it stood. */
  readonly docker: { readonly kind: string; readonly version: string | null }
  readonly child: ChildProcess
  /** Asks it to end (SIGTERM) and answers its exit code. */
  stop(): Promise<number | null>
}

export async function startConsole(
  options: { data?: string; port?: number; platform?: string[]; env?: Record<string, string> } = {},
): Promise<ConsoleProcess> {
  const own = options.data === undefined
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'pilothouse-data-'))
  const port = String(options.port ?? 0)
  const platformArgs = options.platform ?? ['--no-platform']
  const args = ['dist/main/cli.js', 'serve', '--json', '--data', data, '--port', port, ...platformArgs]
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
  })
  const ended = once(child, 'exit')
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout! }), 'line'),
    ended.then(([code]) => Promise.reject(new Error(`the console ended with ${code}`))),
  ])) as [string]
  const { url, pid, docker, platform } = JSON.parse(line)
  return {
    url,
    pid,
    data,
    docker,
    platform,
    child,
    async stop() {
      child.kill('SIGTERM')
      const [code] = await ended
      if (own) rmSync(data, { recursive: true, force: true })
      return code
    },
  }
}

/** One `pilothouse` command, to its end. */
export async function runCommand(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['dist/main/cli.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', ...env },
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, stdout, stderr }
}
