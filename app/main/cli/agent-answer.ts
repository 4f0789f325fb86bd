import type { Message, ToolCall, Turn } from '../../shared/contracts/agents.ts'
import type { Failure } from '../../shared/contracts/tasks.ts'
import { AppError, describeError, knownCode } from '../../shared/errors.ts'
import { first } from './current.ts'
import { spokenLanguage } from './language.ts'
import type { Session } from './session.ts'

/** What came of what was said; `failure` is why there is no answer, or no more of it. */
export interface ToldAnswer {
  readonly message: string
  readonly calls: readonly ToolCall[]
  readonly failure: Failure | null
}
export interface AnswerListener {
  /** As they come; a line end follows the last of a message. */
  readonly words: (text: string) => void
  /** One line for each tool that was called. */
  readonly aside: (line: string) => void
}

/** Follows what is answered to the last thing said, to its end. Fails with SESSION_NOT_FOUND where it is removed meanwhile. */
export async function followAnswer(
  { rpc }: Session,
  sessionId: string,
  { words, aside }: AnswerListener,
): Promise<ToldAnswer> {
  const calls: ToolCall[] = []
  let message = ''
  let failure: Failure | null = null
  /** Messages up to this one were told; of the next, so many characters. */
  let told = 0
  let shown = 0

  function say(text: string): void {
    if (text.length <= shown) return
    words(text.slice(shown))
    shown = text.length
  }
  function hear({ number, body }: Message): void {
    if (number <= told) return
    told = number
    if (body.kind === 'answered') {
      say(body.text)
      if (shown > 0) words('\n')
      message = body.text
    }
    shown = 0
    if (body.kind === 'called') {
      calls.push(body.call)
      aside(callLine(body.call))
    }
    if (body.kind === 'failed') failure = body.failure
  }

  let turn: Turn | null = null
  await first<void>(0, (done, failed) =>
    rpc.agents.onConversation(
      (update) => {
        switch (update.kind) {
          case 'snapshot': {
            // A slow reader is given a whole picture once more: what it has read already is not told again.
            const said = update.messages.findLastIndex(({ body }) => body.kind === 'said')
            for (const one of update.messages.slice(said + 1)) hear(one)
            turn = update.turn
            say(turn?.text ?? '')
            break
          }
          case 'message':
            hear(update.message)
            turn = turn && { ...turn, text: '' }
            break
          case 'text':
            turn = turn && { ...turn, text: turn.text + update.text }
            say(turn?.text ?? '')
            break
          case 'turn':
            turn = update.turn
            break
          case 'removed':
            return failed(new AppError('SESSION_NOT_FOUND', { name: sessionId }))
          case 'calling':
            break
        }
        if (turn === null) done()
      },
      { sessionId },
      failed,
    ),
  )
  return { message, calls, failure }
}

/** `tides__high_water {"harbour":"Husum"} 41 ms`, and why where it failed. */
function callLine({ name, arguments: given, durationMs, failure }: ToolCall): string {
  const why = failure ? `: ${describeError(knownCode(failure.code), failure.details, spokenLanguage()).sentence}` : ''
  const shortened = given.length > 200 ? `${given.slice(0, 200).toWellFormed()}…` : given
  return `${failure ? 'FAILED' : 'called'} ${name} ${shortened || '{}'} (${Math.round(durationMs)} ms)${why}`
}
