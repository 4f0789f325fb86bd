import { expect, test } from 'vitest'
import type { Json, JsonObject } from './package-types.ts'
import { isCollection, readCollection } from './postman-collection.ts'
import { documentOf } from './request-document.ts'

const collection = (item: Json, more: JsonObject = {}): JsonObject => ({
  info: { name: '天气', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item,
  ...more,
})
const value = (place: string, name: string, value: string | null, description = '') => ({
  place,
  name,
  value,
  description,
})
const field = (name: string, value: string | null, file = false) => ({ name, value, file, description: '' })

const weather = collection(
  [
    {
      name: 'Cities',
      item: [
        {
          name: 'Find a city',
          request: {
            method: 'POST',
            description: { content: 'By its name' },
            header: [
              { key: 'X-Lang', value: 'zh' },
              { key: 'X-Off', value: 'x', disabled: true },
            ],
            url: {
              raw: '{{base}}/cities/:id/{{kind}}?q=a&page={{page}}',
              host: ['{{base}}'],
              path: ['cities', ':id', '{{kind}}'],
              query: [
                { key: 'q', value: 'a', description: 'Name' },
                { key: 'page', value: '{{page}}' },
              ],
              variable: [{ key: 'id', value: '7' }],
            },
            body: { mode: 'raw', raw: '{"n": {{n}}, "name": "x"}', options: { raw: { language: 'json' } } },
          },
        },
      ],
    },
  ],
  {
    variable: [
      { key: 'base', value: 'https://{{host}}/v1' },
      { key: 'host', value: 'api.example.com' },
    ],
    auth: { type: 'bearer', bearer: [{ key: 'token', value: 'abc' }] },
  },
)

test('folders, variables, tokens, path, query and body', () => {
  expect(isCollection(weather)).toBe(true)
  expect(readCollection(weather)).toEqual({
    name: '天气',
    description: '',
    notes: [],
    requests: [
      {
        name: 'Find a city',
        description: 'By its name',
        folder: 'Cities',
        method: 'POST',
        server: 'https://api.example.com',
        path: '/v1/cities/{id}/{kind}',
        parameters: [
          value('query', 'q', 'a', 'Name'),
          value('query', 'page', null),
          value('path', 'id', '7'),
          value('header', 'X-Lang', 'zh'),
        ],
        body: { kind: 'json', value: { n: '{{n}}', name: 'x' } },
        auth: { kind: 'serviceToken', name: 'Authorization', token: 'Bearer abc', place: 'header' },
      },
    ],
  })
})

test('v2.0: an address and headers as text, settings of a token as an object', () => {
  const { requests } = readCollection(
    collection([
      { name: 'a', request: 'http://h/a?b=1' },
      {
        name: 'b',
        request: {
          url: 'http://h/b',
          method: 'get',
          header: 'X-A: 1\nX-B: 2',
          auth: { type: 'apikey', apikey: { key: 'k', value: 'v', in: 'query' } },
        },
      },
      { name: 'c', request: { url: 'http://h/c', auth: { type: 'basic', basic: { username: 'u', password: 'p' } } } },
    ]),
  )
  expect(requests.map(({ parameters, auth }) => ({ parameters, auth }))).toEqual([
    { parameters: [value('query', 'b', '1')], auth: { kind: 'none' } },
    {
      parameters: [value('header', 'X-A', '1'), value('header', 'X-B', '2')],
      auth: { kind: 'serviceToken', name: 'k', token: 'v', place: 'query' },
    },
    { parameters: [], auth: { kind: 'serviceToken', name: 'Authorization', token: 'Basic dTpw', place: 'header' } },
  ])
})

test('forms and files', () => {
  const body = (mode: string, list: Json) => ({
    request: { method: 'POST', url: 'http://h/', body: { mode, [mode]: list } },
  })
  const { requests } = readCollection(
    collection([
      body('urlencoded', [
        { key: 'a', value: '1' },
        { key: 'b', value: '{{b}}' },
        { key: 'c', value: '', disabled: true },
      ]),
      body('formdata', [
        { key: 'f', type: 'file', src: '/etc/passwd' },
        { key: 't', value: 'x', type: 'text' },
      ]),
      body('graphql', { query: '{ a }', variables: '{"n":1}' }),
    ]),
  )
  expect(requests.map(({ body }) => body)).toEqual([
    { kind: 'form', fields: [field('a', '1'), field('b', null)] },
    { kind: 'multipart', fields: [field('f', null, true), field('t', 'x')] },
    { kind: 'json', value: { query: '{ a }', variables: { n: 1 } } },
  ])
})

test('what cannot be taken over is told where it stands', () => {
  const { requests, notes } = readCollection(
    collection([
      { name: 'no address', request: { method: 'GET' } },
      {
        name: 'open',
        event: [{ listen: 'test' }],
        request: { url: 'http://{{server}}/a', auth: { type: 'awsv4' }, body: { mode: 'file' } },
      },
    ]),
  )
  expect(requests.length).toBe(1)
  expect(notes.map(({ code, pointer }) => [code, pointer])).toEqual([
    ['POSTMAN_REQUEST_UNREADABLE', '/item/0'],
    ['POSTMAN_SCRIPT_IGNORED', '/item/1/event'],
    ['POSTMAN_VARIABLE_UNSET', '/item/1/request/url'],
    ['POSTMAN_BODY_UNSUPPORTED', '/item/1/request/body'],
    ['POSTMAN_AUTH_UNSUPPORTED', '/item/1/request/auth'],
  ])
})

test('variables that name each other end', () => {
  const circle = [
    { key: 'a', value: '{{b}}{{b}}' },
    { key: 'b', value: '{{a}}{{a}}' },
  ]
  expect(readCollection(collection([{ request: 'http://h/{{a}}' }], { variable: circle })).requests.length).toBe(1)
})

test('the values that were written become defaults of a document', () => {
  const { requests } = readCollection(weather)
  const { document, merged } = documentOf('天气', '', [...requests, ...requests])
  expect(merged).toEqual(['Find a city'])
  expect(document).toEqual({
    openapi: '3.0.3',
    info: { title: '天气', description: '天气', version: 'v1.0.0' },
    servers: [{ url: 'https://api.example.com' }],
    paths: {
      '/v1/cities/{id}/{kind}': {
        post: {
          operationId: 'Find_a_city',
          summary: 'Find a city',
          description: 'By its name',
          tags: ['Cities'],
          parameters: [
            { name: 'q', in: 'query', required: false, description: 'Name', schema: { type: 'string', default: 'a' } },
            { name: 'page', in: 'query', required: true, schema: { type: 'string' } },
            { name: 'id', in: 'path', required: true, schema: { type: 'string', default: '7' } },
            { name: 'X-Lang', in: 'header', required: false, schema: { type: 'string', default: 'zh' } },
            { name: 'kind', in: 'path', required: true, schema: { type: 'string' } },
          ],
          requestBody: {
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  properties: { n: { type: 'string', default: '{{n}}' }, name: { type: 'string', default: 'x' } },
                },
              },
            },
          },
          responses: {
            200: { description: 'OK', content: { 'application/json': { schema: { type: 'object', properties: {} } } } },
          },
        },
      },
    },
  })
})
