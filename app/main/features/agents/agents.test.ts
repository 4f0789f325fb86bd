// biome-ignore-all lint/style/noRestrictedImports: tests build what stands around the feature.
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { AgentFacts, ConversationUpdate, Message, MessageBody } from '../../../shared/contracts/agents.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import { type Db, openDatabase } from '../../db/db.ts'
import { migrate, migrations } from '../../db/migrate.ts'
import { sql } from '../../db/migrations/0006-agents.ts'
import { silentLog } from '../../lib/log.ts'
import type { AgentProgress, AgentTurn } from '../../platform/agents/agent-messages.ts'
import { createAudit } from '../audit/audit.ts'
import { type AgentWorker, createAgents } from './agents.ts'

const me: Caller = { actor: 'browser' }
const context = { signal: new AbortController().signal, report: () => {} }
const DAY = 24 * 3_600_000
const facts: AgentFacts = {
  ...{ name: 'Harbour master', description: '', plugins: ['7001'], model: null },
  instructions: 'Be brief. sk-test-abcdefghijklmnop',
}
const answered = (text: string): MessageBody => ({
  ...{ kind: 'answered', text, wishes: [], cut: false, model: 'm', vendor: 'sandbox' },
})

interface Waiting {
  readonly turn: AgentTurn
  readonly done: () => void
  readonly die: (error: Error) => void
}

function openWorld(given?: Db) {
  let db = given
  if (!db) {
    const made = openDatabase(join(tempFolder(), 'x.db'))
    onTestFinished(made.close)
    // Thousands of small transactions: this test is not about the disk.
    made.pragma('synchronous = OFF')
    migrate(made, migrations.includes(sql) ? migrations : [...migrations, sql])
    db = made
  }
  const audit = createAudit({ db, log: silentLog, notify: () => {} })
  audit.stop()
  const now = { ms: Date.UTC(2026, 2, 31) }
  const asked: Waiting[] = []
  const told: unknown[] = []
  const starts: (() => void)[] = []
  const worker: AgentWorker = {
    ask: ((_name: string, turn: AgentTurn) =>
      new Promise<void>((done, die) => asked.push({ turn, done, die }))) as unknown as AgentWorker['ask'],
    tell: (name, input) => void told.push([name, input]),
    onStarted: (listener) => {
      starts.push(listener)
      return () => {}
    },
  }
  const { handlers, asks, stop } = createAgents({ db, worker, audit, log: silentLog, clock: () => now.ms })
  onTestFinished(() => void stop())
  return {
    ...{ db, now, asked, told, handlers, asks },
    restart: () => {
      for (const start of starts) start()
    },
    async agent(change: Partial<AgentFacts> = {}): Promise<string> {
      const { id } = await handlers.create({ ...facts, ...change }, me)
      return id
    },
    say: async (agentId: string, sessionId: string | null, text: string): Promise<string> =>
      (await handlers.say({ agentId, sessionId, text }, me)).sessionId,
    begin: async (agentId: string, sessionId: string | null, caller: string | null) =>
      await asks.agentTurnBegin({ agentId, sessionId, text: 'hi', caller }, context),
    append: async (sessionId: string, body: MessageBody) => await asks.agentMessage({ sessionId, body }, context),
    progress: (sessionId: string, progress: AgentProgress) => asks.agentProgress({ sessionId, progress }, context),
    messages(sessionId: string): readonly Message[] {
      let found: readonly Message[] = []
      handlers.onConversation(
        (update) => {
          if (update.kind === 'snapshot') found = update.messages
          return true
        },
        { sessionId },
        me,
      )()
      return found
    },
    sessions(agentId: string): string[] {
      let found: string[] = []
      const emit: Parameters<typeof handlers.onSessions>[0] = ({ sessions }) => {
        found = sessions.map(({ title, messages }) => `${title} ${messages}`)
        return true
      }
      handlers.onSessions(emit, { agentId }, me)()
      return found
    },
    lines: () =>
      db.all<{ line: string }>("SELECT actor || ' ' || action || ' ' || target AS line FROM audit ORDER BY sequence"),
    everything: () => JSON.stringify(db.all('SELECT * FROM audit')),
  }
}
const brief = ({ body }: Message): string =>
  body.kind === 'failed' ? body.failure.code : body.kind === 'called' ? body.call.name : body.text
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
const codeOf = async (work: () => unknown) => {
  try {
    await work()
    return 'no failure'
  } catch (error) {
    return (error as AppError).code
  }
}

test('an agent is made, changed and removed; each is told, written and in the audit trail, without secrets', async () => {
  const world = openWorld()
  const seen: unknown[] = []
  world.handlers.onUpdates(
    (update) =>
      seen.push(
        update.kind === 'snapshot'
          ? update.agents.length
          : [update.upserted.map(({ name }) => name), update.removed.length],
      ) > 0,
    undefined,
    me,
  )
  const id = await world.agent({ plugins: ['7001', '7001'] })
  await world.handlers.change({ id, facts: { name: 'Pilot' } }, me)
  const again = openWorld(world.db)
  expect(await again.asks.agentList(undefined, context)).toEqual([
    { ...facts, name: 'Pilot', id, createdAt: world.now.ms, updatedAt: world.now.ms },
  ])
  await world.asks.agentRemove({ id, userId: 'ann' }, context)

  expect(seen).toEqual([0, [['Harbour master'], 0], [['Pilot'], 0], [[], 1]])
  expect(world.lines().map(({ line }) => line)).toEqual([
    'browser agent.create agent Harbour master',
    'browser agent.change agent Pilot',
    'platform agent.remove agent Pilot',
  ])
  expect(world.everything()).not.toContain('abcdefghijklmnop')
  expect(await codeOf(() => world.say(id, null, 'hello'))).toBe('AGENT_NOT_FOUND')
})

test('what is said is kept, answered by the worker and followed; one answer at a time', async () => {
  const world = openWorld()
  const agentId = await world.agent()
  const sessionId = await world.say(agentId, null, 'When is\n high water?')
  const seen: ConversationUpdate[] = []
  world.handlers.onConversation((update) => seen.push(update) > 0, { sessionId }, me)
  const { turn, done } = world.asked[0]!
  expect(turn.messages).toEqual([{ kind: 'said', text: 'When is\n high water?' }])

  world.progress(sessionId, { kind: 'text', text: 'At ' })
  world.progress(sessionId, { kind: 'text', text: 'noon' })
  expect(await codeOf(() => world.say(agentId, sessionId, 'And low?'))).toBe('SESSION_BUSY')
  const late: ConversationUpdate[] = []
  world.handlers.onConversation((update) => late.push(update) > 0, { sessionId }, me)
  await world.append(sessionId, answered('At noon'))
  done()
  await settled()

  const at = world.now.ms
  const session = { id: sessionId, agentId, title: 'When is high water?', messages: 1, createdAt: at, updatedAt: at }
  const first = { number: 1, at, body: { kind: 'said', text: 'When is\n high water?' } }
  const message = { number: 2, at, body: answered('At noon') }
  const turnOf = (text: string) => ({ startedAt: at, text, calling: null })
  expect(seen).toEqual([
    { kind: 'snapshot', session, messages: [first], turn: turnOf('') },
    { kind: 'text', text: 'At ' },
    { kind: 'text', text: 'noon' },
    { kind: 'message', message },
    { kind: 'turn', turn: null },
  ])
  expect(late[0]).toMatchObject({ turn: turnOf('At noon') })

  await world.say(agentId, sessionId, 'And low?')
  expect(world.asked[1]!.turn.messages.map((one) => ('text' in one ? one.text : one.kind))).toEqual([
    'When is\n high water?',
    'At noon',
    'And low?',
  ])
  await world.handlers.stop({ sessionId }, me)
  await world.handlers.removeSessions({ ids: [sessionId] }, me)
  expect(world.told).toEqual([
    ['agentStop', { sessionId }],
    ['agentStop', { sessionId }],
  ])
  expect(seen.at(-1)).toEqual({ kind: 'removed' })
  expect(await codeOf(() => world.append(sessionId, answered('late')))).toBe('SESSION_NOT_FOUND')
})

test('a worker that dies leaves whole messages and the reason, whoever was waiting', async () => {
  const world = openWorld()
  const agentId = await world.agent()
  const mine = await world.say(agentId, null, 'one')
  const theirs = (await world.begin(agentId, null, null)).session.id
  world.progress(mine, { kind: 'text', text: 'half a sen' })
  world.asked[0]!.die(new AppError('PLATFORM_NOT_RUNNING', { reason: 'killed' }))
  await settled()
  world.restart()
  expect(world.messages(mine).map(brief)).toEqual(['one', 'PLATFORM_NOT_RUNNING'])
  expect(world.messages(theirs).map(brief)).toEqual(['hi', 'PLATFORM_NOT_RUNNING'])

  // A console that is killed: the next one writes the reason, and the session can go on.
  await world.say(agentId, mine, 'two')
  const again = openWorld(world.db)
  expect(again.messages(mine).map(brief)).toEqual(['one', 'PLATFORM_NOT_RUNNING', 'two', 'PLATFORM_NOT_RUNNING'])
  await again.say(agentId, mine, 'three')
  expect(again.asked).toHaveLength(1)
})

test('a conversation that a sudden end left without its answer says so after the next start', async () => {
  const { db, agent, say, append } = openWorld()
  const id = await agent()
  const [asked, inTheMiddle, whole] = [await say(id, null, 'a'), await say(id, null, 'b'), await say(id, null, 'c')]
  const wish = { id: 'w1', name: 'tides__high_water', arguments: '{}' }
  await append(inTheMiddle, { kind: 'answered', text: '', wishes: [wish], cut: false, model: 'm', vendor: 'sandbox' })
  await append(whole, answered('it is'))
  const next = openWorld(db)
  const cut: MessageBody = {
    kind: 'failed',
    failure: { code: 'PLATFORM_NOT_RUNNING', details: { reason: 'the console ended meanwhile' } },
  }
  expect([asked, inTheMiddle, whole].map((one) => next.messages(one).at(-1)?.body)).toEqual([
    cut,
    cut,
    answered('it is'),
  ])
  // Once.
  expect(openWorld(db).messages(asked)).toHaveLength(2)
})

test('a session is continued by who began it, the console may continue any', async () => {
  const world = openWorld()
  const [agentId, other] = [await world.agent(), await world.agent()]
  const { id } = (await world.begin(agentId, null, 'token-1')).session
  expect(await codeOf(() => world.begin(agentId, id, 'token-1'))).toBe('SESSION_BUSY')
  await world.asks.agentTurnEnd({ sessionId: id }, context)
  expect(await codeOf(() => world.begin(agentId, id, 'token-2'))).toBe('SESSION_NOT_FOUND')
  expect(await codeOf(() => world.begin(agentId, id, null))).toBe('SESSION_NOT_FOUND')
  expect(await codeOf(() => world.begin(other, id, 'token-1'))).toBe('SESSION_NOT_FOUND')
  await world.begin(agentId, id, 'token-1')
  await world.asks.agentTurnEnd({ sessionId: id }, context)
  await world.say(agentId, id, 'hello')
  expect(world.sessions(agentId)).toEqual(['hi 3'])
})

test('histories are bounded: 200 messages and 4 million characters a session, 500 sessions, 30 days', async () => {
  const world = openWorld()
  const agentId = await world.agent()
  const { id } = (await world.begin(agentId, null, null)).session
  for (let n = 0; n < 250; n++) await world.append(id, answered(`answer ${n}`))
  const kept = world.messages(id)
  expect([kept.length, brief(kept[0]!), brief(kept.at(-1)!)]).toEqual([200, 'answer 50', 'answer 249'])
  for (let n = 0; n < 50; n++) await world.append(id, answered('x'.repeat(100_000)))
  expect(world.messages(id)).toHaveLength(39)

  for (let n = 0; n < 510; n++) {
    world.now.ms++
    const { session } = await world.begin(agentId, null, null)
    await world.asks.agentTurnEnd({ sessionId: session.id }, context)
  }
  // The oldest of all is still being answered, so it stays.
  expect(world.sessions(agentId)).toHaveLength(501)
  await world.asks.agentTurnEnd({ sessionId: id }, context)
  world.now.ms += 31 * DAY
  await world.begin(agentId, null, null)
  expect(world.sessions(agentId)).toEqual(['hi 1'])
})

test('what cannot be removed now does not keep anybody from talking', async () => {
  const { db, now, agent, say, asked } = openWorld()
  const id = await agent()
  await say(id, null, 'old')
  asked[0]!.done()
  await settled()
  now.ms += 31 * DAY
  db.run("CREATE TRIGGER stuck BEFORE DELETE ON agent_sessions BEGIN SELECT RAISE(ABORT, 'full'); END")
  const fresh = await say(id, null, 'new')
  asked[1]!.done()
  await settled()
  await say(id, fresh, 'and again')
  expect(asked).toHaveLength(3)
})
