import type { Actor, Unsubscribe } from '../../shared/rpc/contract.ts'
import { Request, type Response, WINDOW } from '../../shared/rpc/frames.ts'
import type { Link } from '../../shared/rpc/link.ts'
import type { Log } from '../lib/log.ts'
import type { Router } from './router.ts'

interface Subscription {
  stop: Unsubscribe
  /** Something was left out because the client was behind; it is subscribed afresh once the client has caught up. */
  behind: boolean
  readonly restart: () => void
}

/**
 * Answers one link; everything it subscribed to ends with it. A client reports what it has read (`read` frames). Once
 * `window` unread characters are out, events are left out instead of queued, and each subscription that missed
 * something starts again, with its snapshot, when half of the window is free: memory stays flat however slow the reader.
 */
export function serveLink(link: Link, router: Router, actor: Actor, log: Log, window = WINDOW): void {
  const subscriptions = new Map<number, Subscription>()
  const caller = { actor }
  let unread = 0
  let closed = false

  const send = (response: Response) => {
    if (closed) return
    const frame = JSON.stringify(response)
    unread += frame.length
    link.send(frame)
  }

  function listen(id: number, path: string, data: unknown): void {
    subscriptions.get(id)?.stop()
    const start = (): Unsubscribe => {
      const outcome = router.listen(
        path,
        data,
        (payload) => {
          const mine = subscriptions.get(id)
          if (closed || mine?.behind) return false
          if (unread > window && mine) {
            mine.behind = true
            return false
          }
          send({ kind: 'event', id, data: payload })
          return true
        },
        caller,
      )
      if (outcome.ok) return outcome.data
      send({ kind: 'failure', id, code: outcome.code, details: outcome.details })
      return () => {}
    }
    const subscription: Subscription = {
      stop: () => {},
      behind: false,
      restart: () => {
        subscription.stop()
        subscription.behind = false
        subscription.stop = start()
      },
    }
    subscriptions.set(id, subscription)
    subscription.stop = start()
  }

  function read(characters: number): void {
    unread = Math.max(0, unread - characters)
    for (const subscription of subscriptions.values()) {
      if (unread > window / 2) return
      if (subscription.behind) subscription.restart()
    }
  }

  async function answer(frame: string): Promise<void> {
    const request = Request.parse(JSON.parse(frame))
    switch (request.kind) {
      case 'call': {
        const outcome = await router.call(request.path, request.data, caller)
        if (outcome.ok) send({ kind: 'value', id: request.id, data: outcome.data })
        else send({ kind: 'failure', id: request.id, code: outcome.code, details: outcome.details })
        return
      }
      case 'listen':
        return listen(request.id, request.path, request.data)
      case 'unlisten':
        subscriptions.get(request.id)?.stop()
        subscriptions.delete(request.id)
        return
      case 'read':
        return read(request.characters)
    }
  }

  // Over a socket the peer is only a claim: a frame we cannot read is dropped, and main keeps running.
  link.onFrame((frame) => void answer(frame).catch((error) => log.warn('rpc', 'frame dropped', { error })))
  link.onClose(() => {
    closed = true
    for (const subscription of subscriptions.values()) subscription.stop()
    subscriptions.clear()
  })
}
