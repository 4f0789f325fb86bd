import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export interface Started {
  readonly url: string
  stop(): void
}

export const hasNginx = (): boolean => spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0

/** An nginx of its own in the foreground, with these lines in its `http` block; "PORT" in them is where it listens. */
export async function startNginx(port: number, http: string): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-nginx-'))
  const file = join(folder, 'nginx.conf')
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join(' ')
  writeFileSync(
    file,
    `daemon off; worker_processes 2; pid ${join(folder, 'pid')}; error_log stderr crit;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; ${places}
${http.replaceAll('PORT', String(port))} }`,
  )
  const child = spawn('nginx', ['-p', folder, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] })
  const stop = () => {
    child.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    child.kill('SIGTERM')
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await until(url)
  } catch (error) {
    stop()
    throw error
  }
  return { url, stop }
}

/** Until something answers there, ten seconds at most. */
export async function until(url: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const answers = await new Promise<boolean>((resolve) => {
      const asking = request(url, (response) => {
        response.resume()
        resolve(true)
      })
      asking.on('error', () => resolve(false)).end()
    })
    if (answers) return
    await pause(50)
  }
  throw new Error(`nothing answers at ${url}`)
}
