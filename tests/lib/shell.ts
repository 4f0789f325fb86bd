import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Why no command of curl can be run here; null when it can. A skip for it fails under CI. */
export function curlMissing(): string | null {
  const found = spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0
  if (!found && process.env['CI']) throw new Error('CI is set, but there is no curl')
  return found ? null : 'there is no curl on this machine'
}

/** Runs a command line as somebody types it, and reads what curl got: its status and its body, as JSON where it is some. */
export async function curl(command: string): Promise<{ readonly status: number; readonly body: unknown }> {
  // What a test has to know besides comes from curl's own settings, so that the line stays as it was written.
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-curl-'))
  writeFileSync(join(folder, '.curlrc'), 'silent\nshow-error\nmax-time = 20\nwrite-out = "\\n%{http_code}"\n')
  try {
    const env: NodeJS.ProcessEnv = { ...process.env, CURL_HOME: folder, no_proxy: '*' }
    const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'], env })
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    if (code !== 0) throw new Error(`${command}: curl ended with ${code}: ${stderr}`)
    const at = stdout.lastIndexOf('\n')
    return { status: Number(stdout.slice(at + 1)), body: jsonOf(stdout.slice(0, at)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
