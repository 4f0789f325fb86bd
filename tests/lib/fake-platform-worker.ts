import { createServer, type Server } from 'node:http'
import { parentPort } from 'node:worker_threads'
import { createPeer } from '../../app/main/lib/peer.ts'
import type { MainAsks, PlatformOptions, PortWish, WorkerAsks } from '../../app/main/platform/messages.ts'

// A worker as the supervisor sees one: it opens its ports, echoes calls, and ends by itself when it is told to.
const servers = new Map<number, Server>()
let told: PlatformOptions | null = null

const open = (port: number) =>
  new Promise<'taken' | null>((resolve) => {
    const server = createServer((_request, response) => response.end('ok'))
    server.once('error', () => resolve('taken'))
    server.listen(port, '127.0.0.1', () => {
      servers.set(port, server)
      resolve(null)
    })
  })

const failing = () => {
  throw new Error('not for this test')
}
createPeer<MainAsks, WorkerAsks>(
  parentPort!,
  {
    configure: (options) => {
      told = options
    },
    listen: ({ ports }) =>
      Promise.all(ports.map(async (wish: PortWish) => ({ ...wish, error: await open(wish.port) }))),
    plugins: () => {},
    call: ({ operation, arguments: given, requestId }) => {
      if (operation === 'crash') process.nextTick(failing)
      return {
        ...{ requestId, ok: true, data: { given, openLocalMode: told?.openLocalMode ?? null }, failure: null },
        ...{ exchange: null, dropped: [], attempts: 1, durationMs: 1, firstByteMs: 1 },
      } as never
    },
    code: failing,
    beginSignIn: failing,
    test: failing,
    replay: failing,
    ...{ keys: failing, features: failing, tokens: failing, instances: failing, health: failing, jobs: failing },
    ...{ route: failing, routeState: failing, routeStandings: failing, replayRoute: failing },
    ...{ resetHealth: failing, testKey: failing },
    ...{ agentTurn: failing, agentStop: failing, agentModels: failing },
    stop: () => process.exit(0),
  },
  () => {},
)
