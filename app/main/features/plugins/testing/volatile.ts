import type { Json } from '../packages/package-types.ts'

// Fields that are another at each call say nothing about a new version. The rule errs on the side of telling: a field
// must keep its type, and either its name or both values must look like a time or a random id.

const dayMs = 86_400_000
const isoTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/
const httpTime = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const shapes = [isoTime, httpTime, uuid]

/** Names that mean the call itself. Not "time", "date" or "duration" alone: those may be what was asked for. */
const volatileName =
  /^(?:(?:x )?(?:request|trace|span|correlation|log) ?id|timestamp|ts|now|nonce|etag|uptime|elapsed|took|latency|(?:server|current|response|process|processing|elapsed) time|(?:elapsed|took|latency|uptime) ?(?:ms|us|s|seconds))$/

const words = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase()

/** Whether a field that differs is one that differs at each call. `now` is in Unix milliseconds. */
export function isVolatile(name: string, before: Json | undefined, after: Json | undefined, now: number): boolean {
  if (typeof before === 'string' && typeof after === 'string') {
    if (name.length <= 64 && volatileName.test(words(name))) return true
    return shapes.some((shape) => shape.test(before) && shape.test(after))
  }
  if (typeof before !== 'number' || typeof after !== 'number') return false
  return (name.length <= 64 && volatileName.test(words(name))) || isClock(before, after, now)
}

/** Seconds or milliseconds since 1970: the new one is of today, the recorded one older but not by decades. */
function isClock(before: number, after: number, now: number): boolean {
  return [1000, 1].some((unit) => {
    const [was, is] = [before * unit, after * unit]
    return Math.abs(is - now) < dayMs && was > now - 3650 * dayMs && was < now + dayMs
  })
}
