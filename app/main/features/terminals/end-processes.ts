import { readdir, readFile } from 'node:fs/promises'
import type { DockerEngine, ExecSession } from '../../docker/engine.ts'
import type { Log } from '../../lib/log.ts'

/** Milliseconds that programs have to save their work after the hang-up. */
const GRACE = 500
const POLL = 50
/** Milliseconds to wait for the engine to see the end. */
const PATIENCE = 1000

export interface TerminalProcesses {
  readonly engine: DockerEngine
  readonly containerId: string
  readonly session: ExecSession
  /** `NAME=value` that everything started in the terminal inherited. */
  readonly mark: string
}

/**
 * Ends a terminal's process and what was started in it. Docker cannot end an exec, and one whose connection is closed
 * runs on, with its background jobs. On this machine they are found by the terminal's session, their parents and their
 * environment, hung up, then killed; elsewhere, or where that is not allowed, a second exec does it in the container.
 */
export async function endProcesses(processes: TerminalProcesses, log: Log): Promise<void> {
  const { engine, session, containerId } = processes
  try {
    const { running, pid } = await session.inspect()
    if (!running) return
    if (engine.local && pid) await endHere(pid, processes)
    session.stream.destroy()
    if (await hasEnded(session)) return
    await endInside(processes)
    if (!(await hasEnded(session))) log.warn('terminals', 'process did not end', { containerId })
  } catch (error) {
    // Also when the container itself is gone, and its processes with it.
    log.debug('terminals', 'ending failed', { containerId, error })
  } finally {
    session.stream.destroy()
  }
}

async function hasEnded(session: ExecSession): Promise<boolean> {
  for (const until = Date.now() + PATIENCE; Date.now() < until; await pause(POLL)) {
    if (!(await session.inspect()).running) return true
  }
  return false
}

async function endHere(leader: number, { containerId, mark }: TerminalProcesses): Promise<void> {
  const find = async () => membersOf(leader, mark, await processesOf(containerId))
  const hangUp = await find()
  // SIGCONT, because a stopped job would keep the hang-up for later.
  for (const signal of ['SIGHUP', 'SIGCONT'] as const) for (const pid of hangUp) sendSignal(pid, signal)
  for (const until = Date.now() + GRACE; Date.now() < until; await pause(POLL)) {
    if ((await find()).length === 0) return
  }
  // Twice: what was starting a child while it was killed has none left the second time.
  for (let round = 0; round < 2; round++) for (const pid of await find()) sendSignal(pid, 'SIGKILL')
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile, or is not ours to end: then it still runs afterwards, and is ended from inside.
  }
}

interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly session: number
  readonly environment: string
}

/** The container's processes as this machine numbers them; a number that belongs to anything else is never touched. */
async function processesOf(containerId: string): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const entries = await Promise.all(
    pids.map(async (pid): Promise<ProcessEntry | null> => {
      try {
        if (!(await readFile(`/proc/${pid}/cgroup`, 'utf8')).includes(containerId)) return null
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
        // "PID (name, which may have blanks and parentheses) STATE PARENT GROUP SESSION …"
        const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (state === 'Z') return null
        const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
        return { pid: Number(pid), parent: Number(parent), session: Number(session), environment }
      } catch {
        return null // ended while we looked
      }
    }),
  )
  return entries.filter((entry) => entry !== null)
}

/** Everything of one terminal: its session, what carries its mark, and the children of both. */
export function membersOf(leader: number, mark: string, processes: readonly ProcessEntry[]): number[] {
  const members = new Set<number>()
  for (let before = -1; before < members.size; ) {
    before = members.size
    for (const { pid, parent, session, environment } of processes) {
      if (session === leader || members.has(parent) || environment.includes(mark)) members.add(pid)
    }
  }
  return [...members]
}

/** Only `sh`, its builtins and `cat`: what small images have. The helper carries no mark, so it does not end itself. */
async function endInside({ engine, containerId, mark }: TerminalProcesses): Promise<void> {
  const script = `for s in HUP CONT KILL; do
    for p in /proc/[0-9]*; do
      case "$(cat "$p/environ" 2>/dev/null)" in *"$1"*) kill -$s "\${p#/proc/}" 2>/dev/null ;; esac
    done
    [ $s = CONT ] && { sleep 1 || true; }
  done`
  const command = ['/bin/sh', '-c', script, 'sh', mark]
  const helper = await engine.exec(containerId, { command, columns: 80, rows: 24 })
  helper.stream.on('data', () => {}) // unread output would hold it up
  await hasEnded(helper)
  helper.stream.destroy()
}

const pause = (time: number) => new Promise((resolve) => setTimeout(resolve, time))
