import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pictureOf } from './images.ts'
import { createSandbox, type Sandbox } from './sandbox.ts'

let sandbox: Sandbox
let url: string
beforeEach(async () => {
  sandbox = createSandbox()
  url = (await sandbox.listen()).url
})
afterEach(() => sandbox.close())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-test', ...headers },
    body: JSON.stringify(body),
  })
const hello = { model: 'sandbox-chat', messages: [{ role: 'user', content: 'Hello' }] }
const eventsOf = (text: string) =>
  text
    .split('\n\n')
    .filter((event) => event !== '' && event !== 'data: [DONE]')
    .map((event) => JSON.parse(event.slice('data: '.length)))

describe('chat', () => {
  test('the same question gets the same bytes, and its tokens are counted', async () => {
    const first = await (await post('/v1/chat/completions', hello)).text()
    expect(await (await post('/v1/chat/completions', hello)).text()).toBe(first)
    expect(JSON.parse(first)).toEqual({
      id: 'chatcmpl-dc9016d0',
      object: 'chat.completion',
      created: 1767225600,
      model: 'sandbox-chat',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'This is the sandbox model. You said: "Hello". (dc9016d0)',
            refusal: null,
          },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 8, completion_tokens: 14, total_tokens: 22 },
      system_fingerprint: 'fp_sandbox',
    })
    expect(sandbox.counts()).toEqual({ requests: 2, inputTokens: 16, outputTokens: 28, images: 0, tasks: 0 })
  })

  test('a stream says the same, piece by piece, and ends with its usage when asked', async () => {
    const whole = await (await post('/v1/chat/completions', hello)).json()
    const answer = await post('/v1/chat/completions', {
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    })
    const text = await answer.text()
    const events = eventsOf(text)
    expect({
      type: answer.headers.get('content-type'),
      said: events.map((event) => event.choices[0]?.delta.content ?? '').join(''),
      finish: events.at(-2).choices[0].finish_reason,
      last: events.at(-1),
      done: text.endsWith('data: [DONE]\n\n'),
    }).toEqual({
      type: 'text/event-stream',
      said: whole.choices[0].message.content,
      finish: 'stop',
      last: {
        id: whole.id,
        object: 'chat.completion.chunk',
        created: whole.created,
        model: 'sandbox-chat',
        choices: [],
        usage: whole.usage,
      },
      done: true,
    })
  })

  test('the first tool is called once, with arguments that its schema accepts, and its answer is reported', async () => {
    const tools = [
      {
        type: 'function',
        function: {
          name: 'weather',
          parameters: {
            type: 'object',
            properties: {
              city: { type: 'string' },
              days: { type: 'integer', minimum: 2, maximum: 7 },
              unit: { enum: ['celsius', 'fahrenheit'] },
              note: { type: 'string' },
            },
            required: ['city', 'days', 'unit'],
          },
        },
      },
    ]
    const messages: unknown[] = [{ role: 'user', content: 'Hangzhou' }]
    const first = await (await post('/v1/chat/completions', { model: 'sandbox-chat', messages, tools })).json()
    const call = first.choices[0].message.tool_calls[0]
    expect({ finish: first.choices[0].finish_reason, name: call.function.name }).toEqual({
      finish: 'tool_calls',
      name: 'weather',
    })
    expect(JSON.parse(call.function.arguments)).toEqual({ city: 'Hangzhou', days: 2, unit: 'celsius' })

    const stream = await post('/v1/chat/completions', { model: 'sandbox-chat', messages, tools, stream: true })
    const deltas = eventsOf(await stream.text()).flatMap((event) => event.choices[0].delta.tool_calls ?? [])
    expect(deltas.map((delta) => delta.function.arguments).join('')).toBe(call.function.arguments)

    messages.push(first.choices[0].message, { role: 'tool', tool_call_id: call.id, content: '{"sky":"clear"}' })
    const second = await (await post('/v1/chat/completions', { model: 'sandbox-chat', messages, tools })).json()
    expect(second.choices[0].message.content).toBe('The tool answered: {"sky":"clear"}')
  })

  test('limits, choices and formats are kept', async () => {
    const ask = async (more: object) =>
      (await (await post('/v1/chat/completions', { ...hello, ...more })).json()).choices
    const short = await ask({ max_tokens: 4 })
    const several = await ask({ n: 3 })
    const json = await ask({ response_format: { type: 'json_object' } })
    expect([
      short[0].message.content,
      short[0].finish_reason,
      several.length,
      JSON.parse(json[0].message.content),
    ]).toEqual(['This is the', 'length', 3, { answer: 'Hello' }])
  })
})

test('texts that share words are near each other, as numbers and as base64', async () => {
  const input = ['the cat sleeps', 'a cat sleeps', 'stock prices fell']
  const answer = await (await post('/v1/embeddings', { model: 'sandbox-embedding', input })).json()
  const vectors: number[][] = answer.data.map((one: { embedding: number[] }) => one.embedding)
  const near = (a: number, b: number) => vectors[a]!.reduce((sum, value, at) => sum + value * vectors[b]![at]!, 0)
  const packed = await (
    await post('/v1/embeddings', { model: 'sandbox-embedding', input: input[0], encoding_format: 'base64' })
  ).json()
  const bytes = Buffer.from(packed.data[0].embedding, 'base64')
  expect({
    dimensions: vectors.map((vector) => vector.length),
    closer: near(0, 1) > near(0, 2) + 0.3,
    same: [...new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)],
    usage: packed.usage,
  }).toEqual({
    dimensions: [256, 256, 256],
    closer: true,
    same: vectors[0],
    usage: { prompt_tokens: 4, total_tokens: 4 },
  })
})

test('documents are ranked in both dialects', async () => {
  const query = 'cat food'
  const documents = ['dog walks', 'food for a cat', 'cat pictures']
  const open = await (await post('/v1/rerank', { model: 'sandbox-rerank', query, documents, top_n: 2 })).json()
  const own = await (
    await post('/api/v1/services/rerank/text-rerank/text-rerank', {
      model: 'gte-rerank-v2',
      input: { query, documents },
      parameters: { top_n: 2 },
    })
  ).json()
  expect(open.results.map((one: { index: number }) => one.index)).toEqual([1, 2])
  expect([own.output.results, own.usage]).toEqual([open.results, open.usage])
})

test('pictures are real: as base64, and at an address that the sandbox serves', async () => {
  const wish = { model: 'sandbox-image', prompt: 'a red boat', n: 2 }
  const packed = await (await post('/v1/images/generations', wish)).json()
  const linked = await (await post('/v1/images/generations', { ...wish, response_format: 'url' })).json()
  const picture = await fetch(linked.data[1].url)
  const bytes = Buffer.from(await picture.arrayBuffer())
  expect([picture.headers.get('content-type'), bytes.subarray(1, 4).toString(), bytes.equals(pictureOf(0))]).toEqual([
    'image/png',
    'PNG',
    false,
  ])
  expect(packed.data).toEqual([{ b64_json: expect.any(String) }, { b64_json: bytes.toString('base64') }])
})

test('speech is a WAV file, and what is sent to be written down is answered', async () => {
  const speech = await post('/v1/audio/speech', { model: 'sandbox-speech', input: 'hello', voice: 'alloy' })
  const form = new FormData()
  form.append('model', 'sandbox-transcription')
  form.append('file', new Blob([await speech.arrayBuffer()]), 'a.wav')
  const heard = await fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body: form })
  expect([speech.headers.get('content-type'), speech.headers.get('content-length'), await heard.json()]).toEqual([
    'audio/wav',
    '4044',
    { text: 'The sandbox heard 4044 bytes.' },
  ])
})

describe('image tasks of DashScope', () => {
  const path = '/api/v1/services/aigc/text2image/image-synthesis'
  const wish = { model: 'wan2.2-t2i-flash', input: { prompt: 'boat' }, parameters: { size: '1024*1024', n: 2 } }
  const submit = async (headers: Record<string, string> = {}) => {
    const answer = await (await post(path, wish, { 'x-dashscope-async': 'enable', ...headers })).json()
    return answer.output.task_id as string
  }
  const poll = async (id: string) => (await (await fetch(`${url}/api/v1/tasks/${id}`)).json()).output

  test('are accepted, run, and end with addresses', async () => {
    const refused = await post(path, wish)
    const id = await submit()
    const states = [await poll(id), await poll(id), await poll(id)]
    expect([refused.status, ...states.map((state) => state.task_status)]).toEqual([
      403,
      'RUNNING',
      'SUCCEEDED',
      'SUCCEEDED',
    ])
    expect([states[1].task_metrics, (await fetch(states[1].results[0].url)).status]).toEqual([
      { TOTAL: 2, SUCCEEDED: 2, FAILED: 0 },
      200,
    ])
    expect(sandbox.counts()).toMatchObject({ tasks: 1, images: 2 })
  })

  test('fail in part, as a whole, and are unknown after 256 others', async () => {
    const partly = await submit({ 'x-sandbox': 'partial-images' })
    const wholly = await submit({ 'x-sandbox': 'fail-task' })
    await poll(partly)
    await poll(wholly)
    expect([await poll(partly), await poll(wholly)]).toMatchObject([
      {
        task_status: 'SUCCEEDED',
        results: [{ url: expect.any(String) }, { code: 'InternalError.Timeout' }],
        task_metrics: { TOTAL: 2, SUCCEEDED: 1, FAILED: 1 },
      },
      { task_status: 'FAILED', code: 'InternalError' },
    ])
    for (let at = 0; at < 255; at++) await submit()
    expect([(await poll(partly)).task_status, (await poll(wholly)).task_status]).toEqual(['UNKNOWN', 'FAILED'])
  })
})

describe('failures on demand', () => {
  const fail = (trick: string, more: object = {}) =>
    post('/v1/chat/completions', { ...hello, ...more }, { 'x-sandbox': trick })
  const broken = async (answer: Promise<Response>) => {
    try {
      await (await answer).text()
      return 'whole'
    } catch {
      return 'broken'
    }
  }

  test('statuses, by header, key and model', async () => {
    const chat = '/v1/chat/completions'
    const answers = [
      await fail('fail-401'),
      await fail('fail-402'),
      await fail('fail-429'),
      await fail('quota'),
      await fail('fail-500'),
      await post(chat, hello, { authorization: 'Bearer sk-test-fail-503' }),
      await post(chat, { ...hello, model: 'gpt-4.1:fail-500' }),
      await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer sk-test-fail-401' } }),
      await post('/api/v1/services/aigc/multimodal-generation/generation', {}, { 'x-sandbox': 'quota' }),
      await post('/v1/nothing', {}),
      await post('/v1/constructor', {}),
      await post(chat, []),
    ]
    const seen = []
    for (const answer of answers) {
      const body = await answer.json()
      seen.push([answer.status, body.error?.code ?? body.code ?? null, answer.headers.get('retry-after')])
    }
    expect(seen).toEqual([
      [401, 'invalid_api_key', null],
      [402, 'payment_required', null],
      [429, 'rate_limit_exceeded', '2'],
      [429, 'insufficient_quota', null],
      [500, null, null],
      [503, 'overloaded', null],
      [500, null, null],
      [401, 'invalid_api_key', null],
      [400, 'Arrearage', null],
      [404, 'unknown_path', null],
      [404, 'unknown_path', null],
      [400, null, null],
    ])
  })

  test('hang, close and a cut answer break the connection', async () => {
    const gone = AbortSignal.timeout(200)
    const hanging = fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(hello),
      headers: { 'x-sandbox': 'hang' },
      signal: gone,
    })
    await expect(hanging).rejects.toThrow('timeout')
    expect([
      await broken(fail('close')),
      await broken(fail('cut-stream')),
      await broken(fail('cut-stream', { stream: true })),
    ]).toEqual(['broken', 'broken', 'broken'])
  })

  test('a cut stream gives its first half', async () => {
    // Not with fetch: it drops what it has read once the connection breaks.
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { 'x-sandbox': 'cut-stream' }
      const sent = request(`${url}/v1/chat/completions`, { method: 'POST', headers }, (answer) => {
        let received = ''
        answer.on('data', (chunk: Buffer) => {
          received += chunk.toString()
        })
        answer.on('end', () => reject(new Error('it ended')))
        answer.on('error', () => resolve(received))
      })
      sent.end(JSON.stringify({ ...hello, stream: true }))
    })
    const said = eventsOf(text).map((event) => event.choices[0].delta.content)
    expect(said.join('')).toBe('This is the sandbox model.')
  })

  test('a slow stream and a drip arrive little by little, a delay all at once', async () => {
    const begun = performance.now()
    const reader = (await fail('slow-stream', { stream: true })).body!.getReader()
    const chunks = [await reader.read(), await reader.read()].map(({ value }) => Buffer.from(value!).toString())
    await reader.cancel()
    expect(chunks.map((chunk) => eventsOf(chunk).length)).toEqual([1, 1])
    expect(performance.now() - begun).toBeGreaterThan(90)

    const drip = (await fail('drip')).body!.getReader()
    const bytes = [await drip.read(), await drip.read()].map(({ value }) => value!.length)
    await drip.cancel()
    expect(bytes).toEqual([1, 1])

    const late = performance.now()
    const slow = await (await fail('slow-150')).json()
    expect([slow.object, performance.now() - late >= 149]).toEqual(['chat.completion', true])
  })

  test('garbage is no JSON, and huge is 50 MB', async () => {
    const garbage = await fail('garbage')
    expect([garbage.status, (await garbage.text()).slice(0, 6)]).toEqual([200, '<html>'])
    let size = 0
    for await (const chunk of (await fail('huge')).body!) size += chunk.length
    expect(Math.floor(size / 1024 / 1024)).toBe(50)
  })

  test('callers who hang up in the middle of anything do it no harm', async () => {
    for (const trick of ['hang', 'huge', 'drip', 'slow-stream', 'slow-5000', 'cut-stream']) {
      const leave = new AbortController()
      const left = fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ ...hello, stream: true }),
        headers: { 'x-sandbox': trick },
        signal: leave.signal,
      }).then((answer) => answer.text())
      setTimeout(() => leave.abort(), 10)
      await expect(left).rejects.toThrow()
    }
    expect((await post('/v1/chat/completions', hello)).status).toBe(200)
  })

  test('a body beyond 10 MiB is refused', async () => {
    const answer = await post('/v1/chat/completions', { messages: [{ role: 'user', content: 'x'.repeat(10 << 20) }] })
    expect([answer.status, (await answer.json()).error.code]).toEqual([413, 'too_large'])
  })
})

test('a port that is taken is said to be', async () => {
  const other = createSandbox()
  await expect(other.listen(Number(new URL(url).port))).rejects.toMatchObject({ code: 'PORT_IN_USE' })
})
