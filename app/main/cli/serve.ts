import { join } from 'node:path'
import type { DockerState } from '../../shared/contracts/docker.ts'
import type { PlatformState } from '../../shared/contracts/platform.ts'
import { AppError } from '../../shared/errors.ts'
import type { Rpc } from '../../shared/rpc/client.ts'
import { runConsole } from '../console.ts'
import { serveControl } from '../control.ts'
import { makeDataFolder } from '../lib/data-folder.ts'
import { createLog } from '../lib/log-file.ts'
import { createScope } from '../lib/scope.ts'
import { createBrowserHost } from '../serve.ts'
import { first } from './current.ts'
import { portChoice } from './port-choice.ts'
import { localClient } from './session.ts'
import { parse, wholeNumber } from './usage.ts'

/** Calls of the local platform that are under way may finish for 10 s. */
const STOP_MS = 12_000
/** How long the line of `--json` waits for the local platform; nothing else does. */
const PLATFORM_MS = 10_000

/** `pilothouse serve`: the browser host until a signal ends it. */
export async function serve(args: string[]): Promise<void> {
  const { values } = parse({
    args,
    allowNegative: true,
    options: {
      json: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      ports: { type: 'string' },
      'port-base': { type: 'string' },
      platform: { type: 'boolean', default: true },
    },
  })
  const platformPorts = portChoice(values)
  const port = wholeNumber('--port', values.port, 0, 65_535)
  const ended = untilSignal()
  const dataFolder = makeDataFolder(values.data)
  const log = createLog(dataFolder)
  const scope = createScope()
  scope.add(log.stop)
  const lastWords = (error: unknown) => {
    log.error('console', 'ended by a bug', { error })
    process.stderr.write('pilothouse: The console ended because of a bug; its log has the details. (INTERNAL)\n')
    process.exit(1)
  }
  process.on('uncaughtException', lastWords)
  process.on('unhandledRejection', lastWords)
  try {
    const browser = createBrowserHost({ root: join(import.meta.dirname, '../renderer'), dataFolder, log })
    const console_ = await runConsole({ dataFolder, log, platformPorts }, browser.host)
    scope.add(console_.stop)
    const url = await browser.listen(port, console_.router)
    scope.add(browser.stop)
    const control = await serveControl({ dataFolder, router: console_.router, log, url })
    scope.add(control.stop)
    // Clients reconnect by themselves and get the snapshots of the rebuilt parts.
    console_.onRestart(() => {
      browser.closeLinks()
      control.closeLinks()
    })
    log.info('console', 'started', { url, pid: process.pid })

    const address = browser.signInAddress()
    const { rpc, close } = localClient(console_.router())
    const [docker, platform] = values.json ? await Promise.all([dockerNow(rpc), platformNow(rpc)]) : []
    close()
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ url: address, pid: process.pid, data: dataFolder, docker, platform })}\n`
        : `Pilothouse: ${address}\n`,
    )
    if (values.open) await (await import('./open-browser.ts')).openBrowser(address, log)
    log.info('console', 'ending', { signal: await ended })
  } finally {
    // Something that hangs must not keep the operator waiting; what it was doing is marked interrupted at the next start.
    setTimeout(() => {
      log.error('console', 'did not end in time')
      process.exit(1)
    }, STOP_MS).unref()
    await scope.close()
  }
}

/** The first signal that asks the console to end. Later ones change nothing: Ctrl+C reaches a whole group, some of it twice. */
const untilSignal = () =>
  new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal))
  })

/** What is known of Docker now: nobody waits for it. */
const dockerNow = (rpc: Rpc) =>
  new Promise<{ kind: DockerState['kind'] | 'unknown'; version: string | null }>((resolve) => {
    rpc.docker.onState(
      (state) => resolve({ kind: state.kind, version: state.kind === 'ready' ? state.version : null }),
      undefined,
      (error) => resolve({ kind: 'unknown', version: error instanceof AppError ? error.code : null }),
    )
  })

/** The local platform once it answers or has failed; null where it is off or takes too long. */
async function platformNow(rpc: Rpc) {
  const state = await first<PlatformState | null>(PLATFORM_MS, (resolve, reject, best) => {
    best(null)
    return rpc.platform.onState(
      (now) => (['running', 'stopped', 'crashed'].includes(now.state.kind) ? resolve(now) : undefined),
      undefined,
      reject,
    )
  }).catch(() => null)
  if (state === null || state.ports.length === 0) return null
  const listening = state.ports.filter((port) => port.state.kind === 'listening')
  const skipped = state.ports.flatMap(({ port, state: { kind, ...holder } }) =>
    kind === 'taken' ? [{ port, ...holder }] : [],
  )
  const gateway = listening.find(({ part }) => part === 'gateway') ?? listening[0]
  return {
    gateway: gateway ? `http://127.0.0.1:${gateway.port}` : null,
    ports: Object.fromEntries(listening.map(({ part, port }) => [part, port])),
    skipped,
  }
}
