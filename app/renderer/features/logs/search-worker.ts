import { type SearchRequest, searchTexts } from './search-protocol.ts'

// The worker's own scope has another type than a page's; only these two of it are used.
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<SearchRequest>) => void
  postMessage(message: unknown, transfer: Transferable[]): void
}
scope.onmessage = ({ data }) => {
  const answer = searchTexts(data)
  scope.postMessage(answer, [answer.found.buffer, answer.excluded.buffer])
}
