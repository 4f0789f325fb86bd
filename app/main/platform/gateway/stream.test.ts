import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { beginEvents, event, keyOf, said, startGateway, startVendor, used, word } from './test-gateway.ts'

/** What a caller gets of a stream, piece by piece. */
async function open(url: string, body: object = {}, signal: AbortSignal | null = null) {
  const response = await fetch(`${url}/v1/chat/completions`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, signal },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true, ...body }),
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  return {
    response,
    next: async () => (await reader.read()).value,
    async rest() {
      let text = ''
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value
      return text
    },
  }
}

test('words pass one by one, as soon as they come; usage is counted and kept back', async () => {
  let go: () => void = () => {}
  const vendor = await startVendor((response) => {
    beginEvents(response)
    response.write(event(word('a')))
    go = () => {
      response.write(event(word('b')))
      response.end(event(used) + event('[DONE]'))
    }
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const { response, next, rest } = await open(world.url)
  expect([response.status, response.headers.get('content-type'), response.headers.get('x-pilothouse-key')]).toEqual([
    ...[200, 'text/event-stream; charset=utf-8', 'one'],
  ])
  // The vendor has said one word only.
  expect(await next()).toBe(event(word('a')))
  go()
  expect(await rest()).toBe(event(word('b')) + event('[DONE]'))
  expect(vendor.seen[0]!.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
  const { uses, brief } = await world.records()
  expect(brief).toEqual(['one 200 3 2'])
  expect(uses[0]!.firstTokenMs).toBeGreaterThan(0)
})

test('a caller that asks for usage gets it', async () => {
  const text = event(word('a')) + event(used) + event('[DONE]')
  const vendor = await startVendor((response) => {
    beginEvents(response)
    response.end(text)
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const { rest } = await open(world.url, { stream_options: { include_usage: true } })
  expect([await rest(), (await world.records()).brief]).toEqual([text, ['one 200 3 2']])
})

test.each([
  ['ends without its end', 'cut', (end: () => void) => end()],
  ['dies', 'cut', (_end: () => void, die: () => void) => die()],
  ['falls silent', 'timeout', () => {}],
])('a stream that %s after its first word is told in the stream and not tried again', async (_how, kind, end) => {
  const vendor = await startVendor((response) => {
    beginEvents(response)
    response.write(event(word('a')), () =>
      end(
        () => response.end(),
        () => response.destroy(),
      ),
    )
  })
  const keys = [keyOf('one', vendor.url), keyOf('two', vendor.url, { tier: 'backup' })]
  const world = await startGateway(keys, { limits: { idleMs: 300 } })
  const { rest } = await open(world.url)
  const [first, second] = (await rest()).split('\n\n')
  expect(first).toBe(event(word('a')).trim())
  expect(JSON.parse(second!.replace('data: ', ''))).toEqual({
    error: { message: expect.any(String), type: 'server_error', param: null, code: kind },
  })
  // What went out is estimated where the vendor did not tell.
  const { brief, decisions } = await world.records()
  expect(brief).toEqual([expect.stringMatching(/^one 502 \d+ 1$/)])
  expect(decisions.map(({ outcome }) => outcome?.attempts.map(({ failure }) => failure))).toEqual([[kind]])
})

test('a caller that hangs up in the middle takes the vendor’s call along and is counted once', async () => {
  const vendor = await startVendor((response) => {
    beginEvents(response)
    response.write(event(word('a')))
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const controller = new AbortController()
  const { next } = await open(world.url, {}, controller.signal)
  await next()
  controller.abort()
  await vendor.hungUp()
  const { brief, failures } = await world.records()
  expect([brief, failures]).toEqual([[expect.stringMatching(/^one 499 \d+ 1$/)], []])
})

test('a caller that reads slowly holds the vendor back, and gets all', async () => {
  const big = word('x'.repeat(64 * 1024))
  const count = 200
  const vendor = await startVendor((response) => {
    beginEvents(response)
    let sent = 0
    const more = () => {
      while (sent < count) {
        sent++
        if (!response.write(event(big))) return void response.once('drain', more)
      }
      response.end(event('[DONE]'))
    }
    more()
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const { next, rest } = await open(world.url)
  const first = await next()
  const all = first + (await rest())
  expect(all.length).toBe(count * event(big).length + event('[DONE]').length)
  expect((await world.records()).uses).toMatchObject([{ statusCode: 200, outputTokens: count }])
})

test('comments before the first word commit to nothing: a vendor that then fails is followed by the next', async () => {
  const vendor = await startVendor((response, { secret }) => {
    beginEvents(response)
    if (secret === 'sk-test-two') return void response.end(event(word('a')) + event('[DONE]'))
    response.write(': PROCESSING\n\n', () =>
      response.write(': still\n\nevent: ping\n\n', () => response.end('data: {"error":{"message":"overloaded"}}\n\n')),
    )
  })
  const world = await startGateway([keyOf('one', vendor.url), keyOf('two', vendor.url, { tier: 'backup' })])
  const { response, rest } = await open(world.url)
  expect([await rest(), response.headers.get('x-pilothouse-attempts')]).toEqual([
    event(word('a')) + event('[DONE]'),
    '2',
  ])
  expect(vendor.secrets()).toEqual(['sk-test-one', 'sk-test-two'])
})

test('a caller that never reads is cut off, not only its vendor', async () => {
  const big = event(word('x'.repeat(64 * 1024)))
  const vendor = await startVendor((response) => {
    beginEvents(response)
    const more = () => {
      while (!response.destroyed) if (!response.write(big)) return void response.once('drain', more)
    }
    more()
  })
  const world = await startGateway([keyOf('one', vendor.url)], { limits: { slowCallerMs: 100 } })
  const { port } = new URL(world.url)
  const socket = connect(Number(port), '127.0.0.1')
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true })
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  socket.pause()
  await vendor.hungUp()
  // What is read now is what the system held; the end comes without the platform being stopped.
  const closed = new Promise<string>((resolve) => {
    socket.once('error', () => resolve('closed')).once('close', () => resolve('closed'))
  })
  socket.resume()
  expect(await closed).toBe('closed')
  const { uses, failures, calls } = await world.records()
  expect([uses.map(({ statusCode }) => statusCode), failures, calls]).toEqual([[499], [], ['one answered']])
})

test('a vendor that does not stream is heard as a stream all the same', async () => {
  const call = { id: 't1', type: 'function', function: { name: 'tides', arguments: '{}' } }
  const whole = said('At noon.')
  const choices = [{ ...whole.choices[0], message: { ...whole.choices[0]!.message, tool_calls: [call] } }]
  const vendor = await startVendor((response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...whole, choices }))
  })
  const world = await startGateway([keyOf('one', vendor.url)])
  const { response, rest } = await open(world.url, { stream_options: { include_usage: true } })
  const chunk = { id: 'c1', object: 'chat.completion.chunk', model: 'm' }
  const delta = { role: 'assistant', content: 'At noon.', tool_calls: [{ index: 0, ...call }] }
  expect([response.headers.get('content-type'), await rest()]).toEqual([
    'text/event-stream; charset=utf-8',
    event({ ...chunk, choices: [{ index: 0, finish_reason: 'stop', delta }] }) +
      event({ ...chunk, choices: [], usage: whole.usage }) +
      event('[DONE]'),
  ])
})

test('only chats are streamed, and who asks for more is told so', async () => {
  const world = await startGateway([keyOf('one', 'http://127.0.0.1:9/v1')])
  const { status, json } = await world.send('POST', '/v1/embeddings', { model: 'e', input: 'a', stream: true })
  expect([status, json.error.message]).toEqual([400, expect.stringContaining('only chats are streamed')])
})
