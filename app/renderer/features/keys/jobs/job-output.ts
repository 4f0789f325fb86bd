import { webAddress } from '../../../shell/web-address.ts'

/** One picture of a job: where it is, how large what came of it is, or why it did not come. */
export type JobPicture =
  | { readonly kind: 'address'; readonly address: string; readonly opens: string | null }
  | { readonly kind: 'content'; readonly bytes: number }
  | { readonly kind: 'failed'; readonly reason: string }

/** A vendor's answer may be of any shape and size; as much of it is drawn as anybody reads. */
const mostPictures = 50
const longestText = 2_000
const beginning = 200
const longestJson = 20_000

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** The pictures of an answer in OpenAI's shape, those that failed after those that came; and how many there are in all. */
export function picturesOf(result: unknown): { readonly pictures: readonly JobPicture[]; readonly total: number } {
  const { data, failures } = objectOf(result)
  const came = listOf(data).flatMap((one): readonly JobPicture[] => {
    const { url, b64_json } = objectOf(one)
    const [address, content] = [textOf(url), textOf(b64_json)]
    if (address !== null) return [{ kind: 'address', address, opens: webAddress(address) }]
    return content === null ? [] : [{ kind: 'content', bytes: bytesOf(content) }]
  })
  const failed = listOf(failures).map((one): JobPicture => {
    const { code, message } = objectOf(one)
    return { kind: 'failed', reason: [textOf(message), textOf(code)].filter((part) => part !== null).join(' · ') }
  })
  const all = [...came, ...failed]
  return { pictures: all.slice(0, mostPictures), total: all.length }
}

const bytesOf = (base64: string): number =>
  Math.floor((base64.length * 3) / 4) - (base64.match(/={1,2}$/)?.[0].length ?? 0)

/** The answer as JSON: whole, to be copied, and as much as is drawn. */
export function jsonOf(result: unknown): { readonly whole: string; readonly drawn: string } {
  const whole = JSON.stringify(result, null, 2)
  const short = JSON.stringify(result, (_, value) => (typeof value === 'string' ? shortened(value) : value), 2)
  return { whole, drawn: short.length > longestJson ? `${short.slice(0, longestJson)}…` : short }
}
const shortened = (text: string): string => (text.length > longestText ? `${text.slice(0, beginning)}…` : text)
