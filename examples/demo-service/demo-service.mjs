// A service that registers itself at the local platform, beats, serves two paths, and takes itself out when it is ended.
// It uses Node (20 or newer) and nothing else. usage: node examples/demo-service/demo-service.mjs
import { createServer } from 'node:http'

const registry = (process.env.REGISTRY_URL ?? 'http://127.0.0.1:8001').replace(/\/+$/, '')
const name = process.env.SERVICE_NAME ?? 'demo-service'
/** Any free port, so that a second instance can be started beside the first. */
const port = Number(process.env.PORT ?? 0)
const TTL_S = Number(process.env.TTL_S ?? 30)
const BEAT_MS = (TTL_S * 1000) / 3

const items = [
  { id: 1, name: 'Chart table', stock: 4 },
  { id: 2, name: 'Signal lamp', stock: 12 },
  { id: 3, name: 'Barometer', stock: 0 },
]
const say = (text) => process.stdout.write(`${text}\n`)

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(body)}\n`)
  }
  if (pathname === '/healthz') return answer(200, { status: 'healthy' })
  if (pathname === '/items') {
    const wanted = (searchParams.get('search') ?? '').toLowerCase()
    const found = items.filter((item) => item.name.toLowerCase().includes(wanted))
    return answer(200, { items: found, total: found.length, instance: address })
  }
  answer(404, { error: `there is no ${pathname}` })
})

let address = ''
/** What the registry calls this instance; null while it does not know of it. */
let id = null
let beat
let told = ''

async function ask(method, path, body) {
  return await fetch(`${registry}/api/registry/services${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(5000),
  })
}
/** Registers where the registry does not know this instance (any more), else beats. Whatever fails is tried again. */
async function keepRegistered() {
  try {
    if (id !== null) {
      const answer = await ask('PUT', `/${id}/heartbeat`)
      if (answer.ok) return sayOnce('')
      if (answer.status !== 404) throw new Error(`it answered ${answer.status}`)
      id = null
    }
    const metadata = { language: 'javascript' }
    const answer = await ask('POST', '', { name, url: address, health_path: '/healthz', version: '1.0.0', ttl_s: TTL_S, metadata })
    if (!answer.ok) throw new Error(`it answered ${answer.status}: ${await answer.text()}`)
    id = (await answer.json()).id
    sayOnce(`registered as ${name} at ${registry} (${id})`)
  } catch (error) {
    sayOnce(`the registry at ${registry} cannot be used: ${error.cause?.message ?? error.message}; trying again`)
  }
}
function sayOnce(text) {
  if (text !== '' && text !== told) say(text)
  told = text
}
async function loop() {
  await keepRegistered()
  beat = setTimeout(loop, id === null ? Math.min(BEAT_MS, 3000) : BEAT_MS)
}

let ending = false
async function end() {
  if (ending) process.exit(1)
  ending = true
  clearTimeout(beat)
  if (id !== null) await ask('DELETE', `/${id}`).catch(() => {})
  server.close(() => process.exit(0))
  server.closeIdleConnections()
  setTimeout(() => process.exit(0), 2000).unref()
}
process.on('SIGINT', end).on('SIGTERM', end)

server.on('error', (error) => {
  say(`the port cannot be opened: ${error.message}`)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () => {
  address = `http://127.0.0.1:${server.address().port}`
  say(`serving ${address}/items`)
  void loop()
})
