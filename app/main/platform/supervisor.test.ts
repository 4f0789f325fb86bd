import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turnOver } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freePorts } from '../../../tests/lib/free-ports.ts'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'
import type { PlatformState } from '../../shared/contracts/platform.ts'
import { defaultSettings, type Settings } from '../../shared/contracts/settings.ts'
import { type Log, silentLog } from '../lib/log.ts'
import type { PortChoice } from './port-plan.ts'
import { createPlatform, type PluginAsks } from './supervisor.ts'

const worker = new URL('../../../tests/lib/fake-platform-worker.ts', import.meta.url)

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function platformOn(ports: PortChoice | null, log: Log = silentLog) {
  let settings: Settings = defaultSettings
  let told: (settings: Settings) => void = () => {}
  const platform = createPlatform({
    dataFolder: tempFolder(),
    settings: {
      current: () => settings,
      follow: (listener) => {
        told = listener
        return () => {}
      },
    },
    ports,
    probeStore: () => {},
    log,
    worker,
  })
  onTestFinished(() => platform.stop())
  platform.start({} as PluginAsks)
  const call = (operation: string) =>
    platform.ask('call', { plugin: 'p', operation, arguments: {}, requestId: 'r', surface: 'console' })
  return {
    platform,
    call,
    set(change: Partial<Settings>) {
      settings = { ...settings, ...change }
      told(settings)
    },
    /** The first state that is so. */
    when: (is: (state: PlatformState) => boolean) =>
      new Promise<PlatformState>((resolve) => {
        const stop = platform.follow((state) => {
          if (is(state))
            setImmediate(() => {
              stop()
              resolve(state)
            })
          return true
        })
      }),
  }
}
const running = ({ state }: PlatformState) => state.kind === 'running'

test('it opens its ports, and names the process that has one of them', async () => {
  const [free, taken] = [await freePort(), createServer().listen(0, '127.0.0.1')]
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as AddressInfo
  const { when } = platformOn({ kind: 'list', ports: [free, port] })
  const { ports } = await when(running)
  expect(ports.map(({ part, port: number, state }) => ({ part, number, kind: state.kind }))).toEqual([
    { part: 'gateway', number: free, kind: 'listening' },
    { part: 'config-centre', number: port, kind: 'taken' },
  ])
  expect(ports[1]?.state).toMatchObject(process.platform === 'linux' ? { pid: process.pid } : {})
  expect(await (await fetch(`http://127.0.0.1:${free}/`)).text()).toBe('ok')
})

test('without ports it begins with the first question', async () => {
  const { platform, call, when } = platformOn({ kind: 'off' })
  const stopped = await when(() => true)
  expect({ state: stopped.state.kind, data: (await call('echo')).data }).toEqual({
    state: 'stopped',
    data: { given: {}, openLocalMode: true },
  })
  expect((await when(running)).ports).toEqual([])
  await platform.stop()
  await expect(call('echo')).rejects.toMatchObject({ code: 'PLATFORM_NOT_RUNNING' })
})

test('a worker that ends by itself is shown and started again, and is told everything anew', async () => {
  const { platform, call, when } = platformOn({ kind: 'list', ports: [await freePort()] })
  await when(running)
  let begun = 0
  platform.onStarted(() => {
    begun++
  })
  await call('crash').catch(() => {})
  const crashed = await when(({ state }) => state.kind === 'crashed')
  expect(crashed).toMatchObject({
    crashes: 1,
    state: { failure: { code: 'PLATFORM_NOT_RUNNING', details: { reason: 'not for this test' } } },
    ports: [{ state: { kind: 'closed' } }],
  })
  await expect(call('echo')).rejects.toMatchObject({ code: 'PLATFORM_NOT_RUNNING' })
  const again = await when(running)
  expect({ begun, crashes: again.crashes, kind: again.ports[0]?.state.kind }).toEqual({
    begun: 2,
    crashes: 1,
    kind: 'listening',
  })
})

test('a restart is a new worker and no crash; a changed setting reaches the one that runs', async () => {
  const { platform, call, when, set } = platformOn({ kind: 'off' })
  await call('echo')
  await platform.restart()
  set({ openLocalMode: false })
  const state = await when(running)
  expect({ crashes: state.crashes, open: state.openLocalMode, data: (await call('echo')).data }).toEqual({
    crashes: 0,
    open: false,
    data: { given: {}, openLocalMode: false },
  })
})

test('a restart that is under way when the console stops begins nothing any more', async () => {
  const { platform, when } = platformOn({ kind: 'list', ports: [await freePort()] })
  await when(running)
  const restarted = platform.restart().catch((error) => error.code)
  await platform.stop()
  expect([await restarted, (await when(() => true)).state.kind]).toEqual(['PLATFORM_NOT_RUNNING', 'stopped'])
})

test('settings that change while the worker begins reach it', async () => {
  const { call, when, set } = platformOn(null)
  const base = await freePorts(6)
  set({ platformPorts: { kind: 'off' } })
  const begun = call('echo')
  set({ openLocalMode: false, platformPorts: { kind: 'base', base } })
  await begun
  const { ports } = await when(running)
  expect([(await call('echo')).data, ports.map(({ port }) => port - base)]).toEqual([
    { given: {}, openLocalMode: false },
    [0, 1, 2, 3, 4, 5],
  ])
})

test('of two changes of the ports the last one is told, however long it takes to find who has a port', async () => {
  const found = Promise.withResolvers<void>()
  // Told as soon as it is found who has it.
  const { call, when, set } = platformOn(null, { ...silentLog, warn: () => found.resolve() })
  set({ platformPorts: { kind: 'off' } })
  await call('echo')
  const taken = createServer().listen(await freePorts(6), '127.0.0.1')
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const { port: held } = taken.address() as AddressInfo
  const base = await freePorts(6)
  set({ platformPorts: { kind: 'base', base: held } })
  set({ platformPorts: { kind: 'base', base } })
  await when(({ ports }) => ports[0]?.port === base)
  await found.promise
  await turnOver()
  expect((await when(() => true)).ports[0]).toMatchObject({ port: base, state: { kind: 'listening' } })
})
