import type { keys as contract } from '../../../shared/contracts/keys.ts'
import type { Handlers } from '../../../shared/rpc/contract.ts'
import { tested } from './actions.ts'
import { followDetails } from './details.ts'
import { saveKeys } from './export.ts'
import { importKeys } from './importing/import-keys.ts'
import type { KeyParts } from './key-parts.ts'

/** What is asked of keys by pages and the command line. */
export function keyHandlers(parts: KeyParts): Handlers<typeof contract> {
  const { registry, actions, uses, worker, pluginKeys } = parts
  return {
    async add({ secret, ...facts }, { actor }) {
      const { id } = await actions.add(facts, secret, { actor })
      return { id }
    },
    addFromPlugin: async ({ pluginId }, { actor }) => ({ id: await pluginKeys.add(pluginId, { actor }) }),
    async change({ id, facts, secret }, { actor }) {
      await actions.change(id, facts, { actor }, secret)
    },
    remove: ({ ids }, { actor }) => actions.remove(ids, { actor }),
    enable: ({ ids }, { actor }) => actions.enable(ids, { actor }),
    disable: ({ ids, reason }, { actor }) => actions.disable(ids, reason, { actor }),
    async rotate({ id, secret, graceHours }, { actor }) {
      await actions.rotate(id, secret, graceHours, { actor })
    },
    reveal: ({ id }, { actor }) => actions.reveal(id, { actor }),
    test: ({ id }, { actor }) => actions.test(id, { actor }),
    tryOut: (access) => tested(worker, access),
    resetCooldown: ({ ids }, { actor }) => actions.resetCooldown(ids, { actor }),
    importText: (input, { actor }) => importKeys(parts, input, { actor }),
    export: ({ passphrase }, { actor }) => saveKeys(parts, passphrase, { actor }),
    onUpdates: (emit) => registry.follow(emit),
    onDetails: (emit, { id }) => followDetails({ registry, uses }, id, emit),
  }
}
