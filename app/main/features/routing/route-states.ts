import type { RouteState } from '../../../shared/contracts/routing.ts'
import type { Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Log } from '../../lib/log.ts'

interface Watched {
  readonly followers: Set<Emit<RouteState>>
  last: { readonly state: RouteState; readonly text: string } | null
  timer: NodeJS.Timeout | null
}

/** How routes stand, for whoever looks: the worker is asked at most once a second a feature, and not at all when nobody does. */
export function createRouteStates(parts: {
  readonly ask: (feature: string) => Promise<RouteState>
  readonly log: Log
  readonly everyMs?: number
}) {
  const { ask, log, everyMs = 1000 } = parts
  const watched = new Map<string, Watched>()
  let stopped = false

  async function look(feature: string, one: Watched): Promise<void> {
    one.timer = null
    try {
      const state = await ask(feature)
      const text = JSON.stringify({ ...state, at: 0 })
      if (one.last?.text !== text) {
        one.last = { state, text }
        for (const emit of [...one.followers]) emit(state)
      }
    } catch (error) {
      // It is being started again, or the feature has gone: who looks is told when there is something to tell.
      log.debug('routing', 'state not known', { feature, error })
    }
    if (stopped || one.followers.size === 0) return
    one.timer = setTimeout(() => void look(feature, one), everyMs)
    one.timer.unref()
  }

  return {
    follow(feature: string, emit: Emit<RouteState>): Unsubscribe {
      let one = watched.get(feature)
      if (one) {
        one.followers.add(emit)
        if (one.last) emit(one.last.state)
      } else {
        one = { followers: new Set([emit]), last: null, timer: null }
        watched.set(feature, one)
        void look(feature, one)
      }
      const mine = one
      return () => {
        mine.followers.delete(emit)
        if (mine.followers.size > 0) return
        if (mine.timer) clearTimeout(mine.timer)
        if (watched.get(feature) === mine) watched.delete(feature)
      }
    },
    stop(): void {
      stopped = true
      for (const { timer } of watched.values()) if (timer) clearTimeout(timer)
      watched.clear()
    },
  }
}
