import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { startConsole } from '../../tests/lib/console.ts'
import { freePorts } from '../../tests/lib/free-ports.ts'
import { chatAnswer } from '../lib/chat-answer.ts'
import type { Figure } from '../lib/figure.ts'
import { type Load, load, quantile } from '../lib/load.ts'
import { hasNginx, startNginx } from '../lib/nginx.ts'
import { startPortkey } from '../lib/portkey.ts'
import { residentMegabytes } from '../lib/processes.ts'

const ROUNDS = 5
const ROUND_MS = 2000
const STREAMS = 300
const MOST_REQUESTS = 1_000_000
const MOST_MINUTES = 10
/** The heap shrinks after a quarter of a minute without much to do. */
const REST_MS = 30_000

const body = JSON.stringify({ model: 'measured', messages: [{ role: 'user', content: 'Is the water high?' }] })
const headers = { 'content-type': 'application/json', authorization: 'Bearer none' }
const chat = { method: 'POST', path: '/v1/chat/completions', headers, body } as const

/** The gateway with everything on, beside what else can stand between a caller and a vendor, round by round. */
export async function gateway(): Promise<Figure[]> {
  const nginx = hasNginx()
  const world = await startWorld(nginx)
  try {
    const portkey = await startPortkey(await freePorts(1))
    if (portkey) world.stops.push(portkey.stop)
    const floor = await startChild('bench/lib/gateway-floor.ts', world.stops, world.vendor)
    const proxy = nginx ? await startNginx(await freePorts(1), proxyTo(world.vendor)) : null
    if (proxy) world.stops.push(proxy.stop)
    const custom = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${world.vendor}/v1` }
    const origins = {
      direct: { url: world.vendor, asked: chat },
      ...(proxy && { proxy: { url: proxy.url, asked: chat } }),
      floor: { url: floor, asked: chat },
      ours: { url: world.gateway, asked: chat },
      ...(portkey && { portkey: { url: portkey.url, asked: { ...chat, headers: { ...headers, ...custom } } } }),
    }
    const rounds = async (connections: number) => {
      const loads = new Map<string, Load[]>()
      // The first round of each warms up.
      for (let i = 0; i <= ROUNDS; i++) {
        for (const [name, { url, asked }] of Object.entries(origins)) {
          const one = await load(url, asked, connections, ROUND_MS)
          if (i > 0) loads.set(name, [...(loads.get(name) ?? []), one])
        }
      }
      return loads
    }
    const figures: Figure[] = []
    for (const connections of [1, 32]) figures.push(...loadFigures(connections, await rounds(connections), world.note))
    const streams = await startChild('bench/lib/model-vendor.ts', world.stops)
    await world.serve(streams)
    figures.push(await firstBytes(streams, world.gateway))
    return figures
  } finally {
    await world.stop()
  }
}

function loadFigures(connections: number, loads: ReadonlyMap<string, Load[]>, note: string): Figure[] {
  const at = `gateway, ${connections} connection${connections === 1 ? '' : 's'}`
  const rates = (name: string) => loads.get(name)!.map(({ requestsPerSecond }) => requestsPerSecond)
  const times = (name: string, part: number) => loads.get(name)!.map((one) => quantile(one.times, part))
  const ours = rates('ours')
  const direct = { name: 'vendor directly', runs: rates('direct') }
  const figures: Figure[] = [{ name: at, unit: 'requests/s', runs: ours, reference: direct, target: null, note }]
  for (const part of [0.5, 0.99]) {
    const target = connections === 1 ? null : part === 0.5 ? 1.1 : 5
    const runs = times('ours', part)
    figures.push({ name: `${at}: p${part * 100}`, unit: 'ms', runs, target, note })
  }
  if (connections === 1) {
    const runs = times('ours', 0.5).map((own, i) => own - times('direct', 0.5)[i]!)
    figures.push({ name: `${at}: added p50`, unit: 'ms', runs, target: 0.2, note })
  }
  const others = { proxy: 'nginx as a proxy', floor: 'fastify and undici alone', portkey: "Portkey's gateway" }
  for (const [name, label] of Object.entries(others)) {
    if (!loads.has(name)) {
      console.error(`${label} is missing on this machine`)
      continue
    }
    // At least half of nginx, at least five times Portkey's.
    const target = connections === 1 ? null : name === 'proxy' ? 2 : name === 'portkey' ? 0.2 : null
    const runs = rates(name)
    figures.push({ name: `${label}, ${connections} conn.`, unit: 'requests/s', runs, reference: direct, target: null })
    const parts = runs.map((rate, i) => rate / ours[i]!)
    figures.push({ name: `${at}: ${label} takes so many for one of ours`, unit: '×', runs: parts, target, note })
  }
  return figures
}

/** How much later than from the vendor the first event of a stream comes; in turns, so that both meet the same machine. */
async function firstBytes(vendor: string, gateway: string): Promise<Figure> {
  const later: number[] = []
  for (let i = 0; i < STREAMS; i++) later.push(-(await firstByte(vendor)) + (await firstByte(gateway)))
  later.splice(0, STREAMS / 10)
  const sorted = later.sort((a, b) => a - b)
  const runs = [0.25, 0.5, 0.75].map((part) => quantile(sorted, part))
  return { name: 'gateway: first streamed byte later by', unit: 'ms', runs, target: 1, note: 'quartiles' }
}
function firstByte(origin: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const from = performance.now()
    const asking = request(`${origin}${chat.path}`, { method: 'POST', headers: { ...headers } }, (response) => {
      let took = 0
      response.once('data', () => {
        took = performance.now() - from
      })
      response.on('data', () => {})
      response.on('end', () => (response.statusCode === 200 ? resolve(took) : reject(new Error('it did not stream'))))
    })
    asking.on('error', reject)
    asking.end(`${body.slice(0, -1)},"stream":true}`)
  })
}

/**
 * What the console's process holds at rest after so many requests, beside what it held at rest after the first tenth of them.
 * Under load its heap rises and falls by tens of megabytes, as it may grow then (`platform/pace.ts`): the peak is in the note.
 */
export async function gatewayMemory(): Promise<Figure[]> {
  const world = await startWorld(hasNginx())
  try {
    const end = performance.now() + MOST_MINUTES * 60_000
    let asked = 0
    let peak = 0
    async function atRestAfter(requests: number): Promise<number> {
      while (asked < requests && performance.now() < end) {
        asked += (await load(world.gateway, chat, 32, 5000)).times.length
        peak = Math.max(peak, residentMegabytes(world.pid))
      }
      await delay(REST_MS)
      return residentMegabytes(world.pid)
    }
    const early = await atRestAfter(MOST_REQUESTS / 10)
    const late = await atRestAfter(MOST_REQUESTS)
    const note = `${asked} requests; ${Math.round(early)} MB after the first tenth, ${Math.round(late)} MB at the end, both at rest; peak ${Math.round(peak)} MB`
    return [{ name: 'gateway: memory grown since the first tenth', unit: 'MB', runs: [late - early], target: 20, note }]
  } finally {
    await world.stop()
  }
}

async function startWorld(nginx: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-bench-'))
  const stops: (() => void)[] = []
  const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
  const base = await freePorts(6)
  const host = await startConsole({ data: join(folder, 'data'), platform: ['--port-base', String(base)], env })
  const gatewayUrl = `http://127.0.0.1:${base}`
  const send = async (method: string, path: string, json: object) => {
    const answer = await fetch(`${gatewayUrl}${path}`, { method, headers, body: JSON.stringify(json) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
  let key: string | null = null
  /** From now on that vendor is asked. */
  async function serve(vendor: string): Promise<void> {
    const access = { base_url: `${vendor}/v1`, api_key: 'sk-test-bench' }
    if (key !== null) await send('PATCH', `/api/v1/keys/${key}`, access)
    else {
      const added = { vendor: 'openai-compatible', service: 'lab', key_name: 'lab', ...access }
      key = (await send('POST', '/api/v1/keys', added)).id
      const candidates = [{ vendor: 'openai-compatible', service: 'lab', model: 'measured' }]
      await send('PUT', '/api/v1/features/chat', { candidates })
    }
  }
  async function stop(): Promise<void> {
    for (const one of stops) one()
    await host.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const server = nginx ? await startNginx(await freePorts(1), answering) : null
    if (server) stops.push(server.stop)
    const vendor = server?.url ?? (await startChild('bench/lib/model-vendor.ts', stops))
    await serve(vendor)
    const note = `bench, console and vendor (${nginx ? 'nginx' : 'Node, as nginx is missing'}) share the machine`
    return { gateway: gatewayUrl, pid: host.pid, vendor, stops, serve, note, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
const answering = `server { listen 127.0.0.1:PORT; default_type application/json; location / { return 200 '${chatAnswer}'; } }`
const proxyTo = (url: string) => `upstream vendor { server ${url.replace('http://', '')}; keepalive 256; }
server { listen 127.0.0.1:PORT; location / { proxy_pass http://vendor; proxy_http_version 1.1; proxy_set_header Connection ""; } }`

/** A program of ours in its own process; where it answers. */
async function startChild(file: string, stops: (() => void)[], ...args: string[]): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  stops.push(() => child.kill())
  const [port] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  return `http://127.0.0.1:${port}`
}
