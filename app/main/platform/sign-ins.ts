import { AppError } from '../../shared/errors.ts'
import type { PlatformParts } from './parts.ts'

const LIFE_MS = 10 * 60_000
const MOST = 100
export const CALLBACK = '/api/plugins/oauth/callback'

interface Pending {
  readonly pluginId: string
  readonly verifier: string
  readonly redirectUri: string
  readonly until: number
}

/** Sign-ins that an operator has begun and whose answer has not come back yet. Each is good for one answer. */
export function createSignIns({
  table,
  definitions,
  caller,
  ports,
}: Pick<PlatformParts, 'table' | 'definitions' | 'caller' | 'ports'>) {
  const pending = new Map<string, Pending>()
  return {
    /** The address to open in a browser. */
    async begin(asked: string): Promise<{ url: string }> {
      const port = ports.portOf('plugin-service')
      if (port === null)
        throw new AppError('PLATFORM_NOT_RUNNING', { reason: 'it has no port that the answer could come back to' })
      const plugin = await definitions.load(table.find(asked))
      const redirectUri = `http://127.0.0.1:${port}${CALLBACK}`
      const { url, state, verifier } = caller.beginSignIn(plugin, redirectUri)
      const now = Date.now()
      for (const [key, one] of pending) if (one.until < now || pending.size >= MOST) pending.delete(key)
      pending.set(state, { pluginId: plugin.id, verifier, redirectUri, until: now + LIFE_MS })
      return { url }
    },
    /** Exchanges what came back; answers the plugin's name. */
    async finish(state: string, code: string): Promise<string> {
      const begun = pending.get(state)
      pending.delete(state)
      if (!begun || begun.until < Date.now())
        throw new AppError('BAD_INPUT', { reason: 'this sign-in was not begun here, or too long ago' })
      const plugin = await definitions.load(table.find(begun.pluginId))
      await caller.finishSignIn(plugin, code, begun.verifier, begun.redirectUri)
      return plugin.name
    },
    drop: (state: string) => pending.delete(state),
  }
}
export type SignIns = ReturnType<typeof createSignIns>
