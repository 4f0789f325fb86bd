import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import OpenAI, { toFile } from 'openai'
import { expect, test } from 'vitest'
import { seeds } from '../../features/routing/seeds.ts'
import { context } from '../test-world.ts'
import { candidateOf, json, keyOf, type Script, startGateway, startVendor } from './test-gateway.ts'

const features = { text_to_speech: [candidateOf('tts')], speech_to_text: [candidateOf('stt')] }
/** A vendor of a test behind a gateway; `two` is asked where `one` fails. */
async function startWorld(script: Script, limits: Parameters<typeof startGateway>[1] = {}) {
  const vendor = await startVendor(script)
  const keys = [keyOf('one', vendor.url), keyOf('two', vendor.url, { tier: 'backup' })]
  const world = await startGateway(keys, { features, ...limits })
  const say = (body: object = {}) =>
    fetch(`${world.url}/v1/audio/speech`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ model: 'auto', input: 'High water at noon.', voice: 'alloy', ...body }),
    })
  const hear = async (fields: Readonly<Record<string, string>>, file: Blob | null = new Blob([sound])) => {
    const form = new FormData()
    if (file) form.append('file', file, 'höre "das".mp3')
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    const answer = await fetch(`${world.url}/v1/audio/transcriptions`, { method: 'POST', body: form })
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
  }
  return { ...world, vendor, say, hear }
}
/** Of every value, with what ends lines and parts of forms. */
const sound = Buffer.from([...Array(256).keys(), ...Buffer.from('\r\n--pilothouse-\r\n')])
const mp3 = { 'content-type': 'audio/mpeg' }

test('the official client speaks and listens, with the sandbox alone', async () => {
  const key = keyOf('Sandbox', null, { vendor: 'sandbox', service: 'sandbox', tier: 'sandbox' })
  const world = await startGateway([key], { features: {} })
  await world.platform.features(
    [...seeds].map(([name, rules], revision) => ({ name, revision, rules })),
    context,
  )
  const client = new OpenAI({ baseURL: `${world.url}/v1`, apiKey: 'sk-test-unused', maxRetries: 0 })
  const said = await client.audio.speech.create({ model: 'auto', voice: 'alloy', input: 'High water at noon.' })
  const wave = Buffer.from(await said.arrayBuffer())
  expect([said.headers.get('content-type'), said.headers.get('x-pilothouse-key'), wave.length]).toEqual([
    ...['audio/wav', 'Sandbox', 4044],
  ])
  const file = await toFile(wave, 'tide.wav')
  const model = 'sandbox-transcription'
  const whole = await client.audio.transcriptions.create({ file, model, language: 'en' })
  const plain = await client.audio.transcriptions.create({ file, model: 'auto', response_format: 'text' })
  expect([whole.text, plain]).toEqual(['The sandbox heard 4044 bytes.', 'The sandbox heard 4044 bytes.'])
  const { uses } = await world.records()
  expect(uses.map(({ feature, statusCode, inputTokens }) => [feature, statusCode, inputTokens])).toEqual([
    ['text_to_speech', 200, 5],
    ['speech_to_text', 200, expect.any(Number)],
    ['speech_to_text', 200, expect.any(Number)],
  ])
})

test('sound passes as it comes', async () => {
  let go = () => {}
  const { vendor, say, records } = await startWorld((response) => {
    response.writeHead(200, mp3).write(sound.subarray(0, 100))
    go = () => response.end(sound.subarray(100))
  })
  const answer = await say({ response_format: 'mp3', speed: 2 })
  const reader = answer.body!.getReader()
  // The vendor has sent no more than that.
  const first = (await reader.read()).value!
  go()
  const pieces = [first]
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(piece.value)
  expect([answer.headers.get('content-type'), first.length, Buffer.concat(pieces)]).toEqual(['audio/mpeg', 100, sound])
  expect(vendor.seen[0]).toMatchObject({
    path: '/v1/audio/speech',
    body: { model: 'tts', input: 'High water at noon.', voice: 'alloy', response_format: 'mp3', speed: 2 },
  })
  expect(vendor.seen[0]!.body).not.toHaveProperty('stream')
  const { brief, uses } = await records()
  expect([brief, uses[0]!.firstTokenMs]).toEqual([['one 200 5 0'], expect.any(Number)])
})

test.each<[string, Script]>([
  ['fails', (response) => json(response, 500, { error: { message: 'down' } })],
  ['answers no sound', (response) => json(response, 200, { audio: 'none' })],
  [
    'says what its sound is in no words of HTTP',
    ({ socket }) =>
      void socket!.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: audio/mpeg; x=\x01\r\n\r\na'),
  ],
  ['answers nothing', (response) => void response.writeHead(200, mp3).end()],
  [
    'breaks off before the first sound',
    (response) => void response.writeHead(200, mp3).write('', () => response.destroy()),
  ],
])('a vendor that %s is followed by the next', async (_how, script) => {
  const { say, records } = await startWorld((response, seen) => {
    if (seen.secret === 'sk-test-one') script(response, seen)
    else response.writeHead(200, mp3).end(sound)
  })
  const answer = await say()
  expect([answer.headers.get('x-pilothouse-key'), Buffer.from(await answer.arrayBuffer())]).toEqual(['two', sound])
  const { brief, failures } = await records()
  expect([brief, failures.map(({ keyId }) => keyId)]).toEqual([['two 200 5 0'], ['one']])
})

test('sound that breaks off is no whole answer for the caller either, and is not begun anew', async () => {
  const { say, records } = await startWorld((response) => {
    response.writeHead(200, mp3).write(sound, () => response.destroy())
  })
  const answer = await say()
  await expect(answer.arrayBuffer()).rejects.toThrow()
  expect((await records()).brief).toEqual(['one 502 5 0'])
})

test('a caller that hangs up in the middle of its sound ends the vendor’s call', async () => {
  const { say, vendor, records } = await startWorld((response) => void response.writeHead(200, mp3).write(sound))
  const reader = (await say()).body!.getReader()
  await reader.read()
  await reader.cancel()
  await vendor.hungUp()
  const { brief, failures } = await records()
  expect([brief, failures]).toEqual([['one 499 5 0'], []])
})

test('what is to be written down reaches each vendor that is asked as a form, byte for byte', async () => {
  const { vendor, hear, records } = await startWorld((response, { secret }) => {
    if (secret === 'sk-test-one') json(response, 503, { error: { message: 'down' } })
    else json(response, 200, { text: 'High water.', usage: { type: 'tokens', input_tokens: 7, output_tokens: 3 } })
  })
  const fields = { model: 'auto', language: 'de', prompt: 'Höhe', temperature: '0', 'include[]': 'logprobs' }
  const answers = [await hear(fields), await hear({ ...fields, response_format: 'text' })]
  expect(answers).toEqual([
    { status: 200, type: 'application/json; charset=utf-8', text: expect.stringContaining('"text":"High water."') },
    { status: 200, type: 'text/plain; charset=utf-8', text: 'High water.' },
  ])
  expect(vendor.seen.map(({ secret, path }) => `${secret} ${path}`).slice(0, 2)).toEqual([
    'sk-test-one /v1/audio/transcriptions',
    'sk-test-two /v1/audio/transcriptions',
  ])
  for (const { form } of vendor.seen) {
    const { file, ...rest } = Object.fromEntries(await form())
    expect(rest).toEqual({ ...fields, model: 'stt' })
    expect([(file as File).name, (file as File).type]).toEqual(['höre "das".mp3', 'application/octet-stream'])
    expect(Buffer.from(await (file as File).arrayBuffer())).toEqual(sound)
  }
  expect((await records()).brief).toEqual(['two 200 7 3', 'two 200 7 3'])
})

test('what the feature is asked in JSON goes to the vendor as a form too', async () => {
  const { vendor, send } = await startWorld((response) => json(response, 200, { text: 'High water.' }))
  const audio = { b64_json: sound.toString('base64'), content_type: 'audio/mpeg' }
  const { status, json: told } = await send('POST', '/api/v1/speech_to_text', { audio, language: 'en', temperature: 0 })
  expect([status, told.output]).toEqual([200, { text: 'High water.' }])
  const { file, ...rest } = Object.fromEntries(await vendor.seen[0]!.form())
  expect([rest, (file as File).name, (file as File).type]).toEqual([
    ...[{ language: 'en', temperature: '0', model: 'stt' }, 'audio.mpeg', 'audio/mpeg'],
  ])
  expect(Buffer.from(await (file as File).arrayBuffer())).toEqual(sound)
  const without = await send('POST', '/api/v1/speech_to_text', { language: 'en' })
  expect([without.status, without.json.detail, vendor.seen.length]).toEqual([400, expect.stringContaining('audio'), 1])
})

test('what cannot be written down is refused in words, before a vendor is asked', async () => {
  const { vendor, hear, send, say } = await startWorld((response) => json(response, 200, { text: 'a' }))
  const brief = ({ status, text }: { status: number; text: string }) => `${status} ${JSON.parse(text).error.message}`
  const large = new Blob([Buffer.alloc(25 * 1024 * 1024 + 1)])
  const seen = [
    brief(await hear({ model: 'auto' }, null)),
    brief(await hear({ model: 'auto' }, large)),
    brief(await hear({ model: 'auto', response_format: 'srt' })),
    brief(await hear({ model: 'auto', stream: 'true' })),
    brief(await hear({ model: 'nobody' })),
    brief(await send('POST', '/v1/audio/transcriptions', { model: 'auto' })),
    brief(
      await send('POST', '/v1/audio/transcriptions', '--x--', { 'content-type': 'multipart/form-data; boundary=y' }),
    ),
  ]
  expect(seen).toEqual([
    '400 The request was not understood: there is no multipart field "file"',
    '413 file is larger than 25 MB, the most that is taken.',
    '400 The request was not understood: response_format: json or text',
    '400 The request was not understood: stream: only chats are streamed',
    '404 No candidate serves the model nobody.',
    '400 The request was not understood: send the audio as multipart field "file"',
    expect.stringMatching(/^400 .*the form cannot be read/),
  ])
  expect([(await say({ stream_format: 'sse' })).status, vendor.seen]).toEqual([400, []])
})

test('more files at once than are held are refused, and there is room again when one is done', async () => {
  const answers: (() => void)[] = []
  const { vendor, hear } = await startWorld((response) => answers.push(() => json(response, 200, { text: 'a' })))
  const running = Array.from({ length: 8 }, () => hear({ model: 'auto' }))
  await vendor.asked(8)
  expect((await hear({ model: 'auto' })).status).toBe(503)
  answers.shift()!()
  await Promise.race(running)
  const next = hear({ model: 'auto' })
  await vendor.asked(9)
  for (const answer of answers) answer()
  expect((await Promise.all([...running, next])).map(({ status }) => status)).toEqual(Array(9).fill(200))
})

test.each([
  ['before its file', '--b\r\ncontent-disposition: form-data; name="model"\r\n\r\na'],
  ['within its file', '--b\r\ncontent-disposition: form-data; name="file"; filename="a.mp3"\r\n\r\nsound'],
])('uploads that break off %s take no place from others', async (_where, begun) => {
  const { base, vendor, hear } = await startWorld((response) => json(response, 200, { text: 'a' }))
  const head = 'POST /v1/audio/transcriptions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5000\r\n'
  for (let i = 0; i < 8; i++) {
    const socket = connect(base, '127.0.0.1')
    socket.end(`${head}content-type: multipart/form-data; boundary=b\r\n\r\n${begun}`)
    await once(socket.resume(), 'close')
  }
  expect([(await hear({ model: 'auto' })).status, vendor.seen.length]).toEqual([200, 1])
})

test('a token that is revoked ends its sound', async () => {
  const { platform, url } = await startWorld((response) => void response.writeHead(200, mp3).write(sound))
  const hash = createHash('sha256').update('ph_shop').digest('hex')
  const scopes = { features: null, models: null, plugins: null }
  await platform.tokens([{ id: 't', name: 'shop', hash, scopes, rpm: null, tpm: null, expiresAt: null }], context)
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'ph_shop', maxRetries: 0 })
  const said = await client.audio.speech.create({ model: 'auto', voice: 'alloy', input: 'a' })
  await platform.tokens([], context)
  await expect(said.arrayBuffer()).rejects.toThrow()
})

test('a token that does not open speech is told so on both paths', async () => {
  const { platform, url, vendor } = await startWorld((response) => json(response, 200, {}))
  const hash = createHash('sha256').update('ph_shop').digest('hex')
  const scopes = { features: ['chat'], models: null, plugins: null }
  await platform.tokens([{ id: 't', name: 'shop', hash, scopes, rpm: null, tpm: null, expiresAt: null }], context)
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'ph_shop', maxRetries: 0 })
  const codeOf = (work: Promise<unknown>) => work.catch(({ status, code }) => `${status} ${code}`)
  expect([
    await codeOf(client.audio.speech.create({ model: 'auto', voice: 'alloy', input: 'a' })),
    await codeOf(client.audio.transcriptions.create({ model: 'auto', file: await toFile(sound, 'a.mp3') })),
    vendor.seen.length,
  ]).toEqual(['403 TOKEN_SCOPE', '403 TOKEN_SCOPE', 0])
})
