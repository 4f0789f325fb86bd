import { expect, test } from 'vitest'
import type { ConversationUpdate, Message, MessageBody, ToolCall, Turn } from '../../../shared/contracts/agents.ts'
import { applyAgents } from './agents-store.ts'
import { applyConversation, beginningOf, type Conversation, endOf, partsOf, pretty } from './conversation.ts'

const session = { id: 's', agentId: 'a', title: 'hi', messages: 1, createdAt: 1, updatedAt: 1 }
const wish = { id: 'c1', name: 'tides__high_water', arguments: '{"harbour":"Husum"}' }
const call: ToolCall = {
  ...{ ...wish, plugin: 'Tide tables', pluginId: '7001', operation: 'high_water' },
  ...{ answer: '{"high":"04:12"}', durationMs: 12, failure: null },
}
const message = (number: number, body: MessageBody): Message => ({ number, at: 1, body })
const said = message(1, { kind: 'said', text: 'When?' })
const answered = (number: number, text: string, change: object = {}): Message =>
  message(number, { kind: 'answered', text, wishes: [], cut: false, model: 'm', vendor: 'sandbox', ...change })
const started = { startedAt: 1, text: '', calling: null }
const shownOf = (messages: readonly Message[], turn: Turn | null) => [...partsOf(messages), ...endOf(messages, turn)]
const brief = (messages: readonly Message[], turn: Turn | null) =>
  shownOf(messages, turn).map((part) => ('text' in part ? `${part.kind} ${part.text}` : part.kind))

test('a conversation follows what main tells: words, tools, messages, the end', () => {
  let state: Conversation = { kind: 'loading' }
  const seen: string[][] = []
  const hear = (update: ConversationUpdate) => {
    state = applyConversation(state, update)
    if (state.kind === 'open') seen.push(brief(state.messages, state.turn).slice(1))
  }
  hear({ kind: 'text', text: 'lost' })
  hear({ kind: 'snapshot', session, messages: [said], turn: started })
  hear({ kind: 'message', message: answered(2, '', { wishes: [wish] }) })
  hear({ kind: 'calling', wish })
  hear({ kind: 'message', message: message(3, { kind: 'called', call }) })
  hear({ kind: 'text', text: 'At ' })
  hear({ kind: 'text', text: 'four.' })
  hear({ kind: 'message', message: answered(4, 'At four.') })
  hear({ kind: 'turn', turn: null })
  expect(seen).toEqual([
    ['waiting'],
    ['waiting'],
    ['calling'],
    ['called', 'waiting'],
    ['called', 'answered At '],
    ['called', 'answered At four.'],
    ['called', 'answered At four.', 'waiting'],
    ['called', 'answered At four.'],
  ])
  expect(applyConversation(state, { kind: 'removed' })).toEqual({ kind: 'gone' })
})

test('what has no answer says so: stopped, failed, or interrupted by the end of the console', () => {
  const failed = message(3, { kind: 'failed', failure: { code: 'CANCELLED', details: {} } })
  expect([
    brief([said], null),
    brief([said, answered(2, 'Let me', { wishes: [wish] })], null),
    brief([said, answered(2, 'half', { cut: true })], null),
    brief([said, answered(2, 'half', { cut: true }), failed], null),
    brief([], null),
  ]).toEqual([
    ['said When?', 'interrupted'],
    ['said When?', 'answered Let me', 'interrupted'],
    ['said When?', 'answered half', 'interrupted'],
    ['said When?', 'answered half', 'failed'],
    [],
  ])
})

test('words keep their place on the page when they are written down', () => {
  const growing = endOf([said], { ...started, text: 'At fo' })
  const whole = partsOf([said, answered(2, 'At four.')])
  expect([growing.map(({ key }) => key), whole.map(({ key }) => key)]).toEqual([['2'], ['1', '2']])
})

test('a long conversation begins with its newest messages, the sooner the longer they are', () => {
  const many = Array.from({ length: 200 }, (_, n) => answered(n + 1, 'short'))
  const long = many.map((one) => answered(one.number, 'x'.repeat(100_000)))
  const from = (messages: readonly Message[]) => [beginningOf(messages), beginningOf(messages.slice(0, 90))]
  expect({ few: beginningOf(many.slice(0, 40)), many: from(many), long: from(long) }).toEqual({
    ...{ few: 0, many: [141, 31], long: [198, 88] },
  })
})

test('agents are mirrored; JSON is indented, other text left alone', () => {
  const agent = {
    ...{ id: 'a', name: 'Pilot', description: '', instructions: '', plugins: [], model: null },
    ...{ createdAt: 1, updatedAt: 1 },
  }
  const none = { byId: new Map(), heard: false, failure: new Error('x') }
  const one = applyAgents(none, { kind: 'snapshot', agents: [agent] })
  const next = applyAgents(one, { kind: 'change', upserted: [{ ...agent, id: 'b' }], removed: ['a'] })
  expect([one.heard, one.failure, [...next.byId.keys()]]).toEqual([true, null, ['b']])
  expect([pretty('{"a":1}'), pretty('{"a":\n[cut: 2 of 3 bytes]'), pretty('')]).toEqual([
    '{\n  "a": 1\n}',
    '{"a":\n[cut: 2 of 3 bytes]',
    '',
  ])
})
