import type { WebSocket } from 'ws'
import type { Link } from '../../shared/rpc/link.ts'
import { UNSENT_LIMIT } from './socket-link.ts'

/** One link over one socket of the browser host. A peer that does not answer a ping until the next one is ended. */
export function webSocketLink(socket: WebSocket, pingMs: number): Link {
  let alive = true
  socket.on('pong', () => {
    alive = true
  })
  const timer = setInterval(() => {
    if (!alive) return socket.terminate()
    alive = false
    socket.ping()
  }, pingMs)
  socket.on('close', () => clearInterval(timer))
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > UNSENT_LIMIT) return socket.terminate()
      socket.send(frame)
    },
    onFrame: (listener) => void socket.on('message', (raw, isBinary) => isBinary || listener(String(raw))),
    onClose: (listener) => void socket.on('close', listener),
  }
}
