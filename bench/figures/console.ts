import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { type ConsoleProcess, startConsole } from '../../tests/lib/console.ts'
import { dockerMissing } from '../../tests/lib/docker.ts'
import { removeContainers, runContainers } from '../lib/containers.ts'
import type { Figure } from '../lib/figure.ts'
import { openPage } from '../lib/page.ts'
import { cpuShare, pidsOf, residentMegabytes } from '../lib/processes.ts'
import { createRelay } from '../lib/relay.ts'

const run = promisify(execFile)
/** The engine's own client, beside us and not in our way. */
const docker = async (...args: string[]) => (await run('docker', args)).stdout.trim()

const COUNT = 100
const IDLE_SECONDS = 30

/** A console with 100 running containers of a real engine and its Services page open in a real browser. */
export async function consoleFigures(): Promise<Figure[]> {
  const missing = dockerMissing()
  if (missing) {
    console.error(`not measured: ${missing}`)
    return []
  }
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-bench-'))
  const relay = createRelay(join(folder, 'docker.sock'))
  const quiet = await engineShare()
  runContainers(COUNT)
  const env = { DOCKER_HOST: `unix://${folder}/docker.sock` }
  const host = await startConsole({ platform: ['--port-base', '38600'], env })
  const { page, close } = await openPage(host.url)
  try {
    await page.getByRole('link', { name: 'Services', exact: true }).click()
    const list = await listFigure(page, relay)
    return [
      list,
      ...(await idleFigures(host, quiet)),
      { name: 'resident with 100 services', unit: 'MB', runs: [residentMegabytes(host.pid)], target: 110 },
      await clickFigure(page),
      await restartFigure(page),
      await deathFigure(page),
    ]
  } finally {
    await close()
    await host.stop()
    await relay.close()
    removeContainers()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function listFigure(page: Page, relay: ReturnType<typeof createRelay>): Promise<Figure> {
  const shown = page.evaluate(() =>
    window.painted(() => document.querySelectorAll('[role="row"][data-key]').length > 15),
  )
  const { answered } = await relay.open()
  const run = (await shown) - (await answered)
  return { name: 'engine answers → 100 services on screen', unit: 'ms', runs: [run], target: 300 }
}

const engineShare = () => cpuShare({ engine: [...pidsOf('dockerd'), ...pidsOf('containerd')] }, 10)

async function idleFigures(host: ConsoleProcess, quiet: Record<string, number>): Promise<Figure[]> {
  const engine = [...pidsOf('dockerd'), ...pidsOf('containerd')]
  const share = await cpuShare({ console: [host.pid], engine }, IDLE_SECONDS)
  return [
    {
      name: `idle console, list open, ${IDLE_SECONDS} s`,
      unit: '% of a core',
      runs: [share['console']!],
      target: 2,
      note: 'the process of the browser host; the page belongs to the browser',
    },
    {
      name: 'idle dockerd and containerd meanwhile',
      unit: '% of a core',
      runs: [share['engine']!],
      reference: { name: 'without console and containers', runs: [quiet['engine']!] },
      target: 0.5,
    },
  ]
}

/** Services on screen, top to bottom; a group's line has no container's id. */
const visibleIds = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[role="row"][data-key]')].flatMap((row) => {
      const { top, bottom } = row.getBoundingClientRect()
      const id = row.getAttribute('data-key') ?? ''
      return /^[0-9a-f]{64}$/.test(id) && top > 160 && bottom < innerHeight - 30 ? [id] : []
    }),
  )

/** From the click to the busy mark on screen, and on to the mark of a running service. */
async function clickAndWatch(page: Page, id: string): Promise<{ shown: number; done: number }> {
  await page.locator(`[data-key="${id}"]`).hover()
  return await page.evaluate(async (id) => {
    const button = [...window.rowOf(id)!.querySelectorAll('button')].find((one) =>
      /^Restart/.test(one.ariaLabel ?? ''),
    )!
    const before = window.markOf(id)
    const clicked = performance.timeOrigin + performance.now()
    button.click()
    const shown = await window.painted(() => window.markOf(id) !== before)
    const done = await window.painted(() => window.markOf(id) === before)
    return { shown: shown - clicked, done: done - clicked }
  }, id)
}

async function clickFigure(page: Page): Promise<Figure> {
  const runs: number[] = []
  for (const id of (await visibleIds(page)).slice(0, 9)) runs.push((await clickAndWatch(page, id)).shown)
  return { name: 'click on Restart → shown on screen', unit: 'ms', runs, target: 50 }
}

async function restartFigure(page: Page): Promise<Figure> {
  const ours: number[] = []
  const theirs: number[] = []
  for (const id of (await visibleIds(page)).slice(0, 9)) {
    ours.push((await clickAndWatch(page, id)).done)
    const from = performance.now()
    await docker('restart', id)
    theirs.push(performance.now() - from)
  }
  return {
    name: 'restart, from click to running on screen',
    unit: 'ms',
    runs: ours,
    reference: { name: '`docker restart`', runs: theirs },
    target: null,
  }
}

async function deathFigure(page: Page): Promise<Figure> {
  const runs: number[] = []
  for (const id of (await visibleIds(page)).slice(0, 15)) {
    const since = Date.now() / 1000
    const [at] = await Promise.all([
      page.evaluate((id) => {
        const before = window.markOf(id)
        return window.painted(() => window.markOf(id) !== before)
      }, id),
      docker('kill', id),
    ])
    const filters = ['--filter', `container=${id}`, '--filter', 'event=die', '--format', '{{.TimeNano}}']
    const told = await docker('events', '--since', String(since), '--until', String(Date.now() / 1000), ...filters)
    runs.push(at - Number(told) / 1e6)
  }
  return { name: 'engine tells a death → shown on screen', unit: 'ms', runs, target: 100 }
}
