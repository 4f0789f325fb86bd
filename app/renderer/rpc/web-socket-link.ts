import type { Link } from '../../shared/rpc/link.ts'

/** Signs in with the one-time token of the address, if there is one, then opens the link to the browser host. */
export async function openWebSocketLink(): Promise<Link> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) {
    await fetch('/session', { method: 'POST', body: token })
    history.replaceState(null, '', location.pathname)
  }
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/link`)
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error('the console does not answer'))
  })
  return {
    send: (frame) => socket.readyState === WebSocket.OPEN && socket.send(frame),
    onFrame: (listener) => socket.addEventListener('message', ({ data }) => listener(String(data))),
    onClose: (listener) => socket.addEventListener('close', listener),
  }
}
