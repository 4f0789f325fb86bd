import { openRunning } from '../../app/main/cli/session.ts'
import type { Rpc } from '../../app/shared/rpc/client.ts'

/** Asks the running console what its pages and commands ask. */
export async function withConsole<T>(data: string, work: (rpc: Rpc) => Promise<T>): Promise<T> {
  const session = await openRunning(data)
  try {
    return await work(session.rpc)
  } finally {
    await session.close()
  }
}
