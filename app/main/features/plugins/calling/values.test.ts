import { expect, test } from 'vitest'
import { callerFor, inUse, readDocument, startUpstream } from './test-plugins.ts'

const ok = "responses: { '200': { description: d, content: { application/json: { schema: { type: object } } } } }"
const api = (server: string, operation: string, path = '/x') => `openapi: 3.0.1
info: { title: Harbour, description: d, version: v1 }
servers: [{ url: '${server}' }]
paths:
  ${path}:
    post:
      operationId: x
      summary: s
${operation}
      ${ok}
`
const body = (schema: string, type = 'application/json') =>
  `      requestBody: { content: { ${type}: { schema: ${schema} } } }`

async function harbour(operation: string, path?: string) {
  const upstream = await startUpstream()
  const plugin = inUse(await readDocument(api(upstream.url, operation, path)))
  const { call } = callerFor()
  return {
    heard: upstream.heard,
    call: async (given: Record<string, unknown>) => await call(plugin, 'x', given as never),
  }
}

test('lists and objects are written in the style that the document asks for', async () => {
  const styled = (name: string, type: string, rest: string) =>
    `        - { name: ${name}, in: query, schema: { type: ${type} }, ${rest} }\n`
  const { call, heard } = await harbour(
    `      parameters:
        - { name: l, in: path, required: true, style: label, explode: true, schema: { type: array, items: { type: integer } } }
        - { name: m, in: path, required: true, style: matrix, schema: { type: array, items: { type: integer } } }
        - { name: s, in: path, required: true, schema: { type: array, items: { type: string } } }
        - { name: h, in: header, schema: { type: array, items: { type: string } } }
${styled('a', 'array', 'explode: true')}${styled('b', 'array', 'explode: false')}${styled('c', 'array', 'style: spaceDelimited, explode: false')}${styled('d', 'array', 'style: pipeDelimited, explode: false')}${styled('e', 'object', 'style: deepObject')}${styled('f', 'object', 'explode: false')}`,
    '/{l}/{m}/{s}',
  )
  const two = ['x,y', 'z']
  await call({
    l: [1, 2],
    m: [1, 2],
    s: two,
    h: ['p', 'q'],
    a: two,
    b: two,
    c: two,
    d: two,
    e: { k: { n: 1 } },
    f: { k: 1 },
  })
  expect([heard[0]!.url, heard[0]!.headers['h']]).toEqual([
    '/.1.2/;m=1,2/x%2Cy,z?a=x%2Cy&a=z&b=x%2Cy,z&c=x%2Cy%20z&d=x%2Cy%7Cz&e%5Bk%5D%5Bn%5D=1&f=k,1',
    'p,q',
  ])
})

test('an id of 64 bits arrives as it was given', async () => {
  const { call, heard } = await harbour(`      parameters:
        - { name: id, in: query, schema: { type: integer } }`)
  await call({ id: '7328314516272463923' })
  await call({ id: '42' })
  expect(heard.map(({ url }) => url)).toEqual(['/x?id=7328314516272463923', '/x?id=42'])
  for (const id of ['4.5', '1e3', 'seven', true, 4.5])
    expect((await call({ id })).failure).toMatchObject({ code: 'ARGUMENT_INVALID', details: { name: 'id' } })
})

test('what is hidden inside an argument is not taken, and what only answers have is not asked for', async () => {
  const answered = '{ type: string, readOnly: true }'
  const ship = `{ type: object, required: [made, name, flag], properties: { made: ${answered}, name: { type: string },
            flag: { type: string, x-local-disable: true, default: red }, crew: { type: string, x-global-disable: true } } }`
  const { call, heard } = await harbour(
    body(`{ type: object, required: [id, ship], properties: { id: ${answered}, ship: ${ship} } }`),
  )
  expect(await call({ ship: { name: 'A', flag: 'black', crew: 'x' } })).toMatchObject({ ok: true, dropped: [] })
  expect(JSON.parse(heard[0]!.body)).toEqual({ ship: { name: 'A', flag: 'red' } })
  expect((await call({ ship: { flag: 'black' } })).failure).toEqual({
    code: 'ARGUMENT_MISSING',
    details: { names: 'ship.name' },
  })
})

test('a text is a file only where the document says so', async () => {
  const { call, heard } = await harbour(
    body(
      '{ type: object, properties: { note: { type: string }, docs: { type: array, items: { type: string, format: binary } } } }',
      'multipart/form-data',
    ),
  )
  const file = { filename: '文.txt', mediaType: 'text/plain', base64: 'aGk=' }
  await call({ note: 'data:text/plain;base64,aGk=', docs: [file, 'data:text/csv;base64,YSxi', 'data:,a%20b'] })
  const { headers, bytes } = heard[0]!
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': headers['content-type']! },
  }).formData()
  const docs = await Promise.all(
    form.getAll('docs').map(async (one) => [(one as File).name, (one as File).type, await (one as File).text()]),
  )
  expect([form.get('note'), docs]).toEqual([
    'data:text/plain;base64,aGk=',
    [
      ['文.txt', 'text/plain', 'hi'],
      ['file', 'text/csv', 'a,b'],
      ['file', 'text/plain', 'a b'],
    ],
  ])
  for (const docs of [['plain'], ['data:text/plain;base64,*'], ['data:,%zz']])
    expect((await call({ docs })).failure).toMatchObject({ code: 'ARGUMENT_INVALID', details: { name: 'docs' } })
  expect(heard).toHaveLength(1)
})

test('bytes are given as base64', async () => {
  const { call, heard } = await harbour(body('{ type: string, format: binary }', 'application/octet-stream'))
  for (const one of ['AAEC/w==', 'data:image/png;base64,AAEC/w==', { base64: 'AAEC/w==' }]) await call({ body: one })
  expect(heard.map(({ bytes, headers }) => [...bytes, headers['content-type']])).toEqual(
    Array.from({ length: 3 }, () => [0, 1, 2, 255, 'application/octet-stream']),
  )
})

test('arguments that lie in one another without end are refused, not a crash', async () => {
  const { call, heard } = await harbour(body('{ type: object }'))
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  expect((await call({ deep })).failure?.code).toBe('ARGUMENT_INVALID')
  expect(heard).toEqual([])
})

test('a token of OpenAPI has the word of its scheme before it; every other is set as it is', async () => {
  const upstream = await startUpstream()
  const { call } = callerFor()
  const signed = async (scheme: string, token: string) => {
    const document = `${api(upstream.url, '')}components: { securitySchemes: { own: ${scheme} } }\n`
    await call(inUse(await readDocument(document), { configuration: { service_token: token } }), 'x')
    return upstream.heard.at(-1)!.headers.authorization
  }
  const [bearer, basic, key] = [
    '{ type: http, scheme: bearer }',
    '{ type: http, scheme: basic }',
    '{ type: apiKey, in: header, name: Authorization }',
  ] as const
  expect([
    await signed(bearer, 'abc\n'),
    await signed(bearer, 'Token abc'),
    await signed(basic, 'me:pass word'),
    await signed(basic, 'bWU6cGFzcw=='),
    await signed(key, 'abc'),
  ]).toEqual(['Bearer abc', 'Token abc', `Basic ${btoa('me:pass word')}`, 'Basic bWU6cGFzcw==', 'abc'])
})
