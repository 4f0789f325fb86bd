import { createHash } from 'node:crypto'
import type { Entry } from '../../../shared/contracts/audit.ts'

export type Line = Omit<Entry, 'hash'>

/** SHA-256 over the hash before and the line's fields in this order, as a JSON list. */
export function hashOf(line: Line, previous: string): string {
  const { sequence, time, actor, action, target, targetId, before, after, outcome, ends, code } = line
  const text = [previous, sequence, time, actor, action, target, targetId, before, after, outcome, ends, code]
  return createHash('sha256').update(JSON.stringify(text)).digest('hex')
}

/** The newest line as it was remembered apart from the lines themselves. */
export interface Tail {
  readonly sequence: number
  readonly hash: string
}
export type Verdict =
  | { readonly kind: 'whole'; readonly entries: number }
  | { readonly kind: 'broken'; readonly sequence: number; readonly reason: 'changed' | 'removed' | 'inserted' }

/** Walks the lines, handed in in order of sequence, some at a time; `end` compares with the tail. Null: nothing wrong so far. */
export function createVerifier(tail: Tail) {
  let last: Tail = { sequence: 0, hash: '' }
  const broken = (sequence: number, reason: 'changed' | 'removed' | 'inserted'): Verdict => ({
    kind: 'broken',
    sequence,
    reason,
  })
  return {
    next(entry: Entry): Verdict | null {
      if (entry.sequence <= last.sequence || entry.sequence > tail.sequence) return broken(entry.sequence, 'inserted')
      if (entry.sequence > last.sequence + 1) return broken(last.sequence + 1, 'removed')
      if (entry.hash !== hashOf(entry, last.hash)) return broken(entry.sequence, 'changed')
      last = { sequence: entry.sequence, hash: entry.hash }
      return null
    },
    end(): Verdict {
      if (last.sequence < tail.sequence) return broken(last.sequence + 1, 'removed')
      if (last.hash !== tail.hash) return broken(last.sequence, 'changed')
      return { kind: 'whole', entries: last.sequence }
    },
  }
}
