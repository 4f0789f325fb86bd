import type { Agent, Message, MessageBody, Session, ToolCall } from '../../app/shared/contracts/agents.ts'
import { before } from './scripted-platform.ts'

const minute = 60_000

export const sampleAgent = (id: string, change: Partial<Agent> = {}): Agent => ({
  ...{
    id,
    name: 'Harbour master',
    description: 'Knows tides and weather.',
    plugins: ['weather', 'gone-7001'],
    model: null,
  },
  ...{
    instructions: 'Be brief. Say which harbour you mean.',
    createdAt: before(9 * minute),
    updatedAt: before(minute),
  },
  ...change,
})
export const sampleAgents = (): Agent[] => [
  sampleAgent('harbour'),
  sampleAgent('translator', { name: 'Translator', plugins: [], model: 'qwen-plus', description: '' }),
]

export const sampleSession = (id: string, change: Partial<Session> = {}): Session => ({
  ...{ id, agentId: 'harbour', title: 'When is high water at Husum?', messages: 6 },
  ...{ createdAt: before(5 * minute), updatedAt: before(2 * minute) },
  ...change,
})
export const sampleSessions = (): Session[] => [
  sampleSession('today'),
  sampleSession('older', { title: 'Is there fog tomorrow?', updatedAt: before(26 * 60 * minute) }),
]

const call = (change: Partial<ToolCall> = {}): ToolCall => ({
  ...{ id: 'c1', name: 'tides__high_water', plugin: 'Tide tables', pluginId: '7001', operation: 'high_water' },
  ...{ arguments: '{"harbour":"Husum"}', answer: '{"harbour":"Husum","high":["04:12","16:40"]}' },
  ...{ durationMs: 41, failure: null },
  ...change,
})
const answered = (text: string): MessageBody => ({
  ...{ kind: 'answered', text, wishes: [], cut: false, model: 'qwen-plus', vendor: 'aliyun' },
})
const numbered = (bodies: readonly MessageBody[]): Message[] =>
  bodies.map((body, at) => ({ number: at + 1, at: before(5 * minute - at * 1000), body }))

/** A tool that answered, one that did not, and words after both. */
export const sampleMessages = (): Message[] =>
  numbered([
    { kind: 'said', text: 'When is high water at Husum?\nAnd is the gauge alive?' },
    { kind: 'called', call: call() },
    {
      kind: 'called',
      call: call({
        ...{ id: 'c2', name: 'tides__gauge', operation: 'gauge', arguments: '', durationMs: 1240 },
        answer: '{"error":"127.0.0.1:9000 answered 500.","answer":{"error":"the gauge is dry"}}',
        failure: { code: 'UPSTREAM_FAILED', details: { host: '127.0.0.1:9000', status: 500 } },
      }),
    },
    answered('High water at Husum is at 04:12 and at 16:40. The gauge does not answer: it says that it is dry.'),
  ])
export const failedMessages = (): Message[] =>
  numbered([
    { kind: 'said', text: 'Hello' },
    {
      kind: 'failed',
      failure: { code: 'NO_CANDIDATE', details: { feature: 'chat', reasons: 'openai-main cooling, qwen budget' } },
    },
    { kind: 'said', text: 'Once more' },
    { kind: 'failed', failure: { code: 'CANCELLED', details: {} } },
  ])
