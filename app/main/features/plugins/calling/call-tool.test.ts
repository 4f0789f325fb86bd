import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { callerFor, inUse, readDocument, startUpstream } from './test-plugins.ts'

const api = (server: string, paths: string) => `openapi: 3.0.1
info: { title: Harbour, description: d, version: v1 }
servers: [{ url: '${server}' }]
paths:
${paths}`
const ok = "responses: { '200': { description: d, content: { application/json: { schema: { type: object } } } } }"

const everywhere = `  /ships/{id}:
    post:
      operationId: dock
      summary: s
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: lang, in: header, schema: { type: string } }
        - { name: tags, in: query, schema: { type: array, items: { type: string } } }
        - { name: size, in: query, required: true, schema: { type: integer, enum: [1, 2] } }
        - { name: seen, in: cookie, schema: { type: boolean } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [berth]
              properties:
                berth: { type: object, required: [n], properties: { n: { type: number }, side: { type: string, default: port } } }
                night: { type: boolean, default: false }
                lang: { type: string }
      ${ok}
`

test('arguments go to their places, defaults and common parameters fill gaps, what is not known is told', async () => {
  const upstream = await startUpstream()
  const definition = await readDocument(api(upstream.url, everywhere), {
    commonParameters: {
      header: [{ name: 'User-Agent', value: 'Coze/1.0' }],
      query: [
        { name: 'tags', value: 'common' },
        { name: 'app', value: 'x' },
      ],
      body: [{ name: 'from', value: 'common' }],
      path: [],
    },
  })
  const { call } = callerFor()
  const outcome = await call(inUse(definition), 'dock', {
    ...{ id: 'a/b ?#', lang: '中文', tags: ['x', 'y&z'], size: '2', seen: true, berth: { n: '4.5' }, wind: 9 },
  })
  const [heard] = upstream.heard
  expect({ ...heard, headers: undefined, bytes: undefined, body: JSON.parse(heard!.body) }).toEqual({
    method: 'POST',
    url: '/ships/a%2Fb%20%3F%23?tags=x&tags=y%26z&size=2&app=x',
    headers: undefined,
    bytes: undefined,
    // `lang` is a header first; a nested default is filled in.
    body: { from: 'common', berth: { n: 4.5, side: 'port' }, night: false },
  })
  expect(heard!.headers).toMatchObject({
    ...{ 'user-agent': 'Coze/1.0', cookie: 'seen=true', 'content-type': 'application/json' },
    lang: Buffer.from('中文').toString('latin1'),
  })
  expect(outcome).toMatchObject({ ok: true, dropped: ['wind'], statusCode: 200, attempts: 1, failure: null })
  await call(inUse(definition), 'dock', { id: '7', size: 1, berth: { n: 1 } })
  expect(upstream.heard[1]!.url).toBe('/ships/7?tags=common&size=1&app=x')
})

test('wrong arguments are refused with their names, and nothing is sent', async () => {
  const upstream = await startUpstream()
  const plugin = inUse(await readDocument(api(upstream.url, everywhere)))
  const { call } = callerFor()
  const good = { id: '1', size: 1, berth: { n: 1 } }
  const codes = async (given: Record<string, unknown>, operation = 'dock') =>
    (await call(plugin, operation, given as never)).failure
  expect(await codes({ size: 1 })).toEqual({ code: 'ARGUMENT_MISSING', details: { names: 'id, berth' } })
  expect(await codes({ ...good, berth: {} })).toEqual({ code: 'ARGUMENT_MISSING', details: { names: 'berth.n' } })
  expect(await codes({ ...good, size: 3 })).toMatchObject({ code: 'ARGUMENT_INVALID', details: { name: 'size' } })
  expect(await codes({ ...good, berth: 'x' })).toMatchObject({ code: 'ARGUMENT_INVALID', details: { name: 'berth' } })
  expect(await codes({ ...good, lang: 'a\r\nx: y' })).toMatchObject({
    code: 'ARGUMENT_INVALID',
    details: { name: 'lang' },
  })
  for (const id of ['..', '.', '']) expect(await codes({ ...good, id })).toMatchObject({ code: 'ARGUMENT_INVALID' })
  expect(await codes(good, 'sink')).toMatchObject({ code: 'TOOL_NOT_FOUND' })
  expect((await call({ ...plugin, state: 'disabled' }, 'dock', good as never)).failure?.code).toBe('PLUGIN_NOT_ACTIVE')
  expect(upstream.heard).toEqual([])
})

test('bodies are written in the media type of the tool', async () => {
  const upstream = await startUpstream()
  const body = (type: string, schema: string) =>
    `    post: { operationId: ${type.replace(/\W/g, '')}, summary: s, requestBody: { required: true, content: { ${type}: { schema: ${schema} } } }, ${ok} }\n`
  const fields =
    '{ type: object, properties: { a: { type: string }, list: { type: array, items: { type: integer } } } }'
  const file = '{ type: object, properties: { note: { type: string }, doc: { type: string, format: binary } } }'
  const plugin = inUse(
    await readDocument(
      api(
        upstream.url,
        `  /1:\n${body('application/x-www-form-urlencoded', fields)}  /2:\n${body('multipart/form-data', file)}  /3:\n${body('application/json', '{ type: array, items: { type: integer } }')}  /4:\n${body('text/plain', '{ type: string }')}`,
      ),
    ),
  )
  const { call } = callerFor()
  await call(plugin, 'applicationxwwwformurlencoded', { a: 'x y&z', list: [1, 2] })
  const doc = { filename: 'a"b.txt', mediaType: 'text/plain', base64: Buffer.from('hi').toString('base64') }
  await call(plugin, 'multipartformdata', { note: 'n', doc })
  await call(plugin, 'applicationjson', { body: [1, 2] })
  await call(plugin, 'textplain', { body: 'plain 文' })
  const [form, multipart, list, text] = upstream.heard
  expect(form!.body).toBe('a=x+y%26z&list=1&list=2')
  const parsed = await new Response(new Uint8Array(multipart!.bytes), {
    headers: { 'content-type': multipart!.headers['content-type']! },
  }).formData()
  const received = parsed.get('doc') as File
  expect([parsed.get('note'), received.name, await received.text()]).toEqual(['n', 'a_b.txt', 'hi'])
  expect([list!.body, text!.body]).toEqual(['[1,2]', 'plain 文'])
})

test('any 2xx is a success; another status is a failure that keeps what was answered', async () => {
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/made') response.writeHead(201, { 'content-type': 'application/json' }).end('[1,2]')
    else if (url === '/none') response.writeHead(204).end()
    else if (url === '/text')
      response.writeHead(200, { 'content-type': 'text/plain; charset=gb18030' }).end(Buffer.from([0xd6, 0xd0]))
    else if (url === '/bytes') response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 0, 2]))
    else response.writeHead(422, { 'content-type': 'application/json' }).end('{"why":"tide"}')
  })
  const get = (name: string, schema = '{ type: object }') =>
    `  /${name}:\n    get: { operationId: ${name}, summary: s, responses: { '200': { description: d, content: { application/json: { schema: ${schema} } } } } }\n`
  const paths = `${get('made', '{ type: array, items: { type: integer } }')}${get('none')}${get('text')}${get('bytes')}${get('no')}`
  const plugin = inUse(await readDocument(api(upstream.url, paths)))
  const { call } = callerFor()
  const answers = await Promise.all(['made', 'none', 'text', 'bytes', 'no'].map((name) => call(plugin, name)))
  expect(answers.map(({ ok, data, failure }) => ({ ok, data, code: failure?.code }))).toEqual([
    { ok: true, data: { data: [1, 2] }, code: undefined },
    { ok: true, data: null, code: undefined },
    { ok: true, data: { text: '中' }, code: undefined },
    { ok: true, data: { base64: 'AQAC', mediaType: 'image/png' }, code: undefined },
    { ok: false, data: { why: 'tide' }, code: 'UPSTREAM_FAILED' },
  ])
})

const one = (server: string, method = 'get') =>
  api(server, `  /x:\n    ${method}: { operationId: x, summary: s, ${ok} }\n`)

test('only what may be repeated is sent again, and what does not come is told in time', async () => {
  let busy = 2
  const upstream = await startUpstream((_heard, response) => {
    if (busy-- > 0) response.writeHead(503, { 'retry-after': '0' }).end()
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  const { call } = callerFor()
  const get = inUse(await readDocument(one(upstream.url)))
  expect(await call(get, 'x')).toMatchObject({ ok: true, attempts: 3 })
  busy = 2
  const post = inUse(await readDocument(one(upstream.url, 'post')))
  expect(await call(post, 'x')).toMatchObject({ ok: false, attempts: 1, statusCode: 503 })
  expect(upstream.heard.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST'])

  const silent = await startUpstream(() => {})
  const waiting = inUse(await readDocument(one(silent.url)))
  expect((await call(waiting, 'x', {}, { timeLimitMs: 120 })).failure).toMatchObject({
    code: 'UPSTREAM_TIMEOUT',
    details: { seconds: 0.12 },
  })
  const giveUp = new AbortController()
  const cancelled = call(waiting, 'x', {}, { signal: giveUp.signal })
  giveUp.abort()
  expect((await cancelled).failure?.code).toBe('CANCELLED')
  const nobody = inUse(await readDocument(one('http://127.0.0.1:9')))
  expect((await call(nobody, 'x')).failure).toEqual({
    code: 'UPSTREAM_UNREACHABLE',
    details: { host: '127.0.0.1:9', reason: 'ECONNREFUSED' },
  })
})

test('an answer is bounded as it comes and as it unpacks', async () => {
  const upstream = await startUpstream(({ url }, response) => {
    if (url === '/x?') response.end()
    else if (url.includes('bomb'))
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000_000)))
    else if (url.includes('good')) {
      response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
        .end(gzipSync('{"a":1}'))
    } else {
      response.writeHead(200)
      const chunk = Buffer.alloc(1_000_000, 0x20)
      const more = () => {
        while (response.write(chunk));
        response.once('drain', more)
      }
      more()
    }
  })
  const query = `  /x:\n    get: { operationId: x, summary: s, parameters: [{ name: q, in: query, schema: { type: string } }], ${ok} }\n`
  const plugin = inUse(await readDocument(api(upstream.url, query)))
  const { call } = callerFor()
  const codes = await Promise.all(
    ['endless', 'bomb', 'good'].map(async (q) => (await call(plugin, 'x', { q })).failure?.code),
  )
  expect(codes).toEqual(['RESPONSE_TOO_LARGE', 'RESPONSE_TOO_LARGE', undefined])
})

test('one connection carries calls one after the other', async () => {
  const upstream = await startUpstream()
  const plugin = inUse(await readDocument(one(upstream.url)))
  const { call } = callerFor()
  for (let i = 0; i < 5; i++) await call(plugin, 'x')
  // The second call may be on its way before the connection of the first is told to be free.
  expect(upstream.sockets.size).toBeLessThanOrEqual(2)
})

test('secrets go out as they are and are nowhere in what is told, not even where they come back', async () => {
  const secret = 'tk "plain"/secret\\value'
  const upstream = await startUpstream(({ headers, url }, response) => {
    const echo = {
      headers,
      url,
      nested: [{ [`${headers['x-key']}`]: JSON.stringify(headers['x-key'] ?? '') }],
      port: 1,
    }
    response
      .writeHead(200, { 'content-type': 'application/json', 'x-echo': `${headers['x-key']}`, 'set-cookie': 'a=b' })
      .end(JSON.stringify(echo))
  })
  const header = await readDocument(one(upstream.url), {
    auth: { kind: 'serviceToken', name: 'X-Key', token: '', place: 'header' },
  })
  const query = await readDocument(one(upstream.url), {
    auth: { kind: 'serviceToken', name: 'key', token: secret, place: 'query' },
  })
  const { call, caller } = callerFor()
  const configured = inUse(header, { configuration: { service_token: secret } })
  const outcome = await call(configured, 'x', {}, { withExchange: true })
  const second = await call(inUse(query), 'x', {}, { withExchange: true })
  expect([upstream.heard[0]!.headers['x-key'], upstream.heard[1]!.url]).toEqual([
    secret,
    `/x?key=${encodeURIComponent(secret)}`,
  ])
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), 'secret']
  const told = JSON.stringify([outcome, second])
  expect(forms.filter((form) => told.includes(form) || told.includes(JSON.stringify(form).slice(1, -1)))).toEqual([])
  expect([outcome.data, outcome.exchange!.requestHeaders['x-key'], outcome.exchange!.responseHeaders]).toMatchObject([
    { headers: { 'x-key': '***' }, nested: [{ '***': '"***"' }], port: 1 },
    '***',
    { 'x-echo': '***', 'set-cookie': '***' },
  ])
  // A program has the answer as it is.
  expect((await call(configured, 'x')).data).toMatchObject({ headers: { 'x-key': secret } })
  const prepared = await Promise.all([configured, inUse(query)].map((plugin) => caller.prepare(plugin, 'x', {})))
  expect(JSON.stringify(prepared)).not.toContain('plain')
  expect(prepared.map(({ headers, url }) => headers['x-key'] ?? url.slice(-19))).toEqual([
    '<service_token>',
    'key=<service_token>',
  ])
})

test('what must be configured is asked for before anything is sent', async () => {
  const upstream = await startUpstream()
  const field = { label: 'Key', kind: 'secret', required: true, default: null, options: [], maxLength: null } as const
  const definition = await readDocument(one(upstream.url), { configuration: [{ ...field, name: 'service_token' }] })
  const { call } = callerFor()
  expect((await call(inUse(definition), 'x')).failure).toMatchObject({
    code: 'PLUGIN_NOT_CONFIGURED',
    details: { fields: 'Key' },
  })
  const elsewhere = inUse(definition, { configuration: { service_token: 'abcdefgh', server: `${upstream.url}/base/` } })
  expect((await call(elsewhere, 'x')).data).toMatchObject({ url: '/base/x' })
})

test('parameters and fields that are hidden are neither taken nor told', async () => {
  const upstream = await startUpstream(({ url }, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ url, inner: { open: 1, hidden: 2 }, gone: 3 })),
  )
  const paths = `  /x:
    get:
      operationId: x
      summary: s
      parameters: [{ name: mode, in: query, schema: { type: string, default: safe, x-local-disable: true } }]
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                properties:
                  inner: { type: object, properties: { hidden: { type: integer, x-global-disable: true } } }
                  gone: { type: integer, x-local-disable: true }
`
  const { call } = callerFor()
  const outcome = await call(inUse(await readDocument(api(upstream.url, paths))), 'x', { mode: 'raw' })
  expect({ data: outcome.data, dropped: outcome.dropped }).toEqual({
    data: { url: '/x?mode=safe', inner: { open: 1 } },
    dropped: ['mode'],
  })
})

test('schemas that lead to one another without end are read once', async () => {
  const upstream = await startUpstream()
  const choice =
    "{ anyOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }, { $ref: '#/components/schemas/A' }] }"
  const document = `${api(
    upstream.url,
    `  /x:
    post:
      operationId: x
      summary: s
      parameters: [{ name: Host, in: header, schema: { type: string, default: elsewhere } }]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } }
      ${ok}
`,
  )}components:
  schemas:
    A: { type: object, required: [a], properties: { a: { type: string } }, allOf: [${choice}, ${choice}, ${choice}] }
    B: { type: object, required: [b], properties: { b: { type: integer } }, allOf: [${choice}] }
`
  const { call } = callerFor()
  const outcome = await call(inUse(await readDocument(document)), 'x', { a: 'one', b: '2' })
  expect(outcome.data).toMatchObject({ body: '{"a":"one","b":2}' })
  expect(upstream.heard[0]!.headers.host).toBe(`127.0.0.1:${upstream.port}`)
})
