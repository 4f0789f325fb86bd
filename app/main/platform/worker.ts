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
