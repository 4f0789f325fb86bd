import type { Link } from '../../shared/rpc/link.ts'
import { SignInRefused } from './reconnecting-rpc.ts'

const tokenOf = (hash: string) => new URLSearchParams(hash.slice(1)).get('token')

/** The one-time token of the printed link, taken out of the address at once so that no page and no bookmark keeps it. */
function takeToken(): string {
  const token = tokenOf(location.hash)
  if (token !== null) history.replaceState(null, '', location.pathname)
  return token ?? ''
}
const token = takeToken()

/**
 * Signs in to the browser host with the one-time token or, without one, with the session this browser has already;
 * then opens the link. Fails with SignInRefused when the host knows neither.
 */
export async function openWebSocketLink(): Promise<Link> {
  const answer = await fetch('/session', { method: 'POST', body: token })
  if (answer.status === 403) throw new SignInRefused()
  if (!answer.ok) throw new Error(`the console answered ${answer.status}`)

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

/** A new printed link opened in this very tab changes only the fragment: start over with it. */
export function followNewTokens(): void {
  addEventListener('hashchange', () => {
    if (tokenOf(location.hash) !== null) location.reload()
  })
}
