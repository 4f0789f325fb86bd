import type { Key } from '../../../shared/contracts/keys.ts'
import type { Mark } from '../../ui/StateMark.tsx'

/** How a key is, as the marks say it: ● ready, ▲ pauses by itself, ■ does not answer, ○ not in use. */
export function conditionOf({ state }: Pick<Key, 'state'>): Mark {
  switch (state.kind) {
    case 'ready':
      return 'ok'
    case 'cooling':
      return 'warn'
    case 'benched':
    case 'broken':
      return 'fail'
    case 'disabled':
    case 'expired':
      return 'stopped'
  }
}

/** A pause ends by itself and a disabled key was meant to be; an expired one was not. */
export const needsAttention = ({ state }: Pick<Key, 'state'>): boolean =>
  state.kind === 'benched' || state.kind === 'broken' || state.kind === 'expired'

/** Whether it waits for something that `resetCooldown` forgets. */
export const isResting = ({ state }: Pick<Key, 'state'>): boolean =>
  state.kind === 'benched' || state.kind === 'broken' || state.kind === 'cooling'

/** Until when it rests; null for what does not end by itself. */
export const restsUntil = ({ state }: Pick<Key, 'state'>): number | null =>
  state.kind === 'benched' || state.kind === 'broken' || state.kind === 'cooling' ? state.until : null

/** How many keys wait for the operator: the number on the rail. */
export function countAttention(byId: ReadonlyMap<string, Key>): number {
  let count = 0
  for (const key of byId.values()) if (needsAttention(key)) count++
  return count
}
