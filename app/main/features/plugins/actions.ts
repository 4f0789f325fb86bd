import { setImmediate as breath } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../../db/db.ts'
import type { Asker } from '../../lib/asker.ts'
import type { Audit } from '../../lib/audit.ts'
import type { Log } from '../../lib/log.ts'
import type { OAuthTokens } from './calling/call-types.ts'
import { changesOf, secretName, tokensName } from './configuration.ts'
import type { PluginRow, VersionRow } from './plugin-rows.ts'
import type { Held, Registry, Requested } from './registry.ts'
import { isEmpty } from './version-facts.ts'

/** How many are done before other work gets its turn. */
const STRIDE = 100

export interface ActionParts {
  readonly db: Db
  readonly registry: Registry
  readonly audit: Audit
  readonly log: Log
  readonly clock: () => number
}
type VersionOf = { readonly id: string; readonly versionId: number }

/** What operators do to plugins. A change and its line in the audit trail are one transaction: both are there, or neither. */
export function createActions({ db, registry, audit, log, clock }: ActionParts) {
  const { rows } = registry

  function note(
    asker: Asker,
    action: string,
    plugin: Pick<Held, 'row' | 'version'>,
    before: unknown,
    after: object = {},
  ) {
    const { name } = plugin.version.facts
    const named = asker.userId ? { ...after, userId: asker.userId } : after
    const subject = { action: `plugin.${action}`, target: `plugin ${name}`, targetId: plugin.row.id, before }
    audit.note({ actor: asker.actor, ...subject, ...(Object.keys(named).length > 0 ? { after: named } : {}) })
    db.afterCommit(() => log.info('plugins', action, { id: plugin.row.id }))
  }

  /** One after the other, each marked from the start; what fails is told once all had their turn. */
  async function each<T extends { readonly id: string }>(
    items: readonly T[],
    action: Requested,
    work: (plugin: Held, item: T) => void,
  ): Promise<void> {
    const unique = [...new Map(items.map((item) => [item.id, item])).values()]
    const marked = unique.map((item) => ({ item, mark: mark(item.id, action) }))
    const failures: { id: string; error: unknown }[] = []
    try {
      // Everybody is shown that it was asked for before the first one is done.
      await Promise.resolve()
      for (let from = 0; from < marked.length; from += STRIDE) {
        if (from > 0) await breath()
        const done: string[] = []
        for (const { item, mark } of marked.slice(from, from + STRIDE)) {
          try {
            if (!mark.ok) throw mark.error
            db.transaction(() => work(registry.find(item.id), item))
            done.push(item.id)
          } catch (error) {
            failures.push({ id: item.id, error })
          }
        }
        registry.changed(done)
      }
    } finally {
      // First the truth, then the marks go, in one change.
      for (const { mark } of marked) if (mark.ok) mark.release()
    }
    registry.flush()
    const [first] = failures
    if (!first) return
    if (unique.length === 1) throw first.error
    throw new AppError('ACTION_PARTLY_FAILED', {
      failed: failures.length,
      total: unique.length,
      name: registry.get(first.id)?.version.facts.name ?? first.id,
      reason: first.error instanceof Error ? first.error.message : String(first.error),
    })
  }
  function told(ids: readonly string[], known = false): void {
    registry.changed(ids, known)
    registry.flush()
  }
  function mark(id: string, action: Requested) {
    try {
      registry.find(id)
      return { ok: true as const, release: registry.request(id, action) }
    } catch (error) {
      return { ok: false as const, error }
    }
  }

  /** Why a version cannot be put into use at all; null where it can. */
  function obstacle({ facts, packageId }: VersionRow): string | null {
    if (registry.isLost(packageId)) return 'its files are gone'
    if (facts.signature === 'invalid') return 'its signature is not valid'
    return isEmpty(facts) ? 'it has no tool and no model that can be used' : null
  }

  /** Within a transaction. Answers the version that was in use before. A plugin that is disabled stays so where `quietly`. */
  function putIntoUse(row: PluginRow, version: VersionRow, asker: Asker, quietly = false): number | null {
    const { id, activeVersion, removedAt } = row
    const disabled = quietly && row.disabled
    const stays = activeVersion === version.versionId
    if (stays && disabled === row.disabled && removedAt === null) return activeVersion
    const now = clock()
    const was = activeVersion === null ? null : rows.version(id, activeVersion)
    rows.changePlugin(id, now, { activeVersion: version.versionId, disabled, removedAt: null })
    if (!stays) rows.activated(version.versionId, now)
    const { versionId, facts } = version
    const before = was && { version: was.facts.version, versionId: was.versionId }
    note(asker, 'activate', { row, version }, before, { version: facts.version, versionId })
    return activeVersion
  }

  return {
    note,
    obstacle,
    putIntoUse,
    /** Fails with PLUGIN_VERSION_UNUSABLE. What speaks against it short of that is the operator's to weigh. */
    async activate(versions: readonly VersionOf[], asker: Asker): Promise<{ before: VersionOf[] }> {
      const before: VersionOf[] = []
      await each(versions, 'activate', (plugin, { id, versionId }) => {
        const version = registry.version(id, versionId)
        const reason = obstacle(version)
        const { name, version: number } = version.facts
        if (reason !== null) throw new AppError('PLUGIN_VERSION_UNUSABLE', { name, version: number, reason })
        const was = putIntoUse(plugin.row, version, asker)
        if (was !== null) db.afterCommit(() => before.push({ id, versionId: was }))
      })
      return { before }
    },
    enable: (ids: readonly string[], asker: Asker) => setDisabled(ids, false, asker),
    disable: (ids: readonly string[], asker: Asker) => setDisabled(ids, true, asker),
    remove: (ids: readonly string[], asker: Asker) => setRemoved(ids, true, asker),
    restore: (ids: readonly string[], asker: Asker) => setRemoved(ids, false, asker),
    setRecording(id: string, recording: boolean, asker: Asker): void {
      const plugin = registry.find(id)
      if (plugin.row.recording === recording) return
      db.transaction(() => {
        rows.changePlugin(id, clock(), { recording })
        note(asker, 'setRecording', plugin, { recording: plugin.row.recording }, { recording })
      })
      told([id])
    },
    /** Names of fields go into the audit trail, never their values. */
    async configure(id: string, wanted: Readonly<Record<string, string>>, asker: Asker): Promise<void> {
      await registry.keyReady
      const plugin = registry.find(id)
      const { version, values } = plugin
      // A form that was shown without its secrets would take them for cleared.
      if (registry.key()?.isOpen() === false && version.facts.configuration.some(({ kind }) => kind === 'secret'))
        throw new AppError('KEY_VAULT_LOCKED')
      const changes = changesOf(registry.key(), id, version.facts, values, wanted)
      if (changes.size === 0) return
      db.transaction(() => {
        for (const [field, value] of changes) {
          const secret = version.facts.configuration.find(({ name }) => name === field)?.kind === 'secret'
          rows.setValue(id, field, value === null ? null : secret ? sealed(id, field, value) : { value, sealed: false })
        }
        rows.changePlugin(id, clock(), {})
        const [set, cleared] = [true, false].map((on) =>
          [...changes.keys()].filter((name) => (changes.get(name) !== null) === on),
        )
        note(asker, 'configure', plugin, undefined, { set, cleared })
      })
      told([id])
    },
    /** New tokens from the worker, or none: signed out. */
    async keepTokens(id: string, tokens: OAuthTokens | null, asker: Asker): Promise<void> {
      await registry.keyReady
      const plugin = registry.find(id)
      if (tokens === null && plugin.row.tokens === null) return
      const first = plugin.row.tokens === null
      db.transaction(() => {
        const text = tokens === null ? null : seal(tokensName(id), JSON.stringify(tokens))
        rows.changePlugin(id, clock(), { tokens: text })
        // A refresh is no act of anybody.
        if (tokens === null) note(asker, 'signOut', plugin, undefined)
        else if (first) note(asker, 'signIn', plugin, undefined)
      })
      told([id], asker.actor === 'platform')
    },
  }

  function seal(name: string, text: string): string {
    const key = registry.key()
    if (!key) throw new AppError('SECRET_UNREADABLE', { name })
    return key.seal(name, text)
  }
  function sealed(id: string, field: string, value: string) {
    return { value: seal(secretName(id, field), value), sealed: true }
  }

  function setDisabled(ids: readonly string[], disabled: boolean, asker: Asker): Promise<void> {
    const action = disabled ? 'disable' : 'enable'
    return each(
      ids.map((id) => ({ id })),
      action,
      (plugin) => {
        const { row, version } = plugin
        if (row.removedAt !== null) throw new AppError('PLUGIN_NOT_ACTIVE', { name: version.facts.name })
        if (row.activeVersion === null && !disabled) return void enableFirst(plugin, asker)
        if (row.disabled === disabled) return
        rows.changePlugin(row.id, clock(), { disabled })
        note(asker, action, plugin, { state: registry.stateOf(plugin) })
      },
    )
  }
  /** Enabling what was never activated is activating it. */
  function enableFirst(plugin: Held, asker: Asker): void {
    const { version } = plugin
    const reason = obstacle(version)
    const { name, version: number } = version.facts
    if (reason !== null) throw new AppError('PLUGIN_VERSION_UNUSABLE', { name, version: number, reason })
    putIntoUse(plugin.row, version, asker)
  }

  function setRemoved(ids: readonly string[], removed: boolean, asker: Asker): Promise<void> {
    const action = removed ? 'remove' : 'restore'
    return each(
      ids.map((id) => ({ id })),
      action,
      (plugin) => {
        const { row } = plugin
        if ((row.removedAt !== null) === removed) return
        rows.changePlugin(row.id, clock(), { removedAt: removed ? clock() : null })
        note(asker, action, plugin, { state: registry.stateOf(plugin) })
      },
    )
  }
}
export type Actions = ReturnType<typeof createActions>
