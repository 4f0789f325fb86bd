import { type RefObject, useCallback, useEffect, useState } from 'react'
import { AppError } from '../../../shared/errors.ts'
import { rpc } from '../../rpc/rpc.ts'
import { asAppError } from '../../shell/run.ts'
import type { Screen } from './screen.ts'

export type TerminalState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  | { readonly kind: 'ended'; readonly exitCode: number | null }
  | { readonly kind: 'failed'; readonly error: AppError }

/** Opens a terminal in the box and closes it with the component; `again` opens another. */
export function useTerminal(
  box: RefObject<HTMLElement | null>,
  serviceId: string,
  command: readonly string[] | null,
): { readonly state: TerminalState; readonly again: () => void } {
  const [state, setState] = useState<TerminalState>({ kind: 'opening' })
  const [round, setRound] = useState(0)
  const key = JSON.stringify(command)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a command is the same when it says the same; a round opens afresh
  useEffect(() => {
    const place = box.current
    if (!place) return
    setState({ kind: 'opening' })
    return openTerminal(place, serviceId, command, setState)
  }, [box, serviceId, key, round])
  return { state, again: useCallback(() => setRound((n) => n + 1), []) }
}

function openTerminal(
  place: HTMLElement,
  serviceId: string,
  command: readonly string[] | null,
  onState: (state: TerminalState) => void,
): () => void {
  let gone = false
  let screen: Screen | null = null
  let stopOutput = () => {}
  let id: string | null = null
  // What is typed goes out in order and one by one; after a failure nothing more does.
  let writing: Promise<unknown> = Promise.resolve()
  const fail = (error: unknown) => {
    if (!gone) onState({ kind: 'failed', error: asAppError(error) })
  }
  const type = (data: string) => {
    const terminal = id
    if (terminal === null) return
    writing = writing.then(() => rpc.terminals.write({ id: terminal, data }))
    writing.catch(() => {}) // the end of the terminal is told by its output
  }
  const resize = (columns: number, rows: number) => {
    if (id !== null) rpc.terminals.resize({ id, columns, rows }).catch(() => {})
  }

  async function open(): Promise<void> {
    const { createScreen } = await import('./screen.ts')
    if (gone) return
    screen = createScreen(place, { data: type, resize })
    const { columns, rows } = screen
    const opened = await rpc.terminals.open({ serviceId, command: command && [...command], columns, rows })
    id = opened.id
    if (gone) return close()
    const shown = screen
    if (shown.columns !== columns || shown.rows !== rows) resize(shown.columns, shown.rows)
    stopOutput = rpc.terminals.onOutput(
      (update) => {
        if (update.kind === 'ended') onState({ kind: 'ended', exitCode: update.exitCode })
        else {
          if (update.kind === 'snapshot') shown.reset()
          shown.write(update.data)
        }
      },
      opened,
      // After a reconnect to a console that was restarted the terminal is no more.
      () => fail(new AppError('TERMINAL_NOT_FOUND')),
    )
    onState({ kind: 'open' })
    shown.focus()
  }
  function close(): void {
    if (id !== null) rpc.terminals.close({ id }).catch(() => {}) // without a link main ends it by itself
  }

  open().catch(fail)
  return () => {
    gone = true
    stopOutput()
    close()
    screen?.dispose()
  }
}
