import { expect, test } from 'vitest'
import { cpuMs } from '../../../../tests/lib/cpu-time.ts'
import { beginningOf, createEventStream, firstData } from './event-stream.ts'

const event = (json: unknown, end = '\n\n') => `data: ${typeof json === 'string' ? json : JSON.stringify(json)}${end}`
const words = (text: string) => ({ choices: [{ delta: { content: text } }], usage: null })
const used = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }

/** What passes of a text that comes in pieces of so many bytes. */
function pass(text: string, size: number, withoutUsage = true) {
  const stream = createEventStream({ withoutUsage })
  const bytes = Buffer.from(text)
  let passed = ''
  for (let from = 0; from < bytes.length; from += size) {
    // Whole events only, however the pieces are cut: characters of several bytes stay whole with them.
    passed += stream.push(bytes.subarray(from, from + size))?.toString() ?? ''
  }
  passed += stream.finish()?.toString() ?? ''
  return { passed, usage: stream.usage(), done: stream.done(), n: stream.events() }
}

test.each([1, 3, 7, 64, 10_000])(
  'events pass whole in pieces of %i bytes, the one that tells usage does not',
  (size) => {
    const before = event(words('潮 "usage":{')) + event(words('data: [DONE]'), '\r\n\r\n')
    const text = before + event(used) + event('[DONE]')
    expect(pass(text, size)).toEqual({ passed: before + event('[DONE]'), usage: used, done: true, n: 3 })
    expect(pass(text, size, false)).toEqual({ passed: text, usage: used, done: true, n: 3 })
    expect(pass(`${before}data: {"cho`, size)).toEqual({
      ...{ passed: before, usage: null, done: false, n: 2 },
    })
    expect(pass(`${before}data: [DONE]`, size)).toEqual({
      ...{ passed: before + event('[DONE]'), usage: null, done: true, n: 2 },
    })
  },
)

test('usage beside the last words is read and stays', () => {
  const last = { choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1 } }
  expect(pass(event(last), 5)).toEqual({ passed: event(last), usage: last, done: false, n: 1 })
})

test('an event that never ends is passed on in pieces', () => {
  const stream = createEventStream({ withoutUsage: true })
  const big = Buffer.alloc(700 * 1024, 97)
  expect([stream.push(big), stream.push(big)?.length, stream.finish()]).toEqual([null, 2 * big.length, null])
})

test('words, a failure, or nothing that belongs in the first event', () => {
  const error = { error: { message: 'too many' } }
  const texts = [event(error), event({ error: null, choices: [] }), event(words('"error"')), ': hello\n\n']
  const told = [...texts, event('[DONE]'), event('hello'), event('7')].map((text) => beginningOf(Buffer.from(text)))
  const plain = { kind: 'words' }
  const garbage = { kind: 'garbage' }
  expect(told).toEqual([{ kind: 'error', json: error }, plain, plain, plain, plain, garbage, garbage])
})

test('an event costs what it is long, in however many pieces it comes', () => {
  const stream = createEventStream({ withoutUsage: true })
  const text = event(words('a'.repeat(1_000_000)))
  const bytes = Buffer.from(text)
  const begun = cpuMs()
  let passed = ''
  for (let from = 0; from < bytes.length; from += 16) {
    passed += stream.push(bytes.subarray(from, from + 16))?.toString() ?? ''
  }
  expect([passed === text, stream.events()]).toEqual([true, 1])
  expect(cpuMs() - begun).toBeLessThan(2000)
})

test('where data begins: comments and events without it are before', () => {
  const [comment, ping, data] = [': data: no\n\n', 'event: ping\r\n\r\n', 'id: 1\ndata: {}\n\n']
  const at = (text: string) => firstData(Buffer.from(text))
  expect([at(data), at(comment + ping + data), at(comment + ping), at(event('[DONE]'))]).toEqual([
    ...[0, comment.length + ping.length, comment.length + ping.length, 0],
  ])
})
