import type { ToolWish } from '../../../shared/contracts/agents.ts'
import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'
import { fromJson } from '../../lib/json.ts'

/** Characters of an answer, and of one tool's arguments, that are kept; what comes after is dropped. */
const MOST_TEXT = 100_000
export const MOST_ARGUMENTS = 32_000
/** Tools in one answer that are looked at, beyond what an agent may call. */
const MOST_WISHES = 64
const NAME = 200

/** An answer of a model in OpenAI's shape, put together from the pieces that it comes in. */
export function createGathered(onText: (text: string) => void) {
  let text = ''
  const wishes: { readonly at: number; id: string; name: string; arguments: string }[] = []

  function say(more: Json | undefined): void {
    if (typeof more !== 'string' || more === '') return
    const kept = more.slice(0, MOST_TEXT - text.length)
    if (kept === '') return
    text += kept
    onText(kept)
  }
  function ask(tools: Json | undefined): void {
    for (const [place, one] of listOf(tools).entries()) {
      const { index, id: given, function: called } = objectOf(one)
      const { name, arguments: more } = objectOf(called)
      const at = typeof index === 'number' ? index : place
      const id = typeof given === 'string' ? given.slice(0, NAME) : ''
      const known = wishes.findLast((wish) => wish.at === at)
      // Some vendors number all of them 0: a name under another id is another tool's.
      const isOther = known && known.id !== '' && id !== '' && id !== known.id && name
      const wish = known && !isOther ? known : { at, id: '', name: '', arguments: '' }
      if (wish !== known && wishes.push(wish) > MOST_WISHES) wishes.pop()
      if (wish.id === '') wish.id = id
      // Some vendors repeat the name with every piece.
      if (typeof name === 'string' && wish.name === '') wish.name = name.slice(0, NAME)
      // One character too many stays, so that it is seen that it was too long.
      const written = typeof more === 'string' ? more : more === undefined || more === null ? '' : JSON.stringify(more)
      wish.arguments += written.slice(0, MOST_ARGUMENTS + 1 - wish.arguments.length)
    }
  }

  return {
    /** Whole server-sent events. */
    push(chunk: Buffer): void {
      for (const event of chunk.toString('utf8').split(/\r?\n\r?\n/)) {
        const data = event.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []))
        const json = objectOf(fromJson(data.join('\n')) as Json | undefined)
        const { delta } = objectOf(listOf(json['choices'])[0])
        const { content, tool_calls: tools } = objectOf(delta)
        say(content)
        ask(tools)
      }
    },
    /** An answer that came at once. */
    whole(json: Json): void {
      const { message } = objectOf(listOf(objectOf(json)['choices'])[0])
      const { content, tool_calls: tools } = objectOf(message)
      say(content)
      ask(tools)
    },
    answer: (): { text: string; wishes: ToolWish[] } => ({
      text: text.toWellFormed(),
      wishes: wishes
        .toSorted((a, b) => a.at - b.at)
        .map(({ at, ...wish }, place, all) => {
          // Answers are found by it: two must not share one.
          const unique = wish.id !== '' && all.findIndex((one) => one.id === wish.id) === place
          const id = unique ? wish.id : `${wish.id || 'call'}_${at + 1}`
          return { ...wish, id, arguments: wish.arguments.toWellFormed() }
        }),
    }),
  }
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
