import fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { createRouting } from '../../features/routing/routing.ts'
import { openStoreWorld } from '../../features/routing/test-world.ts'
import { createFeatureTable } from '../feature-table.ts'
import { failureOf, replyFailure } from '../replies.ts'
import { featureRoutes } from './features.ts'

/** The config centre over HTTP on a real store; the worker's part is in this thread. */
async function open() {
  const world = openStoreWorld()
  const features = createFeatureTable()
  const tell = world.worker.tell
  world.worker.tell = (name, input) => {
    tell(name, input)
    if (name === 'features') features.set(input as never)
  }
  const routing = createRouting(world)
  onTestFinished(routing.stop)
  const app = fastify()
  app.setErrorHandler((error, request, reply) => {
    const { failure, status } = failureOf(error, () => 'i')
    return replyFailure(request, reply, failure, status === undefined ? {} : { status })
  })
  const asks = routing.asks as unknown as Record<string, (input: unknown) => unknown>
  await featureRoutes(app, {
    main: { ask: (async (name: string, input: unknown) => await asks[name]!(input)) as never },
    features,
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => app.close())
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const content = body === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/v1/features${path}`, {
      ...{ method, headers: { ...content, ...headers } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, etag: answer.headers.get('etag'), json: text === '' ? null : JSON.parse(text) }
  }
  return { ...world, features, url, send }
}
const poster = { candidates: [{ vendor: 'openai', service: 'dalle', model: 'm' }] }

test('the commands of the source document are answered: all features, and one', async () => {
  const { send, now } = await open()
  const all = await send('GET', '')
  const one = await send('GET', '/text_to_image')
  expect([all.status, all.json.total, all.json.features.map(({ name }: { name: string }) => name)]).toEqual([
    200,
    8,
    [
      ...['chat', 'embedding', 'image_to_image', 'rerank', 'speech_to_text'],
      ...['text_generation', 'text_to_image', 'text_to_speech'],
    ],
  ])
  expect(one).toEqual({
    ...{ status: 200, etag: '"1"' },
    json: {
      ...{ name: 'text_to_image', revision: 1, description: 'Makes images from a text', strategy: 'weighted' },
      candidates: [{ vendor: 'sandbox', service: 'sandbox', model: 'sandbox-image', tier: 'sandbox', weight: 100 }],
      ...{ seeded: true, updated_at: new Date(now.ms).toISOString(), updated_by: 'console' },
    },
  })
})

test('If-Match guards a change; history takes it back', async () => {
  const { send, lines } = await open()
  const made = await send('PUT', '/poster', poster, { 'x-user-id': 'ann' })
  const stale = await send('PUT', '/poster', { ...poster, strategy: 'round_robin' }, { 'if-match': '"8"' })
  const wrong = [
    await send('PUT', '/poster', { candidates: [{ vendor: 'nobody' }] }),
    await send('PUT', '/po-ster', poster),
    await send('PUT', '/stream', poster),
    await send('PUT', '/poster', poster, { 'if-match': 'W/"9"' }),
    await send('DELETE', '/chat'),
    await send('GET', '/nothing'),
    await send('GET', '/nothing/history'),
    await send('POST', '/poster/rollback', { revision: 'first' }),
    await send('POST', '/poster/rollback', { revision: 3 }),
    await send('DELETE', '/poster', undefined, { 'if-match': '"1"' }),
    await send('PUT', '/nothing', poster, { 'if-match': '*' }),
  ]
  // What came may be sent back as it is.
  const changed = await send('PUT', '/poster', { ...made.json, strategy: 'round_robin' }, { 'if-match': made.etag! })
  const back = await send('POST', '/poster/rollback', { revision: 9 })
  const gone = await send('DELETE', '/poster', undefined, { 'if-match': '"11"' })
  const history = await send('GET', '/poster/history')
  expect({
    made: [made.status, made.etag, made.json.updated_by, made.json.candidates],
    stale: [stale.status, stale.json.code, stale.json.instance],
    wrong: wrong.map(({ status, json }) => `${status} ${json.code}`),
    changed: [changed.status, changed.etag, changed.json.strategy],
    back: [back.status, back.etag, back.json.strategy],
    gone: [gone.status, gone.json, (await send('GET', '/poster')).status],
    history: history.json.revisions.map((one: { revision: number; strategy: string; removed: boolean }) => [
      ...[one.revision, one.strategy, one.removed],
    ]),
    audit: lines().length,
  }).toEqual({
    made: [200, '"9"', 'platform (ann)', [{ ...poster.candidates[0], tier: null, weight: 100 }]],
    stale: [412, 'REVISION_STALE', '/api/v1/features/poster'],
    wrong: [
      ...['400 BAD_INPUT', '400 BAD_INPUT', '400 BAD_INPUT', '412 REVISION_STALE', '409 FEATURE_SEEDED'],
      ...['404 FEATURE_NOT_FOUND', '404 FEATURE_NOT_FOUND', '400 BAD_INPUT', '404 REVISION_NOT_FOUND'],
      ...['412 REVISION_STALE', '412 REVISION_STALE'],
    ],
    changed: [200, '"10"', 'round_robin'],
    back: [200, '"11"', 'weighted'],
    gone: [204, null, 404],
    history: [
      [12, 'weighted', true],
      [11, 'weighted', false],
      [10, 'round_robin', false],
      [9, 'weighted', false],
    ],
    audit: 4,
  })
})

test('a stream begins with all features, tells each change, and ends with the platform', async () => {
  const { send, url, features } = await open()
  const answer = await fetch(`${url}/api/v1/features/stream`)
  const heard: string[] = []
  let text = ''
  const reading = (async () => {
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      const events = text.split('\n\n')
      text = events.pop()!
      for (const event of events) {
        const { features: all, name, revision } = JSON.parse(event.replace(/^event: \w+\ndata: /, ''))
        heard.push(`${event.slice(7, event.indexOf('\n'))} ${all?.length ?? `${name} ${revision ?? ''}`}`.trim())
      }
      if (heard.length === 1) {
        await send('PUT', '/poster', poster)
        await send('PUT', '/chat', poster)
        await send('DELETE', '/poster')
      }
      if (heard.length === 4) features.close()
    }
  })()
  await reading
  const late = await send('GET', '/stream')
  expect([answer.headers.get('content-type'), heard, late.status]).toEqual([
    'text/event-stream; charset=utf-8',
    ['snapshot 8', 'change poster 9', 'change chat 10', 'remove poster'],
    503,
  ])
})
