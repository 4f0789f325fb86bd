import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  openAsBlob,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { connectControl } from '../../app/main/control.ts'
import { createClient, type Rpc } from '../../app/shared/rpc/client.ts'
import { startConsole } from '../../tests/lib/console.ts'
import { writeZip } from '../../tests/lib/zip-writer.ts'
import type { Figure } from '../lib/figure.ts'
import { type Load, load, quantile } from '../lib/load.ts'
import { openPage } from '../lib/page.ts'
import { writeManyPlugins } from '../lib/plugin-packages.ts'
import { residentMegabytes } from '../lib/processes.ts'

const PART = 512 * 1024
const PORT_BASE = 38_000
const coze = join('..', 'shared', 'corpus', 'coze')

/** Packages in, calls through, and a list of a thousand plugins, on a console of its own process. */
export async function pluginFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-bench-'))
  const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
  const host = await startConsole({ data: join(folder, 'data'), platform: ['--port-base', String(PORT_BASE)], env })
  const upstream = spawn(process.execPath, ['bench/lib/upstream.ts'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [port] = (await once(createInterface({ input: upstream.stdout }), 'line')) as [string]
    const server = `http://127.0.0.1:${port}`
    const control = await connectControl(join(folder, 'data'))
    const rpc = createClient(control!.link)
    const idle = residentMegabytes(host.pid)
    const figures = [
      ...(await dropFigures(rpc, folder)),
      ...(await invokeFigures(rpc, folder, server)),
      await largeUpload(host.pid, folder, idle),
      ...(await manyFigures(rpc, folder, server, host.url)),
    ]
    control!.close()
    return figures
  } finally {
    upstream.kill()
    await host.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As the page does: every file in parts, then read, then activated. */
async function drop(rpc: Rpc, root: string): Promise<{ plugins: number; tools: number }> {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const files = paths.map((path) => ({ path: relative(root, path), size: statSync(path).size }))
  const { uploadId } = await rpc.plugins.beginUpload({ name: 'dropped', files })
  for (const [file, path] of paths.entries()) {
    const bytes = readFileSync(path)
    for (let offset = 0; offset < bytes.length; offset += PART) {
      const data = bytes.subarray(offset, offset + PART).toString('base64')
      await rpc.plugins.appendUpload({ uploadId, file, offset, data })
    }
  }
  const { plugins } = await rpc.plugins.finishUpload({ uploadId, activate: false })
  await rpc.plugins.activate({ versions: plugins.map(({ id, versionId }) => ({ id, versionId })) })
  return { plugins: plugins.length, tools: plugins.reduce((sum, plugin) => sum + plugin.callableCount, 0) }
}

async function dropFigures(rpc: Rpc, folder: string): Promise<Figure[]> {
  if (!existsSync(coze)) return []
  const runs: number[] = []
  for (let i = 0; i < 5; i++) {
    // A changed byte, or nothing new would be kept.
    const copy = join(folder, `coze-${i}`)
    cpSync(coze, copy, { recursive: true })
    writeFileSync(join(copy, 'note.txt'), String(i))
    const from = performance.now()
    const { plugins, tools } = await drop(rpc, copy)
    runs.push(performance.now() - from)
    if (plugins !== 18 || tools !== 73) throw new Error(`${plugins} plugins, ${tools} tools`)
  }
  return [{ name: 'Coze folder: dropped → 18 plugins active', unit: 'ms', runs, target: 1500 }]
}

async function invokeFigures(rpc: Rpc, folder: string, server: string): Promise<Figure[]> {
  await drop(rpc, writeManyPlugins(join(folder, 'one'), server, 1, 1))
  const origin = `http://127.0.0.1:${PORT_BASE}`
  const invoke = {
    path: '/api/plugin/invoke/measured_0/echo_0_0',
    method: 'POST' as const,
    headers: { 'content-type': 'application/json' },
    body: '{"text":"hello"}',
  }
  const direct = { path: '/echo/0?text=hello', method: 'GET' as const }
  const floor = spawn(process.execPath, ['bench/lib/floor.ts', server], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [floorPort] = (await once(createInterface({ input: floor.stdout }), 'line')) as [string]
  const rounds = async (connections: number) => {
    const ours: Load[] = []
    const theirs: Load[] = []
    const least: Load[] = []
    // The first round of each warms up.
    for (let i = 0; i < 4; i++) {
      theirs.push(await load(server, direct, connections, 2000))
      least.push(await load(`http://127.0.0.1:${floorPort}`, invoke, connections, 2000))
      ours.push(await load(origin, invoke, connections, 2000))
    }
    return { ours: ours.slice(1), theirs: theirs.slice(1), least: least.slice(1) }
  }
  const one = await rounds(1)
  const many = await rounds(32)
  floor.kill()
  const added = (part: number, { ours, theirs }: typeof one) =>
    ours.map(({ times }, i) => quantile(times, part) - quantile(theirs[i]!.times, part))
  const note = 'bench, console and upstream share two cores'
  return [
    { name: 'invoke, 1 connection: added p50', unit: 'ms', runs: added(0.5, one), target: null, note },
    { name: 'invoke, 32 connections: added p50', unit: 'ms', runs: added(0.5, many), target: 1, note },
    { name: 'invoke, 32 connections: added p99', unit: 'ms', runs: added(0.99, many), target: 5, note },
    {
      name: 'invoke, 32 connections',
      unit: 'requests/s',
      runs: many.ours.map(({ requestsPerSecond }) => requestsPerSecond),
      reference: { name: 'upstream directly', runs: many.theirs.map(({ requestsPerSecond }) => requestsPerSecond) },
      target: null,
      note,
    },
    {
      name: 'fastify and undici alone, 32 connections',
      unit: 'requests/s',
      runs: many.least.map(({ requestsPerSecond }) => requestsPerSecond),
      reference: { name: 'upstream directly', runs: many.theirs.map(({ requestsPerSecond }) => requestsPerSecond) },
      target: null,
      note,
    },
  ]
}

/** 100 MB over HTTP: what the console's process grows by at most while it receives and reads them. */
async function largeUpload(pid: number, folder: string, idle: number): Promise<Figure> {
  const file = join(folder, 'large.zip')
  const root = writeManyPlugins(join(folder, 'large'), 'http://127.0.0.1:9', 1, 1)
  const documents = readdirSync(root).map((name) => ({ name, data: readFileSync(join(root, name)) }))
  const ballast = { name: 'ballast.bin', data: randomBytes(100 * 1000 * 1000), store: true }
  writeFileSync(file, writeZip([...documents, ballast]))
  const form = new FormData()
  form.append('file', await openAsBlob(file), 'large.zip')
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, residentMegabytes(pid))
  }, 10)
  const response = await fetch(`http://127.0.0.1:${PORT_BASE}/api/plugins/upload`, { method: 'POST', body: form })
  if (!response.ok) throw new Error(`the upload was answered ${response.status}: ${await response.text()}`)
  clearInterval(watch)
  return {
    name: '100 MB package: extra memory',
    unit: 'MB',
    runs: [most - idle],
    target: 150,
    note: `idle ${Math.round(idle)} MB`,
  }
}

async function manyFigures(rpc: Rpc, folder: string, server: string, url: string): Promise<Figure[]> {
  const root = writeManyPlugins(join(folder, 'many'), server, 1000, 20)
  const from = performance.now()
  await drop(rpc, root)
  const imported = performance.now() - from
  const searches: number[] = []
  for (const text of ['echo', 'number 7', '_999_', 'plugin 512', 'nothing like it']) {
    const asked = performance.now()
    await rpc.plugins.search({ text })
    searches.push(performance.now() - asked)
  }
  const { page, close } = await openPage(url)
  try {
    await page.getByRole('link', { name: 'Overview', exact: true }).click()
    const opened: number[] = []
    for (let i = 0; i < 5; i++) {
      opened.push(
        await page.evaluate(async () => {
          const clicked = performance.timeOrigin + performance.now()
          document.querySelector<HTMLElement>('nav a[href="#/plugins"]')!.click()
          const rows = () => document.querySelectorAll('[role="row"][data-key]').length > 15
          return (await window.painted(rows)) - clicked
        }),
      )
      await page.getByRole('link', { name: 'Overview', exact: true }).click()
    }
    return [
      { name: '1,000 plugins, 20,000 tools: dropped → active', unit: 'ms', runs: [imported], target: null },
      { name: '1,000 plugins: list opened', unit: 'ms', runs: opened.slice(1), target: 200 },
      { name: '20,000 tools: search answered', unit: 'ms', runs: searches, target: 50 },
    ]
  } finally {
    await close()
  }
}
