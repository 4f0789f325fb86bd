// A cheap guess of what a request will count, for limits before anybody was asked. What the vendor counted replaces it
// afterwards, so it needs to be near, not right.

/** What takes tokens in bodies of chat, embeddings, reranking and images. */
const fields = ['messages', 'tools', 'input', 'prompt', 'query', 'documents', 'negative_prompt'] as const

const mostNodes = 50_000
const deepest = 24
/** Characters looked at one by one; a longer text is taken to go on as it began. */
const mostCharacters = 400_000
/** What a picture in a message costs, whatever its size in bytes. */
const ofPicture = 800
/** What surrounds each message: its role and its separators. */
const ofMessage = 4

/** Tokens of what goes in; at least 1. */
export function countInputTokens(body: { readonly [name: string]: unknown }): number {
  const walk = { nodes: 0, tokens: 0 }
  for (const field of fields) {
    if (!Object.hasOwn(body, field)) continue
    const value = body[field]
    if (field === 'messages' && Array.isArray(value)) walk.tokens += ofMessage * value.length
    // An embedding's input may be tokens already.
    if (field === 'input' && Array.isArray(value) && typeof value[0] === 'number') walk.tokens += value.length
    else count(value, 0, walk)
  }
  return Math.max(1, Math.ceil(walk.tokens))
}

/** More answers than any vendor gives: what asks for more still counts as a number. */
const mostAnswers = 1000
/** How many answers the caller asks for; what is no count is left to the vendor to refuse. */
export function answersWanted({ n }: { readonly [name: string]: unknown }): number {
  return typeof n === 'number' && Number.isFinite(n) && n >= 1 ? Math.min(Math.ceil(n), mostAnswers) : 1
}

/** The most that the caller lets come out, in all answers together; 0 where it sets no bound. */
export function mostOutputTokens(body: { readonly [name: string]: unknown }): number {
  const most = body['max_completion_tokens'] ?? body['max_tokens']
  return typeof most === 'number' && most > 0 && most <= 10_000_000 ? Math.floor(most) * answersWanted(body) : 0
}

/** Tokens that the request may take in all. */
export const countTokens = (body: { readonly [name: string]: unknown }): number =>
  countInputTokens(body) + mostOutputTokens(body)

/** Tokens of a text: about four Latin letters each, one for each Chinese, Japanese or Korean character. */
export function countTextTokens(text: string): number {
  const looked = Math.min(text.length, mostCharacters)
  let quarters = 0
  for (let at = 0; at < looked; at++) {
    const code = text.charCodeAt(at)
    // A pair of surrogates is one character: half a token for each half.
    quarters += code < 0x80 ? 1 : code < 0x2e80 || (code >= 0xd800 && code < 0xe000) ? 2 : 4
  }
  const tokens = quarters / 4
  return looked === text.length ? tokens : tokens * (text.length / looked)
}

function count(value: unknown, depth: number, walk: { nodes: number; tokens: number }): void {
  if (++walk.nodes > mostNodes || depth > deepest) return
  if (typeof value === 'string') {
    walk.tokens += value.startsWith('data:') && value.includes(';base64,') ? ofPicture : countTextTokens(value)
  } else if (typeof value === 'number' || typeof value === 'boolean') walk.tokens += 1
  else if (Array.isArray(value)) {
    for (const one of value) {
      if (walk.nodes > mostNodes) return
      count(one, depth + 1, walk)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, one] of Object.entries(value)) {
      if (walk.nodes > mostNodes) return
      walk.tokens += name.length / 8
      count(one, depth + 1, walk)
    }
  }
}
