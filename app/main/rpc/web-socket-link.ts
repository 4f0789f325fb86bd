import type { WebSocket } from 'ws'
import type { Link } from '../../shared/rpc/link.ts'

/** One link over one socket of the browser host. */
export function webSocketLink(socket: WebSocket): Link {
  return {
    send: (frame) => void (socket.readyState === socket.OPEN && socket.send(frame)),
    onFrame: (listener) => void socket.on('message', (raw, isBinary) => isBinary || listener(String(raw))),
    onClose: (listener) => void socket.on('close', listener),
  }
}
