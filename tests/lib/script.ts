import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** Runs a TypeScript module text in a Node of its own; resolves with its first line of output. */
export async function runScript(text: string): Promise<{ line: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  const first = once(createInterface({ input: child.stdout }), 'line')
  const [line] = (await Promise.race([
    first,
    ended.then(([code]) => Promise.reject(new Error(`the script ended with ${code}`))),
  ])) as [string]
  return { line, kill }
}
