// A vendor of its own process that costs next to nothing: a chat of fixed words, whole or as a stream; prints its port.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chatAnswer } from './chat-answer.ts'

const answer = Buffer.from(chatAnswer)
const head = 'data: {"id":"c","object":"chat.completion.chunk","model":"measured","choices":[{"index":0,"delta":'
const word = `${head}{"content":"word "},"finish_reason":null}]}\n\n`
const end = `${head}{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`
const server = createServer((request, response) => {
  let streams = false
  request.on('data', (chunk: Buffer) => {
    streams ||= chunk.includes('"stream":true')
  })
  request.on('end', () => {
    if (!streams) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(word)
    setTimeout(() => response.end(word + end), 5)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
