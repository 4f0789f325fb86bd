import type { Json, JsonObject } from '../packages/package-types.ts'

const texts: Readonly<Record<string, Json>> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  time: '12:00:00Z',
  duration: 'P1D',
  uri: 'https://example.com',
  url: 'https://example.com',
  'uri-reference': '/example',
  email: 'person@example.com',
  hostname: 'example.com',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'ZXhhbXBsZQ==',
  binary: { filename: 'example.txt', mediaType: 'text/plain', base64: 'ZXhhbXBsZQ==' },
  int32: '1',
  int64: '1',
  float: '1',
  double: '1',
}

/** A text of the format that is asked for; a plain one is as long as it has to be, within reason. */
export function exampleText(schema: JsonObject): Json {
  const { format, minLength, maxLength } = schema
  if (typeof format === 'string' && Object.hasOwn(texts, format)) return texts[format]!
  const least = typeof minLength === 'number' ? Math.min(minLength, 1000) : 0
  const most = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY
  return 'example'.repeat(Math.max(1, Math.ceil(least / 7))).slice(0, Math.max(0, Math.min(Math.max(least, 7), most)))
}

/** 1 where it is allowed, else a number within the bounds. */
export function exampleNumber(schema: JsonObject): number {
  const whole = schema['type'] === 'integer'
  const number = (name: string) => {
    const value = schema[name]
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  const multiple = number('multipleOf')
  const step = multiple !== null && multiple > 0 ? multiple : whole ? 1 : null
  const from = number('exclusiveMinimum') ?? number('minimum')
  const to = number('exclusiveMaximum') ?? number('maximum')
  const open = (name: string) => typeof schema[name] === 'number' || schema[name] === true
  const allowed = (value: number) =>
    (from === null || value > from || (value === from && !open('exclusiveMinimum'))) &&
    (to === null || value < to || (value === to && !open('exclusiveMaximum')))
  const steps = (value: number, round: (value: number) => number) =>
    step === null ? value : Number((round(value / step) * step).toPrecision(15))
  const wide = step ?? 1
  const candidates = [
    steps(1, Math.ceil),
    ...(from === null ? [] : [steps(from, Math.ceil), steps(from + wide, Math.floor)]),
    ...(to === null ? [] : [steps(to, Math.floor), steps(to - wide, Math.ceil)]),
    ...(from === null || to === null ? [] : [(from + to) / 2]),
  ]
  return candidates.find(allowed) ?? candidates[0]!
}
