import { AppError } from '../../../shared/errors.ts'
import type { DockerEngine, ExecSession } from '../../docker/engine.ts'

// One exec finds the best shell of most images; the others are for those without /bin/sh.
const SHELLS: readonly (readonly string[])[] = [
  ['/bin/sh', '-c', 'if [ -x /bin/bash ]; then exec /bin/bash; else exec /bin/sh; fi'],
  ['/bin/bash'],
  ['/bin/ash'],
  ['/busybox/sh'],
]
/** Milliseconds between two questions whether the process stands. */
const ASK = 15
/** Milliseconds after which a process that does not stand is given up. */
const PATIENCE = 10_000

/** Starts the command, or the first shell there is. Throws TERMINAL_NO_SHELL where the container has none of them. */
export async function openShell(
  engine: DockerEngine,
  service: { readonly id: string; readonly name: string },
  options: { command: readonly string[] | null; columns: number; rows: number; environment: readonly string[] },
): Promise<ExecSession> {
  for (const command of options.command ? [options.command] : SHELLS) {
    const session = await exec(engine, service.id, { ...options, command })
    if (session && (await isStarted(session))) {
      // A size that reaches the engine before the process stands is lost. One that has ended needs none.
      await session.resize(options.columns, options.rows).catch(() => {})
      return session
    }
    session?.stream.destroy()
  }
  throw new AppError('TERMINAL_NO_SHELL', { name: service.name })
}

/**
 * The engine calls an exec "running" before there is a process; it has a pid once there is one. When the program does
 * not exist it ends with 126 or 127 and the runtime's complaint as output, which is not read here.
 */
async function isStarted(session: ExecSession): Promise<boolean> {
  for (const until = Date.now() + PATIENCE; Date.now() < until; ) {
    const { running, exitCode, pid } = await session.inspect()
    if (running && pid) return true
    if (!running) return exitCode !== 126 && exitCode !== 127
    await new Promise((resolve) => setTimeout(resolve, ASK))
  }
  throw new AppError('DOCKER_REFUSED', { status: 504, reason: 'the process was not started' })
}

/** Null when the engine says at once that there is no such program, as newer ones do. */
async function exec(engine: DockerEngine, id: string, options: Parameters<DockerEngine['exec']>[1]) {
  try {
    return await engine.exec(id, options)
  } catch (error) {
    const reason = error instanceof AppError && error.code === 'DOCKER_REFUSED' ? String(error.details['reason']) : ''
    if (/OCI runtime exec failed|executable file not found|no such file/i.test(reason)) return null
    throw error
  }
}
