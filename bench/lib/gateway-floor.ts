// The least that can stand between a caller and a vendor with the libraries that the gateway uses: reads the chat, asks the
// vendor, answers. `node gateway-floor.ts VENDOR`; prints its port.
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { Pool } from 'undici'

const vendor = new Pool(process.argv[2]!, { connections: 128 })
const app = fastify({ logger: false })
app.post('/v1/chat/completions', async (request, reply) => {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer none' }
  const asked = JSON.stringify(request.body)
  const { body } = await vendor.request({ path: '/v1/chat/completions', method: 'POST', headers, body: asked })
  const answer = await body.text()
  JSON.parse(answer)
  return reply.type('application/json').send(answer)
})
await app.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`)
