import { expect, test } from 'vitest'
import { createLive } from './live.ts'

test('who looks is told at once, and again when the answer is another, at most so often', async () => {
  let answer = 1
  let asked = 0
  const live = createLive({
    answer: (question: string) => {
      asked++
      return `${question} ${answer}`
    },
    failed: () => {},
    everyMs: 1,
  })
  const heard: string[] = []
  const third = Promise.withResolvers<void>()
  const change = (next: number) => {
    answer = next
    // A burst is one look.
    for (let i = 0; i < 100; i++) live.changed()
  }
  const leave = live.follow('q', (told) => {
    heard.push(told)
    if (heard.length === 2) change(3)
    if (heard.length === 3) third.resolve()
    return true
  })
  change(2)
  await third.promise
  leave()
  const before = asked
  live.changed()
  live.stop()
  expect({ heard, before, after: asked }).toEqual({ heard: ['q 1', 'q 2', 'q 3'], before: 3, after: 3 })
})

test('a failure is told, and those who look hear the next answer', async () => {
  const failure = Promise.withResolvers<unknown>()
  let answer = () => 'first'
  const live = createLive({ answer: (_: null) => answer(), failed: failure.resolve, everyMs: 1 })
  const next = Promise.withResolvers<string>()
  live.follow(null, (told) => {
    if (told !== 'first') next.resolve(told)
    return true
  })
  const error = new Error('the database is busy')
  answer = () => {
    throw error
  }
  live.changed()
  expect(await failure.promise).toBe(error)
  answer = () => 'second'
  live.changed()
  expect(await next.promise).toBe('second')
  live.stop()
})
