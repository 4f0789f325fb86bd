import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A socket in front of the engine's, so that a measurement can say when the engine began to answer. */
export function createRelay(path: string, target = '/var/run/docker.sock') {
  let server: Server | null = null
  return {
    /** Opens the way; resolves with the time at which the engine's first answer passed. */
    async open(): Promise<{ answered: Promise<number> }> {
      let first: (time: number) => void = () => {}
      const answered = new Promise<number>((resolve) => {
        first = resolve
      })
      server = createServer((inner) => {
        const outer = connect(target)
        inner.pipe(outer)
        outer.once('data', () => first(Date.now()))
        outer.pipe(inner)
        for (const socket of [inner, outer]) socket.on('error', () => [inner, outer].forEach((s) => void s.destroy()))
      })
      server.listen(path)
      await once(server, 'listening')
      return { answered }
    },
    async close(): Promise<void> {
      server?.close()
      await sleep(0)
    },
  }
}
