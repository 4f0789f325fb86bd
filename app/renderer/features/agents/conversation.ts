import {
  type ConversationUpdate,
  type Message,
  MOST_MESSAGES,
  type Session,
  type ToolCall,
  type ToolWish,
  type Turn,
} from '../../../shared/contracts/agents.ts'
import type { Failure } from '../../../shared/contracts/tasks.ts'

export type Conversation =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'open'
      readonly session: Session
      readonly messages: readonly Message[]
      readonly turn: Turn | null
    }
  /** It was removed, or never was there. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: Error }

export function applyConversation(state: Conversation, update: ConversationUpdate): Conversation {
  if (update.kind === 'snapshot') {
    const { session, messages, turn } = update
    return { kind: 'open', session, messages, turn }
  }
  if (update.kind === 'removed') return { kind: 'gone' }
  if (state.kind !== 'open') return state
  const { turn } = state
  switch (update.kind) {
    case 'message':
      return {
        ...state,
        messages: [...state.messages, update.message].slice(-MOST_MESSAGES),
        turn: turn && { ...turn, text: '', calling: null },
      }
    case 'text':
      return turn ? { ...state, turn: { ...turn, text: turn.text + update.text } } : state
    case 'calling':
      return turn ? { ...state, turn: { ...turn, calling: update.wish } } : state
    case 'turn':
      return { ...state, turn: update.turn }
  }
}

/** What is shown, one below the other. */
export type Part =
  | { readonly kind: 'said'; readonly key: string; readonly text: string }
  | {
      readonly kind: 'answered'
      readonly key: string
      readonly text: string
      /** Null while the words still come. */
      readonly by: { readonly model: string; readonly vendor: string } | null
    }
  | { readonly kind: 'called'; readonly key: string; readonly call: ToolCall }
  | { readonly kind: 'calling'; readonly key: string; readonly wish: ToolWish }
  | { readonly kind: 'failed'; readonly key: string; readonly failure: Failure }
  /** The model is being asked and has said nothing yet. */
  | { readonly kind: 'waiting'; readonly key: string }
  /** The console ended before there was an answer. */
  | { readonly kind: 'interrupted'; readonly key: string }

export const partsOf = (messages: readonly Message[]): Part[] => messages.flatMap(partOf)

/** What is shown below the messages: the answer that is being made, or that the last one was interrupted. */
export function endOf(messages: readonly Message[], turn: Turn | null): Part[] {
  const last = messages.at(-1)
  if (!turn) return isAnswered(last) ? [] : [{ kind: 'interrupted', key: 'interrupted' }]
  // With the key that the message will have: what is on screen stays there when it is whole.
  const key = String((last?.number ?? 0) + 1)
  return [
    ...(turn.text === '' ? [] : [{ kind: 'answered', key, text: turn.text, by: null } as const]),
    ...(turn.calling ? [{ kind: 'calling', key: 'calling', wish: turn.calling } as const] : []),
    ...(turn.text === '' && !turn.calling ? [{ kind: 'waiting', key: 'waiting' } as const] : []),
  ]
}

/** Messages that are shown at once; a long one counts as several. */
const MOST_SHOWN = 60
const LONG = 5_000

/** The number of the message that a page begins with: what is older than the newest few is shown when it is asked for. */
export function beginningOf(messages: readonly Message[]): number {
  let room = MOST_SHOWN
  for (const { number, body } of messages.toReversed()) {
    room -= 1 + ('text' in body ? body.text.length / LONG : 0)
    if (room <= 0) return number
  }
  return 0
}

function partOf({ number, body }: Message): Part[] {
  const key = String(number)
  switch (body.kind) {
    case 'said':
      return [{ kind: 'said', key, text: body.text }]
    case 'answered': {
      const { text, model, vendor } = body
      // One that only asks for tools has nothing to show: the tools are shown.
      return text === '' && body.wishes.length > 0 ? [] : [{ kind: 'answered', key, text, by: { model, vendor } }]
    }
    case 'called':
      return [{ kind: 'called', key, call: body.call }]
    case 'failed':
      return [{ kind: 'failed', key, failure: body.failure }]
  }
}

function isAnswered(last: Message | undefined): boolean {
  if (!last) return true
  const { body } = last
  return body.kind === 'failed' || (body.kind === 'answered' && body.wishes.length === 0 && !body.cut)
}

/** A JSON text as people read it; any other text as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
