import { useState } from 'react'
import type { Token } from '../../../../shared/contracts/gateway.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'

export type Tokens =
  | { readonly kind: 'looking' }
  | { readonly kind: 'known'; readonly byId: ReadonlyMap<string, Token> }
  | { readonly kind: 'failed'; readonly error: Error }

/** Every gateway token, live for as long as the list is on screen. */
export function useTokens(): Tokens {
  const [tokens, setTokens] = useState<Tokens>({ kind: 'looking' })
  useEvent(
    rpc.gateway.onTokens,
    undefined,
    (update) =>
      setTokens((before) => {
        const fresh = update.kind === 'snapshot' ? update.tokens : update.upserted
        const known = update.kind === 'snapshot' || before.kind !== 'known' ? [] : before.byId
        const byId = new Map([...known, ...fresh.map((token) => [token.id, token] as const)])
        for (const id of update.kind === 'change' ? update.removed : []) byId.delete(id)
        return { kind: 'known', byId }
      }),
    (error) => setTokens({ kind: 'failed', error }),
  )
  return tokens
}
