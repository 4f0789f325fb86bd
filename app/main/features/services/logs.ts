import type { LogLine, LogUpdate } from '../../../shared/contracts/services.ts'
import type { Failure } from '../../../shared/contracts/tasks.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { DockerConnection, DockerEngine } from '../../docker/engine.ts'
import { createLogParser, toLogLine } from '../../docker/log-frames.ts'
import type { Log } from '../../lib/log.ts'
import { createLogBatch } from './log-batch.ts'

/** Where lines come from. The engine's own log is one; a store that keeps lines beyond their container can be another. */
export interface LogSource {
  /**
   * One snapshot of the last `tail` lines, then lines as they are written, through restarts of the service and of the
   * engine. `ended` says that nothing comes for now. Stops reading for good when `emit` answers false.
   */
  follow(id: string, tail: number, emit: Emit<LogUpdate>): Unsubscribe
}

/** Most bytes of one line that a page gets. */
const KEEP = 32 * 1024
/** How far back the log is read again after a restart, to find the line where it was left. */
const RESUME_TAIL = 10_000
/** The container runs, but its log ended or failed: read again after this many milliseconds. */
const RETRY = 1000
/** The engine sends the pieces of a long line one upon the other: what stops for so long is all there is for now. */
const PIECE_WAIT = 500
/** A snapshot travels as one frame, so it is bounded in characters too: the newest lines win. */
const SNAPSHOT_CHARACTERS = 2_000_000

export function createEngineLogs(docker: DockerConnection, log: Log): LogSource {
  return { follow: (id, tail, emit) => followLog(docker, log, id, tail, emit) }
}

/*
 * How the snapshot is known to be complete without waiting: one stream is opened with `follow` and `tail`, and once it
 * is open a second, short request asks for the newest line. When the stream has delivered that line, or as many as were
 * asked for, the tail is over. There is only one stream, so no line can fall between the two parts or come twice.
 *
 * After a restart the last lines are read again and everything up to the last line that was sent is left out. When that
 * line is not among them (the log was rotated, or very much was written) the page gets a new snapshot.
 */
function followLog(docker: DockerConnection, log: Log, id: string, tail: number, emit: Emit<LogUpdate>): Unsubscribe {
  const abort = new AbortController()
  let last: LogLine | null = null
  let hasSnapshot = false
  let startedMeanwhile = false
  let wake = () => {}
  const somethingStarted = () => {
    startedMeanwhile = true
    wake()
  }
  const stopEvents = docker.onEvent((event) => {
    if (event.type === 'container' && event.action === 'start' && event.id === id) somethingStarted()
  })
  const stopStates = docker.follow((state) => state.kind === 'ready' && somethingStarted())
  const batch = createLogBatch((lines) => send({ kind: 'lines', lines }))

  function stop(): void {
    abort.abort()
    stopEvents()
    stopStates()
    batch.stop()
    wake()
  }
  function send(update: LogUpdate): void {
    if (!abort.signal.aborted && !emit(update)) stop()
  }

  /** The tail is there: as the snapshot, or, when reading again, what is new in it. */
  function deliver(lines: readonly LogLine[]): void {
    const fresh = hasSnapshot ? linesAfter(lines, last) : null
    last = lines.at(-1) ?? last
    if (fresh !== null) {
      batch.push(fresh)
      return
    }
    batch.flush()
    hasSnapshot = true
    send({ kind: 'snapshot', lines: newestOf(lines, tail) })
  }

  async function read(engine: DockerEngine): Promise<void> {
    const inspected = await engine.inspect(id)
    if (inspected === null) throw new AppError('SERVICE_NOT_FOUND', { name: id.slice(0, 12) })
    const { tty } = inspected.details
    let tailLines: LogLine[] | null = []
    let tailCharacters = 0
    const parser = createLogParser({ tty, keep: KEEP, split: false }, (raw) => {
      const line = toLogLine(raw, tty)
      if (!tailLines) {
        last = line
        return batch.push([line])
      }
      tailLines.push(line)
      tailCharacters += line.text.length
      if (tailCharacters < 2 * SNAPSHOT_CHARACTERS) return
      tailLines = newestOf(tailLines, RESUME_TAIL)
      tailCharacters = SNAPSHOT_CHARACTERS
    })
    const tailIsOver = () => {
      if (!tailLines) return
      const lines = tailLines
      tailLines = null
      deliver(lines)
    }
    const asked = hasSnapshot ? RESUME_TAIL : tail
    const signal = abort.signal
    const stream = await engine.logs(id, { tail: asked, follow: true, timestamps: true, signal })
    const newest = await newestLine(engine, id, tty, signal)
    if (newest === null || asked === 0) {
      last ??= newest
      tailIsOver()
    }
    let waiting: NodeJS.Timeout | undefined
    try {
      for await (const chunk of stream) {
        parser.push(chunk as Buffer)
        const isThere = parser.messages >= asked || (parser.newest ?? '') >= (newest?.time ?? '')
        clearTimeout(waiting)
        if (tailLines && isThere) {
          if (parser.flush()) tailIsOver()
          else waiting = setTimeout(tailIsOver, PIECE_WAIT)
        }
        await batch.pace()
      }
    } finally {
      clearTimeout(waiting)
    }
    parser.end()
    tailIsOver()
    batch.flush()
  }

  async function keepReading(): Promise<void> {
    while (!abort.signal.aborted) {
      startedMeanwhile = false
      let failure: Failure | null = null
      try {
        const engine = docker.engine()
        await read(engine)
        if (await isRunning(engine, id)) {
          await waitFor(RETRY)
          continue
        }
      } catch (error) {
        if (abort.signal.aborted) return
        if (!(error instanceof AppError)) log.warn('logs', 'reading failed', { id, error })
        failure = asFailure(error)
      }
      if (startedMeanwhile) continue
      send({ kind: 'ended', reason: failure && reasonOf(failure), failure })
      await waitFor(null)
    }
  }

  /** Until the service or the engine starts, this ends, or the time (ms) is over. */
  function waitFor(time: number | null): Promise<void> {
    if (startedMeanwhile || abort.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = time === null ? null : setTimeout(resolve, time)
      wake = () => {
        if (timer) clearTimeout(timer)
        resolve()
      }
    })
  }

  void keepReading().catch((error) => log.error('logs', 'following failed', { id, error }))
  return stop
}

async function newestLine(
  engine: DockerEngine,
  id: string,
  tty: boolean,
  signal: AbortSignal,
): Promise<LogLine | null> {
  let newest: LogLine | null = null
  const parser = createLogParser({ tty, keep: KEEP, split: false }, (raw) => {
    newest = toLogLine(raw, tty)
  })
  for await (const chunk of await engine.logs(id, { tail: 1, follow: false, timestamps: true, signal })) {
    parser.push(chunk as Buffer)
  }
  parser.end()
  return newest
}

async function isRunning(engine: DockerEngine, id: string): Promise<boolean> {
  const kind = (await engine.inspect(id))?.container.state.kind
  return kind === 'running' || kind === 'paused'
}

/** What follows the line `last`; null when it is not there. */
export function linesAfter(lines: readonly LogLine[], last: LogLine | null): readonly LogLine[] | null {
  if (last === null) return lines
  const at = lines.findLastIndex(
    (line) => line.time === last.time && line.stream === last.stream && line.text === last.text,
  )
  return at < 0 ? null : lines.slice(at + 1)
}

function newestOf(lines: readonly LogLine[], most: number): LogLine[] {
  let first = lines.length
  let characters = 0
  while (first > 0 && lines.length - first < most) {
    characters += lines[first - 1]!.text.length
    if (characters > SNAPSHOT_CHARACTERS) break
    first--
  }
  return lines.slice(first)
}

function asFailure(error: unknown): Failure {
  if (error instanceof AppError) return { code: error.code, details: error.details }
  return {
    code: 'DOCKER_REFUSED',
    details: { status: 0, reason: error instanceof Error ? error.message : String(error) },
  }
}
const reasonOf = ({ details, code }: Failure): string => String(details['reason'] ?? code)
