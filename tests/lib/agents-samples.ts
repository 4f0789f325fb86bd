import type { Agent, Message, MessageBody, Session, ToolCall } from '../../app/shared/contracts/agents.ts'
import { before } from './scripted-platform.ts'

const minute = 60_000

export const sampleAgent = (id: string, change: Partial<Agent> = {}): Agent => ({
  ...{
    id,
    name: 'Harbour master',
    description: 'Knows tides and weather.',
    plugins: ['weather', 'tides'],
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
const markdown = `## High water at Husum

The next two tides, in **local time** (see [the table](https://tides.example/husum?year=2026)):

| harbour | first | second | height |
|:--------|------:|-------:|-------:|
| Husum   | 04:12 | 16:40  | 3.6 m  |
| Büsum   | 03:51 | 16:19  | 3.4 m  |

1. Be at the lock *an hour before*.
2. Call \`VHF 11\`:
   - the keeper answers until 18:00
   - after that, nobody does

> Easterly winds take up to 40 cm away.

\`\`\`python
def clearance(draught: float, height: float = 3.6) -> bool:
    """Whether the sill at the lock can be passed, with a reserve for the swell that comes in from the west."""
    return height - 2.1 > draught + 0.3
\`\`\`

![The lock at noon](https://tides.example/lock.jpg) <b>not bold</b>`
const chinese = `### 结论
胡苏姆今天的高潮时间是 **04:12** 和 **16:40**，潮高约 \`3.6 m\`。

- 东风会使水位下降最多 40 厘米
- 过闸请提前一小时到达`
/** An answer that uses all that Markdown has, and one in Chinese. */
export const markdownMessages = (): Message[] =>
  numbered([
    { kind: 'said', text: 'When can I pass the lock?\n# not a heading' },
    answered(markdown),
    { kind: 'said', text: '用中文再说一遍' },
    answered(chinese),
  ])
/** The end of a conversation of a thousand messages. */
export const manyMessages = (): Message[] =>
  numbered(
    Array.from({ length: 100 }, (_, n): MessageBody[] => [
      { kind: 'said', text: `Question ${n + 401}` },
      answered(`Answer ${n + 401}`),
    ]).flat(),
  ).map((message) => ({ ...message, number: message.number + 800 }))
export const failedMessages = (): Message[] =>
  numbered([
    { kind: 'said', text: 'Hello' },
    {
      kind: 'failed',
      failure: {
        code: 'NO_CANDIDATE',
        details: {
          feature: 'chat',
          reasons: 'openai-main cooling, qwen budget',
          reasonsZh: 'openai-main：按供应商要求暂停',
        },
      },
    },
    { kind: 'said', text: 'Once more' },
    { kind: 'failed', failure: { code: 'CANCELLED', details: {} } },
  ])
/** A model that only ever asks for tools. */
export const roundsMessages = (): Message[] =>
  numbered([
    { kind: 'said', text: '每小时查一次，直到下雨' },
    ...Array.from({ length: 7 }, (_, n) => ({
      kind: 'called' as const,
      call: call({ id: `c${n}`, durationMs: 30 + n }),
    })),
    { kind: 'failed', failure: { code: 'AGENT_ROUNDS', details: { most: 8 } } },
  ])
