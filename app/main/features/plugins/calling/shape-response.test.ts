import { expect, test } from 'vitest'
import { shapeResponse } from './shape-response.ts'

test.each<[string, string, Buffer | string, unknown]>([
  ['JSON with a mark before it', 'application/json', '\ufeff{"a":1}', { a: 1 }],
  ['JSON of another charset', 'application/json; charset=GBK', Buffer.from('7b2261223a22d6d0227d', 'hex'), { a: '中' }],
  ['JSON that is said to be text', 'text/html', ' \n[1]', [1]],
  ['JSON of a vendor', 'application/problem+json', '{"a":1}', { a: 1 }],
  ['what is said to be JSON and is none', 'application/json', '{"a":', { text: '{"a":' }],
  ['a page', 'text/html', '<p>', { text: '<p>' }],
  ['UTF-16', 'text/plain; charset=utf-16le', Buffer.from('文', 'utf16le'), { text: '文' }],
  ['latin1', 'text/plain; charset=iso-8859-1', Buffer.from([0xe9]), { text: 'é' }],
  ['a charset that nobody knows', 'text/plain; charset=klingon', 'a', { text: 'a' }],
  ['text without a type', '', 'a', { text: 'a' }],
  ['bytes without a type', '', Buffer.from([0, 1]), { base64: 'AAE=', mediaType: 'application/octet-stream' }],
  ['XML', 'application/xml', '<a/>', { text: '<a/>' }],
  ['nothing', 'application/json', '', null],
])('%s', (_, type, body, shaped) => {
  expect(shapeResponse(null, type === '' ? {} : { 'content-type': type }, Buffer.from(body))).toEqual(shaped)
})

test('JSON that nobody could walk through is told as text', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}"]]]"${']'.repeat(depth)}`
  const shape = (text: string) => shapeResponse(null, { 'content-type': 'application/json' }, Buffer.from(text))
  expect(shape(nested(100_000))).toEqual({ text: nested(100_000) })
  expect(JSON.stringify(shape(nested(400)))).toBe(nested(400))
  const flat = JSON.stringify(Array.from({ length: 1000 }, () => ({ '[{"': ['\\"['] })))
  expect(JSON.stringify(shape(flat))).toBe(flat)
})
