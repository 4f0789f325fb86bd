import { expect, test } from 'vitest'
import { parseCurl } from './curl-command.ts'

const parse = (text: string) => parseCurl(text).request
const field = (name: string, value: string | null, file = false) => ({ name, value, file, description: '' })
const value = (place: string, name: string, value: string | null) => ({ place, name, value, description: '' })

test('a call with a header, a token, a query and a JSON body', () => {
  const text = `curl -sS -X POST 'https://api.example.com:8443/v1/{tenant}/search?limit=10' \\
    -H "Authorization: Bearer abc\\"d" \\
    -H 'Content-Type: application/json' -H 'X-Trace: on' \\
    --data-raw '{"q": "天气", "deep": {"n": 1.5}}' | jq .`
  expect(parseCurl(text)).toEqual({
    notes: [{ severity: 'info', code: 'CURL_REST_IGNORED', details: {} }],
    request: {
      name: 'POST /v1/{tenant}/search',
      description: '',
      folder: '',
      method: 'POST',
      server: 'https://api.example.com:8443',
      path: '/v1/{tenant}/search',
      parameters: [value('query', 'limit', '10'), value('header', 'X-Trace', 'on')],
      body: { kind: 'json', value: { q: '天气', deep: { n: 1.5 } } },
      auth: { kind: 'serviceToken', name: 'Authorization', token: 'Bearer abc"d', place: 'header' },
    },
  })
})

test.each([
  ['curl example.com/a', 'GET', null],
  ['curl -XDELETE http://example.com/a', 'DELETE', null],
  ['curl -I http://example.com', 'HEAD', null],
  [
    'curl http://h/ -d a=1 -d "b=x%20y&c="',
    'POST',
    { kind: 'form', fields: [field('a', '1'), field('b', 'x y'), field('c', '')] },
  ],
  ['curl http://h/ --data-urlencode "q=a b&c"', 'POST', { kind: 'form', fields: [field('q', 'a b&c')] }],
  [
    'curl http://h/ -F file=@photo.png -F "note=hi;type=text/plain"',
    'POST',
    { kind: 'multipart', fields: [field('file', null, true), field('note', 'hi')] },
  ],
  ['curl http://h/ --json \'{"a":[1]}\'', 'POST', { kind: 'json', value: { a: [1] } }],
  ['curl http://h/ -d \'{"a":1}\'', 'POST', { kind: 'json', value: { a: 1 } }],
  [
    "curl http://h/ -H 'content-type: text/plain' -d hello",
    'POST',
    { kind: 'text', mediaType: 'text/plain', value: 'hello' },
  ],
  ['curl http://h/ --json $\'{"a":"it\\\'s \\u5929"}\'', 'POST', { kind: 'json', value: { a: "it's 天" } }],
])('%s', (text, method, body) => {
  const request = parse(text)
  expect(request?.method).toBe(method)
  if (body !== undefined) expect(request?.body).toEqual(body)
})

test('-G turns the data into a query, -u into a token, --url and combined flags are understood', () => {
  expect(
    parse('curl -sGu me:pa:ss -d a=1 --data-urlencode "q=ü ü" --compressed --max-time 5 --url http://h/x'),
  ).toMatchObject({
    method: 'GET',
    path: '/x',
    body: null,
    parameters: [value('query', 'a', '1'), value('query', 'q', 'ü ü')],
    auth: { kind: 'serviceToken', name: 'Authorization', token: 'Basic bWU6cGE6c3M=' },
  })
})

test('what a browser copies for cmd and for PowerShell is understood', () => {
  const cmd = 'curl ^"http://h/x?a=1^&b=2^" ^\r\n  -H ^"X-A: 5^%^^^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"'
  expect(parse(cmd)).toMatchObject({
    parameters: [value('query', 'a', '1'), value('query', 'b', '2'), value('header', 'X-A', '5%^')],
    body: { kind: 'json', value: { a: 1 } },
  })
  expect(parse('curl.exe http://h/x `\n -H "X-A: 1"')).toMatchObject({ parameters: [value('header', 'X-A', '1')] })
})

test('an unquoted & of an address is meant as part of it', () => {
  expect(parse('curl http://h/x?a=1&b=2')?.parameters).toEqual([value('query', 'a', '1'), value('query', 'b', '2')])
})

test('files are never read', () => {
  expect(parseCurl('curl http://h/x -d @/etc/passwd').notes.map(({ code }) => code)).toEqual(['CURL_FILE_NOT_READ'])
})

test.each([
  ["curl 'http://h", 'quote'],
  ['wget http://h', 'curl'],
  ['curl', 'url'],
  ['curl ftp://h/x', 'url'],
  ['curl file:///etc/passwd', 'url'],
  ['curl -X BREW http://h', 'method'],
  ['', 'curl'],
])('what is no call is told: %j', (text, reason) => {
  expect(parseCurl(text)).toEqual({
    request: null,
    notes: [{ severity: 'error', code: 'CURL_UNREADABLE', details: { reason } }],
  })
})
