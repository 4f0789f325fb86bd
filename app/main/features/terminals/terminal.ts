import { StringDecoder } from 'node:string_decoder'
import type { TerminalUpdate } from '../../../shared/contracts/terminals.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { ExecSession } from '../../docker/engine.ts'

/** Characters of output that a page gets when it comes (back) to a terminal. */
const KEEP = 256 * 1024

/** Characters typed that the program has not read yet; more is refused. */
const MOST_UNREAD = 4_000_000

interface Listener {
  readonly emit: Emit<TerminalUpdate>
  /** It has not read what it was sent; it will listen afresh. */
  behind: boolean
}

/** One terminal's output: kept to its last 256 KB, passed on to whoever listens, held back when a listener is behind. */
export function createTerminal(session: ExecSession, onEnded: () => void) {
  const listeners = new Set<Listener>()
  const decoder = new StringDecoder('utf8')
  let kept: string[] = []
  let keptLength = 0
  let unread = 0
  let ended: Extract<TerminalUpdate, { kind: 'ended' }> | null = null

  function keep(data: string): void {
    kept.push(data)
    keptLength += data.length
    if (keptLength <= KEEP * 2) return
    const end = kept.join('').slice(-KEEP)
    kept = [end]
    keptLength = end.length
  }
  function tell(update: TerminalUpdate): void {
    for (const listener of [...listeners]) if (!listener.behind && !listener.emit(update)) listener.behind = true
    holdBack()
  }
  /** The program waits in its own output while a page cannot follow; nothing of it is lost and nothing is queued here. */
  function holdBack(): void {
    if ([...listeners].some((listener) => listener.behind)) session.stream.pause()
    else session.stream.resume()
  }

  session.stream.on('data', (chunk: Buffer) => {
    const data = decoder.write(chunk)
    keep(data)
    tell({ kind: 'output', data })
  })
  const end = async () => {
    if (ended) return
    ended = { kind: 'ended', exitCode: null }
    // The engine may still call it running for a moment after the last of its output.
    const exitCode = await session.inspect().then(
      (state) => state.exitCode,
      () => null,
    )
    ended = { kind: 'ended', exitCode }
    tell(ended)
    onEnded()
  }
  session.stream.once('end', () => void end())
  session.stream.once('close', () => void end())
  session.stream.on('error', () => void end())

  return {
    listen(emit: Emit<TerminalUpdate>): Unsubscribe {
      const listener: Listener = { emit, behind: false }
      listeners.add(listener)
      listener.behind = !emit({ kind: 'snapshot', data: kept.join('').slice(-KEEP) })
      if (ended) emit(ended)
      holdBack()
      return () => {
        listeners.delete(listener)
        holdBack()
      }
    },
    /** Throws TERMINAL_NOT_FOUND after its end. */
    write(data: string): void {
      if (ended) throw new AppError('TERMINAL_NOT_FOUND')
      if (unread > MOST_UNREAD) throw new AppError('BAD_INPUT', { reason: 'the program does not read what is typed' })
      unread += data.length
      session.stream.write(data, () => {
        unread -= data.length
      })
    },
    get listeners() {
      return listeners.size
    },
    get ended() {
      return ended !== null
    },
  }
}
export type Terminal = ReturnType<typeof createTerminal>
