import { once } from 'node:events'
import { createServer } from 'node:net'

/** Whether nobody has the port now. */
export const isFree = async (port: number): Promise<boolean> => {
  const server = createServer()
  const failed = new Promise<boolean>((resolve) => server.once('error', () => resolve(false)))
  server.listen(port, '127.0.0.1')
  const free = await Promise.race([failed, once(server, 'listening').then(() => true)])
  if (free) {
    server.close()
    await once(server, 'close')
  }
  return free
}

/** The first of so many ports in a row that were free a moment ago, below those that the system hands out by itself. */
export async function freePorts(count: number): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const base = 20_000 + Math.floor(Math.random() * 10_000)
    const row = await Promise.all(Array.from({ length: count }, (_, i) => isFree(base + i)))
    if (row.every(Boolean)) return base
  }
  throw new Error(`no ${count} free ports in a row`)
}
