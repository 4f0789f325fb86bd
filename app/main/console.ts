import type { Unsubscribe } from '../shared/rpc/contract.ts'
import { createEmitter } from './lib/emitter.ts'
import type { Host } from './lib/host.ts'
import type { AfterRestart, Restart } from './lib/restart.ts'
import type { Stop } from './lib/scope.ts'
import type { Router } from './rpc/router.ts'
import { type Config, type Parts, type Running, start } from './start.ts'

/** What a host holds: a console whose parts can be rebuilt beneath it, when a database is restored. */
export interface Console {
  /** The router of the present parts; ask for it anew for every link. */
  router(): Router
  /** Null while the database is damaged. */
  parts(): Parts | null
  /** The parts were rebuilt: drop every link, so that its client reconnects and gets new snapshots. */
  onRestart(listener: () => void): Unsubscribe
  readonly stop: Stop
}

/** Starts the console for the life of this process. */
export async function runConsole(config: Config, host: Host): Promise<Console> {
  const restarts = createEmitter<void>()
  let running: Running
  let turn: Promise<unknown> = Promise.resolve()
  let stopped = false

  const build = (after: AfterRestart | null) => start(config, host, restart, after)

  async function rebuild(between: () => void, after: AfterRestart | null): Promise<void> {
    if (stopped) return
    await running.stop()
    try {
      between()
    } catch (error) {
      running = await build(null)
      throw error
    }
    running = await build(after)
  }
  /** One at a time. */
  const restart: Restart = (between, after) => {
    const mine = turn.then(() => rebuild(between, after))
    turn = mine.catch(() => {})
    // After the reply to whoever asked for it has been handed to its link.
    void turn.then(() => setImmediate(restarts.emit))
    return mine
  }

  running = await build(null)
  return {
    router: () => running.router,
    parts: () => running.parts,
    onRestart: restarts.listen,
    stop: async () => {
      stopped = true
      await turn
      await running.stop()
    },
  }
}
