import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure } from '../lib/figure.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const call = request({ host: '127.0.0.1', port, path: '/' }, (response) => {
      response.resume()
      resolve(true)
    })
    call.on('error', () => resolve(false))
    call.end()
  })

async function untilAnswer(args: string[], port: number): Promise<number> {
  const from = performance.now()
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  while (!(await answers(port))) await sleep(2)
  const took = performance.now() - from
  child.kill('SIGTERM')
  await ended
  return took
}

/** A warm start: from spawning the start script to the first HTTP answer of the browser host. */
export async function start(): Promise<Figure[]> {
  const data = mkdtempSync(join(tmpdir(), 'pilothouse-bench-'))
  const bare = 'require("http").createServer((q,r)=>r.end("x")).listen(+process.argv[1],"127.0.0.1")'
  const runs: number[] = []
  const reference: number[] = []
  for (let i = 0; i < 7; i++) {
    const port = await freePort()
    runs.push(
      await untilAnswer(
        [
          'scripts/run.mjs',
          'scripts/start.ts',
          '--host',
          'browser',
          '--no-open',
          '--port',
          String(port),
          '--data',
          data,
        ],
        port,
      ),
    )
    const other = await freePort()
    reference.push(await untilAnswer(['-e', bare, String(other)], other))
  }
  rmSync(data, { recursive: true, force: true })
  return [
    {
      name: 'warm start to first answer',
      unit: 'ms',
      // The first start writes the compile cache.
      runs: runs.slice(1),
      reference: { name: 'bare Node server', runs: reference.slice(1) },
      target: 400,
      note: 'without npm itself, which adds its own start',
    },
  ]
}
