import { expect, test } from 'vitest'
import { isCurl, readCurl } from './curl.ts'
import { readDocument } from './document.ts'
import type { Json } from './package-types.ts'
import { isPostman, readPostman } from './postman.ts'

const postman = (item: Json) =>
  readDocument('weather.json', JSON.stringify({ info: { name: 'Weather', schema: 'v2.1.0' }, item }, null, 1))

test('a curl line becomes a plugin with one tool that repeats it', async () => {
  const text =
    '$ curl -X POST \'https://api.example.com/v1/{city}?lang=zh\' -H \'X-API-Key: k\' -d \'{"days": 3, "tags": ["a"]}\''
  expect(isCurl(text)).toBe(true)
  const { plugins, findings } = await readCurl('curl.txt', text, { strict: false })
  expect(findings.map(({ code }) => code)).toEqual(['CURL_JSON_ASSUMED'])
  expect(plugins.length).toBe(1)
  expect(plugins[0]).toMatchObject({
    ...{ kind: 'curl', id: 'api-example-com', name: 'api.example.com', nameForModel: 'api-example-com' },
    server: 'https://api.example.com',
    auth: { kind: 'serviceToken', name: 'X-API-Key', token: 'k', place: 'header' },
    repairs: [],
    tools: [
      {
        ...{ method: 'POST', path: '/v1/{city}', disabled: null },
        parameters: [
          { name: 'lang', place: 'query', required: false, schema: { type: 'string', default: 'zh' } },
          { name: 'city', place: 'path', required: true, schema: { type: 'string' } },
        ],
        body: {
          mediaType: 'application/json',
          schema: {
            type: 'object',
            properties: {
              days: { type: 'integer', default: 3 },
              tags: { type: 'array', items: { type: 'string' }, default: ['a'] },
            },
          },
        },
      },
    ],
  })
})

test('what is no curl line has a finding and no plugin', async () => {
  expect([isCurl('wget x'), isCurl('curly: brace'), isCurl('')]).toEqual([false, false, false])
  const { plugins, findings } = await readCurl('curl.txt', 'curl ftp://x', { strict: false })
  expect([plugins, findings.map(({ code }) => code)]).toEqual([[], ['CURL_UNREADABLE']])
})

test('a collection becomes one plugin per server', async () => {
  const document = postman([
    { name: 'One', request: 'http://a.example.com/one' },
    { name: 'Two', request: { url: 'http://a.example.com/two', auth: { type: 'bearer', bearer: { token: 't' } } } },
    { name: 'Again', request: 'http://a.example.com/one?x=1' },
    { name: 'Three', request: 'http://b.example.com/three' },
    { name: 'Nowhere', request: {} },
  ])
  expect(isPostman(document)).toBe(true)
  const { plugins, findings } = await readPostman(document, { strict: false })
  expect(
    plugins.map(({ id, server, tools, auth }) => [
      id,
      server,
      auth.kind,
      tools.map((tool) => [tool.operationId, tool.disabled]),
    ]),
  ).toEqual([
    [
      'weather-a-example-com',
      'http://a.example.com',
      'none',
      [
        ['One', null],
        ['Two', null],
      ],
    ],
    ['weather-b-example-com', 'http://b.example.com', 'none', [['Three', null]]],
  ])
  expect(findings.map(({ code, line }) => [code, line])).toEqual([
    ['POSTMAN_REQUEST_UNREADABLE', 31],
    ['POSTMAN_REQUEST_MERGED', null],
    ['POSTMAN_AUTH_DIFFERS', null],
  ])
})
