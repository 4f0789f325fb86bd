import { StringDecoder } from 'node:string_decoder'

/** The lines of a stream without their ends. One longer than `limit` characters is answered as null, and not kept. */
export async function* readLines(stream: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string | null> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let tooLong = false
  for await (const chunk of stream) {
    const parts = (rest + decoder.write(Buffer.from(chunk))).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      yield tooLong || part.length > limit ? null : part
      tooLong = false
    }
    if (rest.length > limit) {
      rest = ''
      tooLong = true
    }
  }
  if (rest !== '') yield tooLong ? null : rest
}
