import type { Asker } from '../../lib/asker.ts'
import type { PeerHandlers } from '../../lib/peer.ts'
import type { GatewayAsks } from '../../platform/gateway/gateway-messages.ts'
import type { KeyParts } from './key-parts.ts'
import type { KeyRow } from './key-rows.ts'

export type KeyAsks = Pick<
  GatewayAsks,
  'keyList' | 'keyAdd' | 'keyChange' | 'keyRemove' | 'keyEnable' | 'keyRotate' | 'keyTest' | 'keyReset'
>
const asking = (userId: string | null): Asker => ({ actor: 'platform', userId })

/** What the local platform asks about keys; a key is named by its id or its name. */
export function keyAsks({ registry, actions, vault }: KeyParts): PeerHandlers<KeyAsks> {
  const idOf = (given: string) => registry.named(given).id
  const shown = (row: KeyRow) => registry.view(registry.find(row.id))
  return {
    async keyList() {
      await vault.ready
      return registry.list().map(registry.view)
    },
    keyAdd: async ({ facts, apiKey, userId }) => shown(await actions.add(facts, apiKey, asking(userId))),
    keyChange: async ({ id, facts, apiKey, userId }) =>
      shown(await actions.change(idOf(id), facts, asking(userId), apiKey)),
    keyRemove: ({ id, userId }) => actions.remove([idOf(id)], asking(userId)),
    keyEnable({ id, enabled, reason, userId }) {
      const row = registry.named(id)
      if (enabled) actions.enable([row.id], asking(userId))
      else actions.disable([row.id], reason, asking(userId))
      return shown(row)
    },
    keyRotate: async ({ id, apiKey, graceHours, userId }) =>
      shown(await actions.rotate(idOf(id), apiKey, graceHours, asking(userId))),
    keyTest: async ({ id, userId }) => await actions.test(idOf(id), asking(userId)),
    keyReset({ id, userId }) {
      const row = registry.named(id)
      actions.resetCooldown([row.id], asking(userId))
      return shown(row)
    },
  }
}
