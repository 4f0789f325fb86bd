import { createHash } from 'node:crypto'
import type { Figure } from '../lib/figure.ts'

/** The machine itself: the same fixed work again and again. Its spread is what the other figures cannot be finer than. */
export async function noise(): Promise<Figure[]> {
  const block = Buffer.alloc(1_000_000)
  const runs = Array.from({ length: 30 }, () => {
    const from = performance.now()
    for (let i = 0; i < 20; i++) createHash('sha256').update(block).digest()
    return performance.now() - from
  })
  return [{ name: 'machine noise: hash 20 MB', unit: 'ms', runs, target: null }]
}
