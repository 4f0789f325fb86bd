import type { Duplex } from 'node:stream'

interface End {
  readonly socket: Duplex
  /** What came with the head already. */
  readonly head: Buffer
}

/** The head of an answer as it goes over a bare connection. */
export function headOf(status: number, message: string, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${status} ${message}`]
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Lets two connections speak with each other until one of them ends. */
export function joinSockets(a: End, b: End): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    if (from.head.length > 0) to.socket.write(from.head)
    from.socket.on('error', () => to.socket.destroy())
    // What it said last still arrives.
    from.socket.on('close', () => to.socket.end(() => to.socket.destroy()))
    from.socket.pipe(to.socket)
  }
}
