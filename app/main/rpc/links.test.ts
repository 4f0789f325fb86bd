import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { samples } from '../../../tests/lib/samples.ts'
import { contracts } from '../../shared/contracts/index.ts'
import { createClient } from '../../shared/rpc/client.ts'
import { type Contract, type Emit, onName } from '../../shared/rpc/contract.ts'
import { WINDOW } from '../../shared/rpc/frames.ts'
import type { Link } from '../../shared/rpc/link.ts'
import { memoryLinks } from '../../shared/rpc/memory-link.ts'
import { silentLog } from '../lib/log.ts'
import { type AllHandlers, createRouter, type Router } from './router.ts'
import { serveLink } from './serve-link.ts'
import { socketLink } from './socket-link.ts'
import { webSocketLink } from './web-socket-link.ts'

/** One kind of link with main at its far end. */
interface Ends {
  /** A client's end. */
  connect(): Promise<{ link: Link; cut: () => void; pause: () => void; resume: () => void }>
  /** Bytes that main has sent and the system has not taken yet, over all links. */
  unsent(): number
  close(): Promise<void>
}
type Open = (router: Router) => Promise<Ends>

const inMemory: Open = async (router) => ({
  async connect() {
    const { near, far, close } = memoryLinks()
    serveLink(far, router, 'cli', silentLog)
    // A reader in memory that does not read is one that does not say it has read.
    let paused = false
    const link: Link = { ...near, onFrame: (listener) => near.onFrame((frame) => paused || listener(frame)) }
    return { link, cut: close, pause: () => (paused = true), resume: () => (paused = false) }
  },
  unsent: () => 0,
  close: async () => {},
})

const overWebSocket: Open = async (router) => {
  const http: HttpServer = createHttpServer()
  const server = new WebSocketServer({ server: http, maxPayload: 8 * 1024 * 1024 })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    serveLink(webSocketLink(socket, 60_000), router, 'cli', silentLog)
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const { port } = http.address() as AddressInfo
  return {
    async connect() {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`)
      await once(socket, 'open')
      const link: Link = {
        send: (frame) => socket.readyState === socket.OPEN && socket.send(frame),
        onFrame: (listener) => void socket.on('message', (data) => listener(String(data))),
        onClose: (listener) => void socket.on('close', listener),
      }
      return { link, cut: () => socket.terminate(), pause: () => socket.pause(), resume: () => socket.resume() }
    },
    unsent: () => [...server.clients].reduce((sum, client) => sum + client.bufferedAmount, 0),
    async close() {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

const overSocket: Open = async (router) => {
  const peers = new Set<Socket>()
  const server: Server = createServer((peer) => {
    peers.add(peer)
    serveLink(socketLink(peer), router, 'cli', silentLog)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    async connect() {
      const socket = createConnection(port, '127.0.0.1')
      await once(socket, 'connect')
      const link = socketLink(socket)
      return { link, cut: () => socket.destroy(), pause: () => socket.pause(), resume: () => socket.resume() }
    },
    unsent: () => [...peers].reduce((sum, peer) => sum + peer.writableLength, 0),
    async close() {
      for (const peer of peers) peer.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What the handlers were asked, and what they answer: every variant of every output, one after the other. */
function scripted() {
  const asked: unknown[] = []
  const stopped: string[] = []
  const emits = new Map<string, Emit<unknown>>()
  const domain = (name: string, contract: Contract) => ({
    ...Object.fromEntries(
      Object.entries(contract.calls).map(([key, { output }]) => {
        const outputs = samples(output, 'output')
        let turn = 0
        return [
          key,
          (input: unknown, { actor }: { actor: string }) => {
            asked.push({ path: `${name}.${key}`, input, actor })
            return outputs[turn++ % outputs.length]
          },
        ]
      }),
    ),
    ...Object.fromEntries(
      Object.entries(contract.events).map(([key, { payload }]) => [
        onName(key),
        (emit: Emit<unknown>, params: unknown, { actor }: { actor: string }) => {
          asked.push({ path: `${name}.${key}`, params, actor })
          emits.set(`${name}.${key}`, emit)
          for (const one of samples(payload, 'output')) emit(one)
          return () => stopped.push(`${name}.${key}`)
        },
      ]),
    ),
  })
  const handlers = Object.fromEntries(
    Object.entries(contracts).map(([name, contract]) => [name, domain(name, contract)]),
  )
  return { router: createRouter(handlers as unknown as AllHandlers, silentLog), asked, stopped, emits }
}

type AnyClient = Record<string, Record<string, (...args: unknown[]) => unknown>>

/** Everything the contracts name, once for each variant of its input; answers what came back. */
async function tryEverything(link: Link): Promise<unknown[]> {
  const rpc = createClient(link) as unknown as AnyClient
  const seen: unknown[] = []
  for (const [name, contract] of Object.entries<Contract>(contracts)) {
    for (const [key, { input, output }] of Object.entries(contract.calls)) {
      const variants = Math.max(samples(input, 'input').length, samples(output, 'output').length)
      for (let i = 0; i < variants; i++) {
        const inputs = samples(input, 'input')
        seen.push([`${name}.${key}`, await rpc[name]![key]!(inputs[i % inputs.length])])
      }
    }
    for (const [key, { payload, params }] of Object.entries(contract.events)) {
      const wanted = samples(payload, 'output').length
      const got: unknown[] = []
      await new Promise<void>((resolve, reject) => {
        const receive = (one: unknown) => got.push(one) === wanted && resolve()
        rpc[name]![onName(key)]!(receive, samples(params, 'input')[0], reject)
      })
      seen.push([`${name}.${key}`, got])
    }
  }
  return seen
}

let reference: { seen: unknown[]; asked: unknown[] }
beforeAll(async () => {
  const { router, asked } = scripted()
  const { link } = await (await inMemory(router)).connect()
  reference = { seen: await tryEverything(link), asked }
})

test('the reference covers every call and every event, with a payload for each variant', () => {
  const named = Object.entries<Contract>(contracts).flatMap(([name, { calls, events }]) =>
    [...Object.keys(calls), ...Object.keys(events)].map((key) => `${name}.${key}`),
  )
  expect([...new Set(reference.asked.map((one) => (one as { path: string }).path))]).toEqual(named)
  expect(reference.seen.length).toBeGreaterThanOrEqual(named.length)
})

describe.each([
  ['in memory', inMemory],
  ['over a WebSocket', overWebSocket],
  ['over a socket', overSocket],
] as const)('%s', (_name, open) => {
  let ends: Ends
  const start = async (router: Router) => {
    ends = await open(router)
    return await ends.connect()
  }
  afterEach(() => ends.close())

  test('every call and event gives what it gives in memory', async () => {
    const { router, asked } = scripted()
    const { link } = await start(router)
    expect({ seen: await tryEverything(link), asked }).toEqual(reference)
  })

  test('a frame that cannot be read is dropped, and the next one is answered', async () => {
    const { link } = await start(scripted().router)
    for (const frame of [
      '',
      '{',
      'null',
      '[]',
      '{"kind":"call"}',
      '{"kind":"read","characters":-1}',
      '\0'.repeat(1e5),
    ]) {
      link.send(frame)
    }
    expect(await createClient(link).docker.networks()).toEqual({ networks: [expect.anything()] })
  })

  test('text of any language and a megabyte of it arrive whole', async () => {
    const text = `驾驶舱 \u2028 "\\\n ${'日志'.repeat(250_000)}`
    const handlers = { services: { runCommand: ({ id }: { id: string }) => ({ command: `${id}${text}` }) } }
    const { link } = await start(createRouter(handlers as unknown as AllHandlers, silentLog))
    const { command } = await createClient(link).services.runCommand({ id: '服务', reveal: false })
    expect(command === `服务${text}`).toBe(true)
  })

  test('a link that ends in the middle of a call refuses it, and main stops what it had subscribed', async () => {
    let answer: (value: { networks: [] }) => void = () => {}
    const { router, stopped } = scripted()
    const slow: Router = {
      ...router,
      call: async () => ({ ok: true, data: await new Promise((resolve) => (answer = resolve)) }),
    }
    const { link, cut } = await start(slow)
    const rpc = createClient(link)
    await new Promise<void>((resolve) => rpc.notices.onUpdates(() => resolve(), undefined))
    const outcome = rpc.docker.networks().catch((error) => error.code)
    cut()
    expect(await outcome).toBe('DISCONNECTED')
    await expect.poll(() => stopped).toEqual(['notices.updates'])
    answer({ networks: [] }) // to nobody: dropped without a word
  })

  test('a reader that never reads costs one window, not a queue, and gets a fresh snapshot when it reads', async () => {
    const { router, emits, asked } = scripted()
    const { link, pause, resume } = await start(router)
    const got: { notices: { id: string }[] }[] = []
    createClient(link).notices.onUpdates((update) => void got.push(update), undefined)
    await expect.poll(() => got.length).toBe(1)
    pause()
    const notice = { id: 'x'.repeat(1000), severity: 'info', code: 'DISK_FULL', details: {}, at: 1 }
    const before = process.memoryUsage()
    let taken = 0
    let mostUnsent = 0
    for (let i = 0; i < 100_000; i++) {
      if (emits.get('notices.updates')!({ notices: [notice] })) taken++
      mostUnsent = Math.max(mostUnsent, ends.unsent())
    }
    const after = process.memoryUsage()
    const frame = JSON.stringify({ kind: 'event', id: 1, data: { notices: [notice] } }).length
    expect(taken).toBeLessThanOrEqual(Math.ceil(WINDOW / frame) + 1)
    expect(mostUnsent).toBeLessThan(2 * WINDOW)
    // 100,000 frames are 110 MB of text; a queue of them would be at least that.
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(50_000_000)
    if (open === inMemory) return // what was sent while it did not read is gone there
    resume()
    await expect.poll(() => asked.filter((one) => (one as { path: string }).path === 'notices.updates').length).toBe(2)
    await expect.poll(() => got.at(-1)).toEqual(got[0])
  })
})
