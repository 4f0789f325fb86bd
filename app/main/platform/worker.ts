// The local platform in a thread of its own: callers never wait for the console, nor the console for them.
import { parentPort } from 'node:worker_threads'
import { AppError } from '../../shared/errors.ts'
import { createPeer, type PeerHandlers } from '../lib/peer.ts'
import type { MainAsks, WorkerAsks } from './messages.ts'
import { createLocalPlatform } from './platform.ts'

const port = parentPort!
let platform: PeerHandlers<WorkerAsks> | null = null
function begun(): PeerHandlers<WorkerAsks> {
  if (!platform) throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'it was not configured yet' })
  return platform
}

const main = createPeer<MainAsks, WorkerAsks>(
  port,
  {
    configure(options, context) {
      platform ??= createLocalPlatform(options, main)
      return platform.configure(options, context)
    },
    listen: (input, context) => begun().listen(input, context),
    plugins: (input, context) => begun().plugins(input, context),
    call: (input, context) => begun().call(input, context),
    code: (input, context) => begun().code(input, context),
    beginSignIn: (input, context) => begun().beginSignIn(input, context),
    test: (input, context) => begun().test(input, context),
    replay: (input, context) => begun().replay(input, context),
    keys: (input, context) => begun().keys(input, context),
    features: (input, context) => begun().features(input, context),
    tokens: (input, context) => begun().tokens(input, context),
    instances: (input, context) => begun().instances(input, context),
    health: (input, context) => begun().health(input, context),
    jobs: (input, context) => begun().jobs(input, context),
    route: (input, context) => begun().route(input, context),
    routeState: (input, context) => begun().routeState(input, context),
    routeStandings: (input, context) => begun().routeStandings(input, context),
    replayRoute: (input, context) => begun().replayRoute(input, context),
    resetHealth: (input, context) => begun().resetHealth(input, context),
    testKey: (input, context) => begun().testKey(input, context),
    agentTurn: (input, context) => begun().agentTurn(input, context),
    agentStop: (input, context) => begun().agentStop(input, context),
    agentModels: (input, context) => begun().agentModels(input, context),
    async stop(input, context) {
      await platform?.stop(input, context)
      // After the answer.
      setImmediate(() => port.close())
    },
  },
  (name, error) => tellFailure('question failed', name, error),
)
function tellFailure(message: string, name: string, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  main.tell('log', { level: 'error', message, fields: { name, stack } })
}
// A mistake in the answer to one caller must not take the others down.
process.on('unhandledRejection', (error) => tellFailure('promise rejected', 'worker', error))
