import type { LogLine } from '../../../shared/contracts/services.ts'

/** Milliseconds between two payloads: faster than the eye, and 20 frames a second whatever the log does. */
const PERIOD = 50
const MOST_LINES = 2000
const MOST_CHARACTERS = 256_000

/** Collects lines into payloads. Whoever reads awaits `pace`, so a log faster than this waits in the engine, not here. */
export function createLogBatch(send: (lines: LogLine[]) => void) {
  let lines: LogLine[] = []
  let characters = 0
  let lastSent = 0
  let timer: NodeJS.Timeout | null = null
  let resume = () => {}

  function flush(): void {
    if (timer) clearTimeout(timer)
    timer = null
    lastSent = Date.now()
    while (lines.length > 0) send(take())
    characters = 0
    resume()
  }
  function take(): LogLine[] {
    let count = 0
    let size = 0
    while (count < lines.length && count < MOST_LINES && size < MOST_CHARACTERS) size += lines[count++]!.text.length
    return lines.splice(0, count)
  }

  return {
    push(more: readonly LogLine[]): void {
      for (const line of more) {
        lines.push(line)
        characters += line.text.length
      }
      if (lines.length > 0) timer ??= setTimeout(flush, Math.max(0, lastSent + PERIOD - Date.now()))
    },
    flush,
    /** Resolves at once while there is room, else after the next payload has gone. */
    async pace(): Promise<void> {
      if (lines.length < MOST_LINES && characters < MOST_CHARACTERS) return
      await new Promise<void>((resolve) => {
        resume = resolve
      })
    },
    /** Drops what was not sent. */
    stop(): void {
      if (timer) clearTimeout(timer)
      timer = null
      lines = []
      characters = 0
      resume()
    },
  }
}
