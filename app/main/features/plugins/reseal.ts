import type { Db } from '../../db/db.ts'
import type { Sealer } from '../../lib/sealing.ts'
import { opened, secretName, tokensName } from './configuration.ts'
import type { Registry } from './registry.ts'

/** Within a transaction: seals configured secrets and tokens of every plugin again, and answers how many. */
export function resealPlugins(db: Db, registry: Registry, from: Sealer, to: Sealer): number {
  const { rows } = registry
  const ids = new Set<string>()
  let count = 0
  for (const [id, values] of rows.values()) {
    for (const [field, { value, sealed }] of values) {
      const name = secretName(id, field)
      const text = sealed ? opened(from, name, value) : null
      if (text === null) continue // what was lost before stays as it is
      rows.setValue(id, field, { value: to.seal(name, text), sealed: true })
      ids.add(id)
      count++
    }
  }
  for (const { id, tokens, updatedAt } of rows.plugins()) {
    const text = tokens === null ? null : opened(from, tokensName(id), tokens)
    if (text === null) continue
    rows.changePlugin(id, updatedAt, { tokens: to.seal(tokensName(id), text) })
    ids.add(id)
    count++
  }
  // Memory holds them sealed. The worker has them in clear: nothing changed for it.
  db.afterCommit(() => registry.changed([...ids], true))
  return count
}
