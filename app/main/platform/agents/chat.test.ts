// biome-ignore-all lint/style/noRestrictedImports: tests build what stands around it.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ConversationUpdate } from '../../../shared/contracts/agents.ts'
import { beginEvents, event, json, keyOf, said, startVendor, used, word } from '../gateway/test-gateway.ts'
import { context } from '../test-world.ts'

import { ask, eventsOf, me, rowsOf, toldBriefly, wishes, world } from './test-chat.ts'

test('a fresh console: the sandbox calls the tool of an agent and reports what it said, at once and streamed', async () => {
  const sandbox = keyOf('s', null, { vendor: 'sandbox', service: 'sandbox' })
  const one = { vendor: 'sandbox', service: 'sandbox', model: 'sandbox-chat', tier: null, weight: 1 } as const
  const { send, create, chat, heard, brief } = await world([sandbox], { features: { chat: [one] } })
  const made = await send('POST', '/api/agents', {
    ...{ name: 'Pilot', description: 'd', instructions: 'Be brief.', model: 'auto', plugins: ['tides'] },
  })
  const { agent_id: id } = made.json
  expect([made.status, made.headers.get('location')]).toEqual([201, `/api/agents/${id}`])
  const { created_at: _c, updated_at: _u, ...agent } = (await send('GET', `/api/agents/${id}`)).json
  expect(agent).toEqual({
    ...{ agent_id: id, name: 'Pilot', description: 'd', instructions: 'Be brief.', model: null, plugins: ['7001'] },
  })

  const answer = await chat(id, 'When is high water?')
  const name = 'tides__high_water'
  const called = {
    ...{ name, plugin: 'Tide tables', operation: 'high_water', arguments: expect.stringContaining('"harbour":') },
    ...{ answer: '{"high":"04:12"}', duration_ms: expect.any(Number), error: null },
  }
  const tokens = expect.any(Number)
  const message = 'The tool answered: {"high":"04:12"}'
  const { session_id } = answer.json
  expect([answer.status, answer.headers.get('x-pilothouse-session'), answer.json]).toEqual([
    ...[200, expect.any(String)],
    {
      ...{ message, session_id: answer.headers.get('x-pilothouse-session'), tool_calls: [called] },
      usage: { input_tokens: tokens, output_tokens: tokens, total_tokens: tokens },
    },
  ])
  expect(brief(session_id)).toEqual([
    'said When is high water?',
    `answered  →${name}`,
    `called ${name} {"high":"04:12"}`,
    `answered ${message}`,
  ])
  expect(answer.json.usage.total_tokens).toBeGreaterThan(10)
  expect(heard).toHaveLength(1)

  const streamed = eventsOf((await chat(id, 'And again?', { session_id, stream: true })).text)
  const deltas = streamed.filter(([kind]) => kind === 'message').map(([, data]) => (data as { delta: string }).delta)
  const rest = streamed.filter(([kind]) => kind !== 'message')
  expect(rest.map(([kind]) => kind)).toEqual(['tool_call', 'tool_result', 'done'])
  expect(deltas.length).toBeGreaterThan(1)
  expect(rest[2]![1]).toMatchObject({ message: deltas.join(''), session_id, tool_calls: [{ name }] })
  expect(rest[0]![1]).toMatchObject({ name, plugin: 'Tide tables' })

  expect((await send('GET', '/api/agents')).json).toMatchObject({ total: 1, agents: [{ agent_id: id }] })
  expect((await send('DELETE', `/api/agents/${id}`)).status).toBe(204)
  const gone = [
    await send('GET', `/api/agents/${id}`),
    await chat(id, 'hello'),
    await chat('x', ' '),
    await chat('', 'y'),
  ]
  expect(gone.map(({ status, json: { code } }) => [status, code])).toEqual([
    ...[404, 404].map((status) => [status, 'AGENT_NOT_FOUND']),
    ...[400, 400].map((status) => [status, 'BAD_INPUT']),
  ])
  expect((await send('POST', '/api/agents', { name: 'x', plugins: ['none'] })).json.code).toBe('PLUGIN_NOT_FOUND')
  expect(await create()).toEqual(expect.any(String))
})

test('what a tool says goes back to the model: failures as sentences, long answers cut; instructions and history first', async () => {
  const vendor = await startVendor((response, { body }) => {
    const rows = rowsOf(body)
    const last = rows.at(-1)!
    if (last.role === 'tool') json(response, 200, said('I see.'))
    else if (last.content === 'and you?') json(response, 200, said('Fine.'))
    else {
      const broken = { id: 'b', name: 'tides__gauge', arguments: '' }
      const foreign = { id: 'f', name: 'fog__gauge', arguments: '{}' }
      const wrong = { id: 'w', name: 'tides__high_water', arguments: '{"harbour":' }
      json(response, 200, wishes(ask('Husum', 'h'), broken, foreign, wrong))
    }
  })
  const { create, chat, brief, heard } = await world([keyOf('k', vendor.url)], {
    tide: (url, response) =>
      response
        .writeHead(url.startsWith('/broken') ? 500 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ said: url.startsWith('/broken') ? 'dry' : '水'.repeat(20_000) })),
  })
  const id = await create({ instructions: 'Be brief.' })
  const answer = await chat(id, 'hello')
  const told = rowsOf(vendor.seen[1]!.body)
  expect(told.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'tool', 'tool', 'tool'])
  // Vendors read what they are sent back: nothing that cannot be read is among it.
  expect(told[2]!.tool_calls!.map((one) => one.function.arguments)).toEqual(['{"harbour":"Husum"}', '{}', '{}', '{}'])
  const [long, broken, foreign, wrong] = told.slice(3).map(({ content }) => content!)
  expect(long).toMatch(/^\{"said":"水{10919}\n\[cut: 32768 of 60011 bytes\]$/)
  expect([broken, foreign, wrong]).toEqual([
    expect.stringMatching(/^\{"error":"127\.0\.0\.1(:\d+)? answered 500\.","answer":\{"said":"dry"\}\}$/),
    '{"error":"Pilot has no tool fog__gauge."}',
    expect.stringContaining('is the text of a JSON object'),
  ])
  expect(answer.json.tool_calls.map((call: { error: { code: string } | null }) => call.error?.code ?? null)).toEqual([
    ...[null, 'UPSTREAM_FAILED', 'TOOL_NOT_FOUND', 'BAD_INPUT'],
  ])
  expect(answer.json.usage).toEqual({ input_tokens: 6, output_tokens: 4, total_tokens: 10 })
  expect(heard).toEqual(['/tides?harbour=Husum', '/broken'])

  const { session_id } = answer.json
  await chat(id, 'and you?', { session_id })
  expect(rowsOf(vendor.seen[2]!.body).map(({ role, tool_call_id: of }) => (of ? `${role} ${of}` : role))).toEqual([
    ...['system', 'user', 'assistant', 'tool h', 'tool b', 'tool f', 'tool w', 'assistant', 'user'],
  ])
  expect(brief(session_id).slice(-3)).toEqual(['answered I see.', 'said and you?', 'answered Fine.'])
  expect(
    (vendor.seen[0]!.body['tools'] as { function: { name: string } }[]).map((one) => one.function.name).sort(),
  ).toEqual(['tides__gauge', 'tides__high_water', 'tides__set_alert'])
})

test('an answer takes at most 8 rounds and 32 calls; a model that does not stop asking is told, then given up', async () => {
  const vendor = await startVendor((response, { body }) => {
    const rounds = rowsOf(body).filter(({ role }) => role === 'assistant').length
    json(response, 200, wishes(...Array.from({ length: 5 }, (_, n) => ask(`h${n}`, `c${rounds}-${n}`))))
  })
  const { create, chat, heard, brief } = await world([keyOf('k', vendor.url)])
  const answer = await chat(await create(), 'go')
  expect([answer.status, answer.json.code]).toEqual([502, 'AGENT_ROUNDS'])
  expect(vendor.seen.map(({ body }) => body['tool_choice'] ?? 'free')).toEqual([...[...Array(7).fill('free'), 'none']])
  expect(heard).toHaveLength(32)
  expect(rowsOf(vendor.seen[7]!.body).at(-1)!.content).toContain('an answer may call 32 tools')
  expect(brief(answer.json.session_id).at(-1)).toBe('failed AGENT_ROUNDS')
})

test('a model that fails answers with its status and is written down; in the middle of a stream it is an event', async () => {
  const vendor = await startVendor((response, { body }) => {
    if (rowsOf(body).at(-1)!.content === 'cut') {
      beginEvents(response)
      response.write(event(word('half a ')))
      setImmediate(() => response.destroy())
    } else json(response, 400, { error: { message: 'too long', type: 'invalid_request_error', code: null } })
  })
  const { create, chat, brief } = await world([keyOf('k', vendor.url)])
  const id = await create()
  const refused = await chat(id, 'hello', { stream: true })
  expect([refused.status, refused.json.code, refused.json.session_id]).toEqual([
    ...[400, 'VENDOR_FAILED', refused.headers.get('x-pilothouse-session')],
  ])
  expect(brief(refused.json.session_id)).toEqual(['said hello', 'failed VENDOR_FAILED'])
  const { session_id } = refused.json
  const cut = eventsOf((await chat(id, 'cut', { session_id, stream: true })).text)
  expect(cut).toEqual([
    ['message', { delta: 'half a ' }],
    ['error', { code: 'VENDOR_FAILED', error: expect.any(String), request_id: expect.any(String), session_id }],
  ])
  expect(brief(session_id).slice(2)).toEqual(['said cut', 'answered half a  cut', 'failed VENDOR_FAILED'])

  const none = await world([])
  const empty = await none.chat(await none.create(), 'hello')
  expect([empty.status, empty.json.code]).toEqual([503, 'NO_CANDIDATE'])
})

test('hanging up ends the model call, or the tool call; the session is free again', async () => {
  const vendor = await startVendor((response, { body }) => {
    if (rowsOf(body).at(-1)!.content === 'tool') json(response, 200, wishes(ask('Husum')))
    else if (rowsOf(body).at(-1)!.content === 'hi') json(response, 200, said('hello'))
    else {
      beginEvents(response)
      modelAsked.resolve()
    }
  })
  const modelAsked = Promise.withResolvers<void>()
  const toolAsked = Promise.withResolvers<void>()
  const toolGone = Promise.withResolvers<void>()
  const { url, create, chat, brief, send } = await world([keyOf('k', vendor.url)], {
    tide: (_url, response) => {
      response.once('close', toolGone.resolve)
      toolAsked.resolve()
    },
  })
  const id = await create()
  const { session_id } = (await chat(id, 'hi')).json
  const hang = async (message: string, until: Promise<void>, gone: Promise<void>) => {
    const caller = new AbortController()
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ agent_id: id, session_id, message, stream: true })
    const sent = fetch(`${url}/api/chat`, { method: 'POST', headers, body, signal: caller.signal })
    sent.catch(() => {})
    await until
    expect((await chat(id, 'hi', { session_id })).json.code).toBe('SESSION_BUSY')
    caller.abort()
    await gone
    await expect.poll(async () => brief(session_id).at(-1)).toBe('failed CANCELLED')
  }
  await hang('slow', modelAsked.promise, vendor.hungUp())
  await hang('tool', toolAsked.promise, toolGone.promise)
  expect(brief(session_id).slice(2)).toEqual([
    ...['said slow', 'failed CANCELLED', 'said tool', 'answered  →tides__high_water'],
    ...['called tides__high_water CANCELLED', 'failed CANCELLED'],
  ])
  await expect.poll(async () => (await chat(id, 'hi', { session_id })).json.message).toBe('hello')
  expect((await send('GET', '/healthz')).status).toBe(200)
})

test('the console talks to an agent as the words come, and stops it', async () => {
  const vendor = await startVendor((response, { body }) => {
    beginEvents(response)
    for (const one of ['High ', 'water ', 'at noon.']) response.write(event(word(one)))
    if (rowsOf(body).at(-1)!.content === 'endless') return
    response.write(event(used))
    response.end(event('[DONE]'))
  })
  const { agents, create, brief } = await world([keyOf('k', vendor.url)])
  const agentId = await create()
  const { handlers } = agents
  expect(await handlers.models(undefined, me)).toEqual({ models: ['chat', 'm', 'embedding', 'e'] })
  async function follow(text: string, sessionId: string | null, until: (update: ConversationUpdate) => boolean) {
    const made = await handlers.say({ agentId, sessionId, text }, me)
    const seen: ConversationUpdate[] = []
    const done = Promise.withResolvers<void>()
    const stop = handlers.onConversation(
      (update) => {
        seen.push(update)
        if (until(update)) done.resolve()
        return true
      },
      made,
      me,
    )
    await done.promise
    stop()
    return { ...made, seen }
  }
  const ended = (update: ConversationUpdate) => update.kind === 'turn' && update.turn === null
  const { sessionId, seen } = await follow('When?', null, ended)
  const words = seen.flatMap((update) => (update.kind === 'text' ? [update.text] : []))
  expect(words.join('')).toBe('High water at noon.')
  expect(seen.map(({ kind }) => kind).filter((kind) => kind !== 'text')).toEqual(['snapshot', 'message', 'turn'])

  await follow('endless', sessionId, ({ kind }) => kind === 'text')
  await handlers.stop({ sessionId }, me)
  await vendor.hungUp()
  await expect
    .poll(() => brief(sessionId))
    .toEqual([
      ...['said When?', 'answered High water at noon.', 'said endless'],
      ...['answered High water at noon. cut', 'failed CANCELLED'],
    ])
})

test('an answer for a caller of the HTTP interface grows on a page that shows the conversation', async () => {
  const vendor = await startVendor((response, { body }) => {
    const { content, role } = rowsOf(body).at(-1)!
    if (!body['stream']) return void json(response, 200, said('Fine.'))
    beginEvents(response)
    const [wished] = wishes(ask('Husum')).choices
    if (role === 'user' && content === 'tool')
      response.write(event({ choices: [{ index: 0, delta: wished!.message }] }))
    else for (const one of ['High ', 'water.']) response.write(event(word(one)))
    response.end(event('[DONE]'))
  })
  const { agents, create, chat } = await world([keyOf('k', vendor.url)])
  const agentId = await create()
  const titles: string[][] = []
  agents.handlers.onSessions(
    ({ sessions }) => titles.push(sessions.map(({ title, messages }) => `${title} ${messages}`)) > 0,
    { agentId },
    me,
  )
  const { session_id: sessionId } = (await chat(agentId, 'hello')).json
  const seen: ConversationUpdate[] = []
  const stop = agents.handlers.onConversation((update) => seen.push(update) > 0, { sessionId }, me)
  const answer = (await chat(agentId, 'tool', { session_id: sessionId })).json
  stop()
  await chat(agentId, 'bye', { session_id: sessionId })

  expect(answer).toMatchObject({ message: 'High water.', tool_calls: [{ name: 'tides__high_water' }] })
  // The vendor tells of no use: what the gateway takes for it is told, one token for each event that came.
  expect(answer.usage).toMatchObject({ output_tokens: 3 })
  const words = seen.flatMap((update) => (update.kind === 'text' ? [update.text] : []))
  expect(words.join('')).toBe('High water.')
  expect(seen.filter(({ kind }) => kind !== 'text').map(toldBriefly)).toEqual([
    ...['snapshot', 'said tool', 'turn begun', 'answered  →tides__high_water', 'calling tides__high_water'],
    ...['called tides__high_water {"high":"04:12"}', 'answered High water.', 'turn over'],
  ])
  // A page that looks is what makes it stream: without one a whole answer can still fall back.
  expect(vendor.seen.map(({ body }) => body['stream'] === true)).toEqual([false, true, true, false])
  expect(titles[0]).toEqual([])
  expect(titles.at(-1)).toEqual(['hello 8'])
})

test('a gateway token talks to agents with the plugins that it opens, in sessions of its own', async () => {
  const vendor = await startVendor((response) => json(response, 200, said('ok')))
  const { create, chat, platform, send } = await world([keyOf('k', vendor.url)])
  const id = await create({ plugins: ['tides', 'fog'] })
  const tokenOf = (name: string, scopes: object) => ({
    ...{ id: name, name, hash: createHash('sha256').update(`ph_${name}`).digest('hex'), rpm: null, tpm: null },
    ...{ scopes: { features: null, models: null, plugins: null, ...scopes }, expiresAt: null },
  })
  await platform.tokens(
    [tokenOf('fog', { plugins: ['8001'] }), tokenOf('images', { features: ['text_to_image'] })],
    context,
  )
  const as = (name: string) => ({ authorization: `Bearer ph_${name}` })
  const mine = await chat(id, 'hello', {}, as('fog'))
  expect((vendor.seen[0]!.body['tools'] as unknown[]).length).toBe(3)
  expect(JSON.stringify(vendor.seen[0]!.body['tools'])).not.toContain('tides__')
  const { session_id } = mine.json
  const failures = [
    await chat(id, 'hello', { session_id }),
    await chat(id, 'hello', {}, as('images')),
    await chat(id, 'hello', {}, as('nobody')),
    await send('GET', '/api/agents', undefined, as('fog')),
  ]
  expect(failures.map(({ status, json: { code } }) => [status, code])).toEqual([
    [404, 'SESSION_NOT_FOUND'],
    [403, 'TOKEN_SCOPE'],
    [401, 'TOKEN_UNKNOWN'],
    [403, 'TOKEN_SCOPE'],
  ])
  expect((await chat(id, 'hello', { session_id }, as('fog'))).status).toBe(200)
})
