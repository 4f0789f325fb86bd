import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Started, until } from './nginx.ts'

/** Portkey's gateway as npm has it, in a folder that goes with it; null where it cannot be had. */
export async function startPortkey(port: number): Promise<Started | null> {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-portkey-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '@portkey-ai/gateway']
  const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  spawnSync('npm', args, { cwd: folder, stdio: 'ignore', timeout: 120_000, shell: process.platform === 'win32' })
  if (!existsSync(program)) {
    remove()
    return null
  }
  const env = { ...process.env, NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' }
  const child = spawn(process.execPath, [program, `--port=${port}`, '--headless'], { stdio: 'ignore', env })
  const url = `http://127.0.0.1:${port}`
  const stop = () => {
    child.once('exit', remove)
    child.kill('SIGKILL')
  }
  try {
    await until(url)
    return { url, stop }
  } catch {
    stop()
    return null
  }
}
