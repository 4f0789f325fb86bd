import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPace } from './pace.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('many requests let the heap grow, and it shrinks when they have been few for a while', () => {
  const seen: string[] = []
  const pace = createPace(
    () => seen.push('calmed'),
    (flag) => seen.push(flag),
  )
  const second = (requests: number) => {
    for (let i = 0; i < requests; i++) pace.request()
    vi.advanceTimersByTime(1000)
    return seen.splice(0)
  }
  expect([second(49), second(50), second(500), second(0), second(60)]).toEqual([
    ...[[], ['--no-optimize-for-size'], []],
    ...[[], []],
  ])
  const calm = Array.from({ length: 15 }, () => second(10))
  expect(calm.flat()).toEqual(['--optimize-for-size', 'calmed'])
  expect(calm.at(-1)).toEqual(['--optimize-for-size', 'calmed'])
  expect(vi.getTimerCount()).toBe(0)
  expect([second(50), second(0)]).toEqual([['--no-optimize-for-size'], []])
  pace.stop()
  expect(seen).toEqual(['--optimize-for-size'])
})
