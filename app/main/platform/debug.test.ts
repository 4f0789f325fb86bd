import { expect, test } from 'vitest'
import { inUse, readDocument, startUpstream } from '../features/plugins/calling/test-plugins.ts'
import { startPlatform, tides } from './test-world.ts'

const upstreamOf = () =>
  startUpstream(({ url }, response) => {
    const broken = url.startsWith('/broken')
    response
      .writeHead(broken ? 500 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(broken ? { error: 'dry' } : { high: ['04:12'], url }))
  })

test('Coze Studio’s own call answers in its words', async () => {
  const upstream = await upstreamOf()
  const { send, of, stop } = await startPlatform({ plugins: [await tides(upstream.url)] })
  const debug = async (body: object) => (await send('POST', '/api/plugin_api/debug_api', body)).json
  const wanted = { plugin_id: '7001', api_id: 'high_water', operation: 1 }
  expect(await debug({ ...wanted, parameters: '{"harbour":"Husum"}' })).toEqual({
    ...{ code: 0, msg: 'success', success: true, reason: '' },
    ...{ resp: expect.stringContaining('04:12'), raw_resp: expect.stringContaining('04:12') },
    ...{ raw_req: expect.any(String), response_params: [] },
  })
  const missing = await debug({ ...wanted, parameters: '{}' })
  const nothing = { resp: '{}', raw_req: '{}', raw_resp: '{}', response_params: [] }
  expect(missing).toMatchObject({
    code: 109000000,
    success: false,
    reason: expect.stringMatching(/harbour/),
    ...nothing,
  })
  expect(await debug({ ...wanted, parameters: '{' })).toMatchObject({ code: 109000000, success: false })
  expect(await debug({ ...wanted, plugin_id: 7001, api_id: 'low' })).toMatchObject({ code: 109000005 })
  const odd = { toString: 1, valueOf: 1 }
  for (const body of [{ plugin_id: odd }, { plugin_id: 7001, api_id: odd }])
    expect(await debug({ ...wanted, ...body })).toMatchObject({ code: 109000000, ...nothing })
  expect(await debug({ ...wanted, plugin_id: '9' })).toMatchObject({
    code: 109000005,
    reason: expect.stringMatching(/9/),
  })
  expect(await debug({ ...wanted, api_id: 'gauge' })).toMatchObject({ code: 109000009, raw_resp: '{"error":"dry"}' })
  await stop()
  expect(of('calls').flatMap((one) => one.records.map(({ surface }) => surface))).toEqual(Array(4).fill('debug'))
})

const api = (server: string) => `openapi: 3.0.1
info: { title: Tides, description: d, version: v1 }
servers: [{ url: '${server}' }]
paths:
  /report:
    post:
      operationId: report
      summary: s
      parameters: [{ name: unit, in: query, schema: { type: string } }]
      requestBody:
        content: { application/json: { schema: { type: object, properties: { level: { type: number } } } } }
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                required: [height]
                properties:
                  height: { type: number, description: metres }
                  times: { type: array, items: { type: object, properties: { at: { type: string } } } }
`

test('what went out is told in Coze’s members, secrets masked, and what the answer holds as its pages draw it', async () => {
  const upstream = await startUpstream((_heard, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"height":3.5,"count":2,"open":true,"near":[{"name":"Wick"}],"none":null}'),
  )
  const token = 'a-token-of-ours'
  const definition = await readDocument(api(upstream.url), {
    ...{ id: '7001', auth: { kind: 'serviceToken', name: 'X-Key', token: '', place: 'header' } },
  })
  const plugin = inUse(definition, { configuration: { service_token: token } })
  const { send } = await startPlatform({ plugins: [plugin] })
  const debug = async (operation: number) =>
    (
      await send('POST', '/api/plugin_api/debug_api', {
        ...{ plugin_id: '7001', api_id: 'report', parameters: '{"unit":"m","level":4}', operation },
      })
    ).json
  const called = await debug(1)
  const { header, ...request } = JSON.parse(called.raw_req)
  expect(request).toEqual({ path: '/report', query: { unit: 'm' }, body: { level: 4 } })
  expect(Object.entries(header).find(([name]) => name.toLowerCase() === 'x-key')).toEqual([expect.anything(), '***'])
  expect(JSON.stringify(called)).not.toContain(token)

  type Told = {
    name: string
    type: number
    location: number
    is_required: boolean
    desc: string
    sub_parameters: Told[]
  }
  const brief = ({ name, type, is_required, sub_parameters }: Told): unknown[] => [
    ...[name, type, is_required],
    sub_parameters.map(brief),
  ]
  expect(called.response_params.map(brief)).toEqual([
    ['height', 3, true, []],
    ['times', 5, false, [['[Array Item]', 4, false, [['at', 1, false, []]]]]],
  ])
  expect(called.response_params[0]).toMatchObject({ desc: 'metres', location: 3, id: expect.any(String) })
  // Parse: as the answer is, whatever the document says.
  expect((await debug(2)).response_params.map(brief)).toEqual([
    ['height', 3, false, []],
    ['count', 2, false, []],
    ['open', 6, false, []],
    ['near', 5, false, [['[Array Item]', 4, false, [['name', 1, false, []]]]]],
    ['none', 1, false, []],
  ])
})
