import { setFlagsFromString } from 'node:v8'
import { AppError } from '../shared/errors.ts'
import type { Unsubscribe } from '../shared/rpc/contract.ts'
import { prepareDataFolder } from './db/data-folder.ts'
import { lockDataFolder } from './db/lock.ts'
import { createEmitter } from './lib/emitter.ts'
import type { Host } from './lib/host.ts'
import type { AfterRestart, Restart } from './lib/restart.ts'
import type { Stop } from './lib/scope.ts'
import { refusing } from './rpc/refusing.ts'
import { createRouter, type Router } from './rpc/router.ts'
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

/** Starts the console for the life of this process, alone on its data folder (else DATA_FOLDER_IN_USE). */
export async function runConsole(config: Config, host: Host): Promise<Console> {
  const { dataFolder, log } = config
  // A console idles: without this the heap keeps the size of its busiest second (117 instead of 90 MB with 100 services).
  setFlagsFromString('--optimize-for-size')
  const restarts = createEmitter<void>()
  let running: Running
  let turn: Promise<unknown> = Promise.resolve()
  let stopped = false

  const build = (after: AfterRestart | null) => start(config, host, restart, after)

  async function rebuild(between: () => void, after: AfterRestart | null): Promise<void> {
    if (stopped) return
    await running.stop()
    let failure: unknown = null
    try {
      between()
    } catch (error) {
      failure = error
    }
    try {
      running = await build(failure ? null : after)
    } catch (error) {
      log.error('console', 'parts did not start again', { error })
      const refusal = error instanceof AppError ? error : new AppError('INTERNAL', { incident: 'restart' })
      running = {
        router: createRouter(
          refusing(() => refusal),
          log,
        ),
        parts: null,
        stop: () => {},
      }
      failure ??= error
    }
    if (failure) throw failure
  }
  /** One at a time. */
  const restart: Restart = (between, after) => {
    const mine = turn.then(() => rebuild(between, after))
    turn = mine.catch(() => {})
    // After the reply to whoever asked for it has been handed to its link.
    void turn.then(() => setImmediate(restarts.emit))
    return mine
  }

  prepareDataFolder(dataFolder)
  const unlock = lockDataFolder(dataFolder)
  try {
    running = await build(null)
  } catch (error) {
    await unlock()
    throw error
  }
  return {
    router: () => running.router,
    parts: () => running.parts,
    onRestart: restarts.listen,
    stop: async () => {
      stopped = true
      await turn
      await running.stop()
      await unlock()
    },
  }
}
