import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Log } from '../../lib/log.ts'

/** Of the time, at most this part is spent on asking, however wide the routes are. */
const SHARE = 0.05

interface Watched<State> {
  readonly followers: Set<Emit<State>>
  last: { readonly state: State; readonly text: string } | null
  timer: NodeJS.Timeout | null
}

/**
 * How routes stand, for whoever looks: the worker is asked at most once a second for each subject (a feature, or all of
 * them), and not at all when nobody does.
 */
export function createRouteStates<State extends { readonly at: number }>(parts: {
  readonly ask: (subject: string) => Promise<State>
  readonly log: Log
  readonly everyMs?: number
}) {
  const { ask, log, everyMs = 1000 } = parts
  const watched = new Map<string, Watched<State>>()
  let stopped = false

  async function look(subject: string, one: Watched<State>): Promise<void> {
    one.timer = null
    const began = performance.now()
    try {
      const state = await ask(subject)
      const text = JSON.stringify({ ...state, at: 0 })
      if (one.last?.text !== text) {
        one.last = { state, text }
        for (const emit of [...one.followers]) emit(state)
      }
    } catch (error) {
      // It is being started again, or the feature has gone: who looks is told when there is something to tell.
      log.debug('routing', 'state not known', { subject, error })
    }
    if (stopped || one.followers.size === 0) return
    const pause = Math.max(everyMs, (performance.now() - began) / SHARE)
    one.timer = setTimeout(() => void look(subject, one), pause)
    one.timer.unref()
  }

  return {
    follow(subject: string, emit: Emit<State>): Unsubscribe {
      let one = watched.get(subject)
      if (one) {
        one.followers.add(emit)
        if (one.last) emit(one.last.state)
      } else {
        one = { followers: new Set([emit]), last: null, timer: null }
        watched.set(subject, one)
        void look(subject, one)
      }
      const mine = one
      return () => {
        mine.followers.delete(emit)
        if (mine.followers.size > 0) return
        if (mine.timer) clearTimeout(mine.timer)
        if (watched.get(subject) === mine) watched.delete(subject)
      }
    },
    stop(): void {
      stopped = true
      for (const { timer } of watched.values()) if (timer) clearTimeout(timer)
      watched.clear()
    },
  }
}
