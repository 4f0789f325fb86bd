import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { letSpansSetStyle, withConstructedSheets } from './style-policy.ts'
import { terminalTheme } from './terminal-theme.ts'

letSpansSetStyle()

export interface Screen {
  readonly columns: number
  readonly rows: number
  write(data: string): void
  /** Empties it: what comes is the whole picture again. */
  reset(): void
  focus(): void
  dispose(): void
}

/** A terminal that fills a box and keeps filling it. Loaded only when a terminal is opened: xterm is large. */
export function createScreen(
  box: HTMLElement,
  on: { readonly data: (data: string) => void; readonly resize: (columns: number, rows: number) => void },
): Screen {
  const style = getComputedStyle(box)
  const terminal = new Terminal({
    fontFamily: style.fontFamily,
    fontSize: 12,
    lineHeight: 1.25,
    scrollback: 5000,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    screenReaderMode: false,
    macOptionIsMeta: true,
    minimumContrastRatio: 4.5,
    theme: terminalTheme(box),
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  withConstructedSheets(() => terminal.open(box))
  fit.fit()
  terminal.onData(on.data)
  terminal.onResize(({ cols, rows }) => on.resize(cols, rows))

  const boxObserver = new ResizeObserver(() => box.clientWidth > 0 && fit.fit())
  boxObserver.observe(box)
  const follow = () => {
    terminal.options.theme = terminalTheme(box)
  }
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', follow)
  const chosen = new MutationObserver(follow)
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })

  return {
    get columns() {
      return terminal.cols
    },
    get rows() {
      return terminal.rows
    },
    write: (data) => terminal.write(data),
    reset: () => terminal.reset(),
    focus: () => terminal.focus(),
    dispose() {
      boxObserver.disconnect()
      system.removeEventListener('change', follow)
      chosen.disconnect()
      terminal.dispose()
    },
  }
}
