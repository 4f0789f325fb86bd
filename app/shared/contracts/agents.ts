import { z } from 'zod'
import { call, event } from '../rpc/contract.ts'
import { Name } from './names.ts'
import { Failure } from './tasks.ts'

/** What somebody says at once, in characters. */
export const MOST_SAID = 100_000
/** Rounds of one answer: how often the model is asked, its tools' answers given back in between. */
export const MOST_ROUNDS = 8
/** Messages of one conversation that are kept; the oldest go. */
export const MOST_MESSAGES = 200
/** Tools that are called for one answer. */
export const MOST_TOOL_CALLS = 32
/** Tools that a model is told of; vendors take no more. */
export const MOST_TOOLS = 128

/** A model with instructions and plugins, to be talked to. */
export const AgentFacts = z.object({
  name: Name,
  description: z.string().trim().max(2000),
  /** What the model is told before everything else. */
  instructions: z.string().max(20_000),
  /** Ids of plugins; their active tools are the agent's. */
  plugins: z.array(z.string().min(1).max(256)).max(100),
  /** As callers of the gateway name it, or a feature's name; null for whatever serves `chat`. */
  model: z.string().trim().min(1).max(200).nullable(),
})
export type AgentFacts = z.infer<typeof AgentFacts>

export const Agent = AgentFacts.extend({ id: z.string(), createdAt: z.number(), updatedAt: z.number() })
export type Agent = z.infer<typeof Agent>

/** A subscriber gets one snapshot, then changes, on one ordered stream. */
export const AgentsUpdate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), agents: z.array(Agent) }),
  z.object({ kind: z.literal('change'), upserted: z.array(Agent), removed: z.array(z.string()) }),
])
export type AgentsUpdate = z.infer<typeof AgentsUpdate>

/** One conversation with an agent. */
export const Session = z.object({
  id: z.string(),
  agentId: z.string(),
  /** How it began, cut. */
  title: z.string(),
  messages: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type Session = z.infer<typeof Session>

/** A tool that the model asks for; `arguments` is the JSON text that it wrote. */
export const ToolWish = z.object({ id: z.string(), name: z.string(), arguments: z.string() })
export type ToolWish = z.infer<typeof ToolWish>

/** A tool that was called, or could not be. */
export const ToolCall = ToolWish.extend({
  /** Name and id of the plugin, and the operation; null for a name that no tool of the agent has. */
  plugin: z.string().nullable(),
  pluginId: z.string().nullable(),
  operation: z.string().nullable(),
  /** What the model was told: JSON text, cut where it was long. */
  answer: z.string(),
  durationMs: z.number(),
  failure: Failure.nullable(),
})
export type ToolCall = z.infer<typeof ToolCall>

export const MessageBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('said'), text: z.string() }),
  /** What the model said, the tools it asks for, and who answered. `cut` where it broke off or was stopped. */
  z.object({
    kind: z.literal('answered'),
    text: z.string(),
    wishes: z.array(ToolWish),
    cut: z.boolean(),
    model: z.string(),
    vendor: z.string(),
  }),
  z.object({ kind: z.literal('called'), call: ToolCall }),
  /** Why there is no answer; CANCELLED where it was stopped. */
  z.object({ kind: z.literal('failed'), failure: Failure }),
])
export type MessageBody = z.infer<typeof MessageBody>

/** `number` counts up within a session; messages are never changed. */
export const Message = z.object({ number: z.number(), at: z.number(), body: MessageBody })
export type Message = z.infer<typeof Message>

/** An answer that is being made: what the model has said so far in this round, and the tool that is being called. */
export const Turn = z.object({ startedAt: z.number(), text: z.string(), calling: ToolWish.nullable() })
export type Turn = z.infer<typeof Turn>

/** One conversation, followed: a snapshot first. `text` adds to the turn's text; a `message` empties it. */
export const ConversationUpdate = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('snapshot'),
    session: Session,
    messages: z.array(Message),
    /** Null when no answer is being made. */
    turn: Turn.nullable(),
  }),
  z.object({ kind: z.literal('message'), message: Message }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('calling'), wish: ToolWish }),
  z.object({ kind: z.literal('turn'), turn: Turn.nullable() }),
  z.object({ kind: z.literal('removed') }),
])
export type ConversationUpdate = z.infer<typeof ConversationUpdate>

const Id = z.string().min(1).max(64)
const Ids = z.object({ ids: z.array(Id).min(1).max(500) })

export const agents = {
  calls: {
    create: call({ input: AgentFacts, output: z.object({ id: z.string() }) }),
    change: call({ input: z.object({ id: Id, facts: AgentFacts.partial() }) }),
    /** With all that was said with them. */
    remove: call({ input: Ids }),
    removeSessions: call({ input: Ids }),
    /** What an agent can be told to use: models that a usable key serves, and names of features. */
    models: call({ output: z.object({ models: z.array(z.string()) }) }),
    /**
     * Says something; without a session, in a new one. Returns as soon as it is kept: the answer comes through
     * `conversation`. Fails with SESSION_BUSY while an answer is being made.
     */
    say: call({
      input: z.object({ agentId: Id, sessionId: Id.nullable(), text: z.string().trim().min(1).max(MOST_SAID) }),
      output: z.object({ sessionId: z.string() }),
    }),
    /** Ends the answer that is being made, model call and tool calls with it; nothing happens where there is none. */
    stop: call({ input: z.object({ sessionId: Id }) }),
  },
  events: {
    updates: event(AgentsUpdate),
    /** Conversations with one agent, the latest first. */
    sessions: event(z.object({ sessions: z.array(Session) }), z.object({ agentId: Id })),
    conversation: event(ConversationUpdate, z.object({ sessionId: Id })),
  },
}
