import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const cli = fileURLToPath(new URL('../../app/main/cli.ts', import.meta.url))
const start = (folder: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [cli, ...args, '--data', folder], {
    env: { ...process.env, LC_ALL: 'C', NODE_NO_WARNINGS: '1' },
  })

/** Runs `pilothouse …` on a data folder as a shell would, with something on standard input. */
export async function runCommand(folder: string, args: readonly string[], input = '') {
  const child = start(folder, args)
  child.stdin!.on('error', () => {}) // it may end without reading
  child.stdin!.end(input)
  const ended = once(child, 'exit')
  const [out, errors, [code]] = await Promise.all([text(child.stdout!), text(child.stderr!), ended])
  return { out, errors, code: code as number }
}

/** A console that runs on the data folder until the test ends. */
export async function startConsole(folder: string): Promise<void> {
  const child = start(folder, ['serve', '--no-platform', '--json'])
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await once(createInterface({ input: child.stdout! }), 'line')
}
