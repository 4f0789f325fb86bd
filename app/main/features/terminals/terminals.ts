import { randomBytes } from 'node:crypto'
import type { terminals as contract } from '../../../shared/contracts/terminals.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import type { DockerConnection, ExecSession } from '../../docker/engine.ts'
import type { Audit } from '../../lib/audit.ts'
import type { Log } from '../../lib/log.ts'
import type { Stop } from '../../lib/scope.ts'
import { endProcesses } from './end-processes.ts'
import { openShell } from './open-shell.ts'
import { createTerminal, type Terminal } from './terminal.ts'

const MOST = 32
/** Milliseconds that a terminal waits for its page to come back. */
const UNHEARD = 30_000

interface Open {
  readonly terminal: Terminal
  readonly session: ExecSession
  readonly end: () => Promise<void>
  /** Runs while nobody listens. */
  timer: NodeJS.Timeout | null
}

/** Terminals into running services. Each is one exec with a TTY, and none of it is left when the terminal is closed. */
export function createTerminals({ docker, audit, log }: { docker: DockerConnection; audit: Audit; log: Log }) {
  const open = new Map<string, Open>()
  let opening = 0

  function find(id: string): Open {
    const found = open.get(id)
    if (!found) throw new AppError('TERMINAL_NOT_FOUND')
    return found
  }
  function endSoon(id: string): void {
    const found = open.get(id)
    if (!found || found.terminal.listeners > 0) return
    if (found.timer) clearTimeout(found.timer)
    found.timer = setTimeout(() => void close(id), UNHEARD)
  }
  async function close(id: string): Promise<void> {
    const found = open.get(id)
    if (!found) return
    open.delete(id)
    if (found.timer) clearTimeout(found.timer)
    await found.end()
  }

  const handlers: Handlers<typeof contract> = {
    async open({ serviceId, command, columns, rows }, { actor }) {
      if (open.size + opening >= MOST) throw new AppError('TERMINAL_TOO_MANY', { most: MOST })
      opening++
      try {
        const engine = docker.engine()
        const inspected = await engine.inspect(serviceId)
        if (!inspected) throw new AppError('SERVICE_NOT_FOUND', { name: serviceId.slice(0, 12) })
        const { id: containerId, name, state } = inspected.container
        if (state.kind !== 'running') throw new AppError('NOT_RUNNING', { name })
        const id = randomBytes(16).toString('hex')
        const mark = `PILOTHOUSE_TERMINAL=${id}`
        const service = { id: containerId, name }
        const session = await openShell(engine, service, { command, columns, rows, environment: [mark] })
        audit.note({
          actor,
          action: 'terminal.open',
          target: `service ${name}`,
          targetId: containerId,
          // Arguments may carry a secret; which program it was is enough.
          after: { program: command?.[0] ?? 'shell' },
        })
        open.set(id, {
          session,
          terminal: createTerminal(session, () => endSoon(id)),
          end: () => endProcesses({ engine, containerId, session, mark }, log),
          timer: null,
        })
        endSoon(id)
        return { id }
      } finally {
        opening--
      }
    },
    write: ({ id, data }) => find(id).terminal.write(data),
    async resize({ id, columns, rows }) {
      const { session, terminal } = find(id)
      if (!terminal.ended) await session.resize(columns, rows)
    },
    close: ({ id }) => close(id),
    onOutput(emit, { id }) {
      const found = find(id)
      if (found.timer) clearTimeout(found.timer)
      found.timer = null
      const stop = found.terminal.listen(emit)
      return () => {
        stop()
        endSoon(id)
      }
    },
  }
  const stop: Stop = async () => {
    await Promise.all([...open.keys()].map(close))
  }
  return { handlers, stop }
}
