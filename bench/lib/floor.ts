// The least that can stand between a caller and an upstream with the libraries that the local platform uses: takes the same
// call as an invoke, asks the upstream, answers. `node floor.ts UPSTREAM`; prints its port.
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { Pool } from 'undici'

const upstream = new Pool(process.argv[2]!, { connections: 128 })
const app = fastify({ logger: false })
app.post<{ Body: { text: string } }>('/api/plugin/invoke/:plugin/:operation', async (request) => {
  const path = `/echo/0?text=${encodeURIComponent(request.body.text)}`
  const { body } = await upstream.request({ path, method: 'GET' })
  return { success: true, data: await body.json(), request_id: request.id }
})
await app.listen({ port: 0, host: '127.0.0.1' })
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`)
