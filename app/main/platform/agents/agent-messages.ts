import type { Agent, AgentFacts, MessageBody, Session, ToolWish } from '../../../shared/contracts/agents.ts'
import type { Ask } from '../../lib/peer.ts'

// Agents and what is said with them: main keeps both, the worker makes the answers.

/** An answer that is to be made. The session is held until `agentTurnEnd`: nobody else can say anything in it. */
export interface AgentTurn {
  readonly agent: Agent
  readonly session: Session
  /** All that was said before, and what is to be answered; oldest first. */
  readonly messages: readonly MessageBody[]
  /** Somebody looks at the conversation: words are told as they come, also where the caller waits for all of them. */
  readonly followed: boolean
}

/** What is told while an answer is made, in order. */
export type AgentProgress =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'calling'; readonly wish: ToolWish }

/** What the worker asks of main. */
export interface AgentAsks {
  readonly agentList: Ask<void, readonly Agent[]>
  readonly agentAdd: Ask<{ readonly facts: AgentFacts; readonly userId: string | null }, Agent>
  readonly agentRemove: Ask<{ readonly id: string; readonly userId: string | null }, void>
  /**
   * Keeps what is said, in a new session unless one is named. `caller` is the id of a gateway token, null without one: a
   * session is continued only by who began it. Fails with AGENT_NOT_FOUND, SESSION_NOT_FOUND, SESSION_BUSY.
   */
  readonly agentTurnBegin: Ask<
    {
      readonly agentId: string
      readonly sessionId: string | null
      readonly text: string
      readonly caller: string | null
    },
    AgentTurn
  >
  /** What is not written down yet. */
  readonly agentProgress: Ask<{ readonly sessionId: string; readonly progress: AgentProgress }, void>
  /** Keeps a message of a turn; each comes when it is whole. Fails with SESSION_NOT_FOUND once it was removed. */
  readonly agentMessage: Ask<{ readonly sessionId: string; readonly body: MessageBody }, void>
  readonly agentTurnEnd: Ask<{ readonly sessionId: string }, void>
}

/** What main asks of the worker. */
export interface AgentWorkerAsks {
  /** Makes the answer; what comes of it is told by `agentMessage`, why nothing came too. Ended by its signal. */
  readonly agentTurn: Ask<AgentTurn, void>
  /** Ends the answer that is being made in a session, if there is one. */
  readonly agentStop: Ask<{ readonly sessionId: string }, void>
  readonly agentModels: Ask<void, readonly string[]>
}
