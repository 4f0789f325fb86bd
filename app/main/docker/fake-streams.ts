import { Duplex, Readable } from 'node:stream'
import { createEmitter } from '../lib/emitter.ts'
import type { DockerEngine, EngineStats, ExecSession } from './engine.ts'

/** One chunk of a log as the engine frames it when the container has no TTY. */
export function logFrame(stream: 'stdout' | 'stderr', text: string | Uint8Array): Buffer {
  const body = Buffer.from(text as string)
  const header = Buffer.alloc(8)
  header[0] = stream === 'stdout' ? 1 : 2
  header.writeUInt32BE(body.length, 4)
  return Buffer.concat([header, body])
}

/** A log of whole lines that can be followed. */
export function createFakeLog(tty: boolean) {
  const lines: { time: string; stream: 'stdout' | 'stderr'; text: string }[] = []
  const added = createEmitter<(typeof lines)[number] | 'end'>()
  const bytes = (line: (typeof lines)[number], timestamps: boolean) => {
    const text = `${timestamps ? `${line.time} ` : ''}${line.text}\n`
    return tty ? Buffer.from(text) : logFrame(line.stream, text)
  }
  return {
    write(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
      const line = { time: new Date(lines.length * 1000).toISOString().replace('000Z', '000000000Z'), stream, text }
      lines.push(line)
      added.emit(line)
    },
    /** Ends every follower, as when the container stops. */
    end: () => added.emit('end'),
    open({ tail, follow, timestamps, signal }: Parameters<DockerEngine['logs']>[1]): Readable {
      const out = new Readable({ read() {} })
      const from = tail === 'all' ? 0 : Math.max(0, lines.length - tail)
      for (const line of lines.slice(from)) out.push(bytes(line, timestamps))
      if (!follow) out.push(null)
      const forget = added.listen((line) => {
        if (!out.destroyed) out.push(line === 'end' ? null : bytes(line, timestamps))
        if (line === 'end') forget()
      })
      if (!follow) forget()
      out.once('close', forget)
      signal.addEventListener('abort', () => out.destroy(), { once: true })
      return out
    },
  }
}
export type FakeLog = ReturnType<typeof createFakeLog>

/** Readings that a test pushes; each reader gets those pushed while it reads. */
export function createFakeStats() {
  const pushed = createEmitter<EngineStats | null>()
  return {
    push: (stats: EngineStats) => pushed.emit(stats),
    /** Ends every reader, as when the container stops. */
    end: () => pushed.emit(null),
    /** How many read now. */
    get readers() {
      return pushed.size
    },
    async *read(signal: AbortSignal): AsyncGenerator<EngineStats> {
      const queue: (EngineStats | null)[] = []
      let wake = () => {}
      const push = (stats: EngineStats | null) => {
        queue.push(stats)
        wake()
      }
      const forget = pushed.listen(push)
      const abort = () => push(null)
      signal.addEventListener('abort', abort)
      try {
        while (!signal.aborted) {
          const next = queue.shift()
          if (next === null) return
          if (next) yield next
          else await new Promise<void>((resolve) => (wake = resolve))
        }
      } finally {
        forget()
        signal.removeEventListener('abort', abort)
      }
    },
  }
}
export type FakeStats = ReturnType<typeof createFakeStats>

/** A command in a container, played by the test: read `typed`, answer with `print`, end with `exit`. */
export function createFakeExec(execId: string, containerId: string, command: readonly string[]) {
  let exitCode: number | null = null
  const sizes: [columns: number, rows: number][] = []
  let typed = ''
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      typed += chunk
      done()
    },
  })
  const session: ExecSession = {
    execId,
    stream,
    async resize(columns, rows) {
      sizes.push([columns, rows])
    },
    inspect: async () => ({ running: exitCode === null, exitCode, pid: 4242 }),
  }
  return {
    session,
    containerId,
    command,
    sizes,
    get typed() {
      return typed
    },
    print: (text: string) => void stream.push(text),
    exit(code: number) {
      exitCode = code
      stream.push(null)
      stream.end()
    },
  }
}
export type FakeExec = ReturnType<typeof createFakeExec>
