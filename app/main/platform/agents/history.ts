import type { MessageBody, ToolWish } from '../../../shared/contracts/agents.ts'
import type { Json } from '../../features/plugins/packages/package-types.ts'
import { argumentsOf } from './tools.ts'

/** Characters of what was said before that a model is told; the oldest turns are left out. */
const MOST_HISTORY = 400_000

/** One exchange: what somebody said, and all that came of it. */
type Exchange = readonly MessageBody[]

/** A conversation as a model is told it. Every tool that it asked for has its answer, also where a console died meanwhile. */
export function historyOf(instructions: string, messages: readonly MessageBody[]): Json[] {
  const told: Json[][] = []
  let room = MOST_HISTORY
  for (const exchange of exchangesOf(messages).reverse()) {
    const rows = exchange.flatMap((body, at) => rowsOf(body, exchange.slice(at + 1)))
    room -= JSON.stringify(rows).length
    // What is to be answered is told in any case.
    if (told.length > 0 && room < 0) break
    told.unshift(rows)
  }
  const system = instructions.trim() === '' ? [] : [{ role: 'system', content: instructions }]
  return [...system, ...told.flat()]
}

/** Messages before the first thing said are the end of an exchange that is not kept any more. */
function exchangesOf(messages: readonly MessageBody[]): Exchange[] {
  const exchanges: MessageBody[][] = []
  for (const body of messages) {
    if (body.kind === 'said') exchanges.push([body])
    else exchanges.at(-1)?.push(body)
  }
  return exchanges
}

function rowsOf(body: MessageBody, after: Exchange): Json[] {
  switch (body.kind) {
    case 'said':
      return [{ role: 'user', content: body.text }]
    case 'answered': {
      if (body.wishes.length === 0) return body.text === '' ? [] : [{ role: 'assistant', content: body.text }]
      return [
        assistantRow(body.text, body.wishes),
        ...body.wishes.map((wish) => toolRow(wish.id, answerTo(wish, after))),
      ]
    }
    // Told with the message that asks for it; why there was no answer is none of the model's business.
    case 'called':
    case 'failed':
      return []
  }
}
function answerTo(wish: ToolWish, after: Exchange): string {
  for (const body of after) {
    // Vendors count their calls anew with each answer.
    if (body.kind === 'answered') break
    if (body.kind === 'called' && body.call.id === wish.id) return body.call.answer
  }
  return JSON.stringify({ error: 'It was not called: the answer was stopped.' })
}

export const assistantRow = (text: string, wishes: readonly ToolWish[]): Json => ({
  ...{ role: 'assistant', content: text === '' ? null : text },
  tool_calls: wishes.map(({ id, name, arguments: given }) => ({
    ...{ id, type: 'function' },
    // Vendors refuse a whole conversation for arguments that cannot be read; what was wrong with them, their answer says.
    function: { name, arguments: given.trim() !== '' && argumentsOf(given) ? given : '{}' },
  })),
})
export const toolRow = (id: string, answer: string): Json => ({ role: 'tool', tool_call_id: id, content: answer })
