import type { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import type { Link } from '../../shared/rpc/link.ts'

/** The longest line that is read. */
export const LINE_LIMIT = 8 * 1024 * 1024
/** Subscriptions are bounded by their window, answers are not: a peer that asks and never reads is ended at this many unsent bytes. */
export const UNSENT_LIMIT = 64 * 1024 * 1024

/** One link over a local socket: a frame a line. JSON text has no line breaks, so none needs escaping. */
export function socketLink(socket: Socket): Link {
  const frames: ((frame: string) => void)[] = []
  const decoder = new StringDecoder('utf8')
  let rest: string[] = []
  let restLength = 0
  socket.on('data', (chunk) => {
    const lines = decoder.write(chunk as Buffer).split('\n')
    for (const [i, part] of lines.entries()) {
      if (restLength + part.length > LINE_LIMIT) return socket.destroy()
      rest.push(part)
      restLength += part.length
      if (i === lines.length - 1) return
      const line = rest.join('')
      rest = []
      restLength = 0
      for (const listener of frames) listener(line)
    }
  })
  socket.on('error', () => socket.destroy()) // `close` follows; a peer that went away is no failure of ours
  return {
    send(frame) {
      if (!socket.writable) return
      if (socket.writableLength > UNSENT_LIMIT) return void socket.destroy()
      socket.write(`${frame}\n`)
    },
    onFrame: (listener) => void frames.push(listener),
    onClose: (listener) => void socket.on('close', listener),
  }
}
