import type { Settings } from '../../../shared/contracts/settings.ts'
import type { vault as contract, VaultState } from '../../../shared/contracts/vault.ts'
import { AppError, type ErrorCode, type ErrorDetails } from '../../../shared/errors.ts'
import type { Actor, Caller, Emit, Handlers } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import type { DataKey } from '../../lib/data-key.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Log } from '../../lib/log.ts'
import { createScope } from '../../lib/scope.ts'
import type { Reseal, Sealer } from '../../lib/sealing.ts'
import { createAutoLock } from './auto-lock.ts'

export interface VaultOptions {
  readonly db: Db
  readonly dataKey: Promise<DataKey>
  /** One for each feature that keeps sealed secrets; a secret that none of them knows would be lost by a rotation. */
  readonly sealed: readonly Reseal[]
  readonly audit: Audit
  readonly settings: { follow(listener: (settings: Settings) => void): () => void }
  readonly log: Log
  readonly clock?: () => number
}

/** The lock of the console's secrets: passphrase, auto-lock, and the rotation of the data key. */
export function createVault(options: VaultOptions) {
  const { db, dataKey, sealed, audit, settings, log, clock = Date.now } = options
  const scope = createScope()
  const states = createEmitter<VaultState>()
  let key: DataKey | null = null
  let failure: { code: ErrorCode; details: ErrorDetails } | null = null
  let stopped = false
  scope.add(() => {
    stopped = true
  })

  const autoLock = createAutoLock({ clock, due: () => void lockUnused() })
  scope.add(autoLock.stop)
  scope.add(settings.follow(({ autoLockMinutes }) => autoLock.setMinutes(autoLockMinutes)))

  const ready = dataKey.then(
    (found) => {
      if (stopped) return
      key = found
      scope.add(
        found.follow((open) => {
          autoLock.setOpen(open && found.hasPassphrase())
          if (open && found.hasFormer()) void sweep(found)
          tell()
        }),
      )
    },
    (error: unknown) => {
      failure =
        error instanceof AppError
          ? { code: error.code, details: error.details }
          : { code: 'INTERNAL', details: { incident: 'data key' } }
      tell()
    },
  )
  const tell = () => states.emit(present())
  function present(): VaultState {
    const storage = key?.storage ?? null
    const hasPassphrase = key?.hasPassphrase() ?? false
    if (failure) return { state: { kind: 'unusable', failure }, storage, hasPassphrase }
    return { state: { kind: !key ? 'opening' : key.isOpen() ? 'open' : 'locked' }, storage, hasPassphrase }
  }
  async function usable(): Promise<DataKey> {
    await ready
    if (key) return key
    throw failure ? new AppError(failure.code, failure.details) : new AppError('KEY_VAULT_LOCKED')
  }

  /** All of it or nothing, with what else `note` writes; for good once it is done. */
  function resealAll(from: Sealer, to: Sealer, note: (count: number) => void): void {
    db.transaction(() => note(sealed.reduce((sum, reseal) => sum + reseal(from, to), 0)))
    // Otherwise the newest transactions may be gone after a loss of power, and former keys with them.
    db.pragma('wal_checkpoint(FULL)')
  }
  /** What a console that was killed while it rotated, or a restored backup, left under a former key. */
  async function sweep(found: DataKey): Promise<void> {
    try {
      await found.sweep((from, to) => {
        // The console may have ended, or locked it, since.
        if (!stopped) resealAll(from, to, () => {})
      })
    } catch (error) {
      log.warn('vault', 'former data keys not swept', { error })
    }
  }
  async function lockUnused(): Promise<void> {
    try {
      await key?.lock()
      note('console', 'lock', { reason: 'unused' })
    } catch (error) {
      log.warn('vault', 'not locked', { error })
    }
  }
  function note(actor: Actor, action: string, after?: object): void {
    audit.note({ actor, action: `vault.${action}`, target: 'vault', targetId: 'vault', ...(after && { after }) })
    log.info('vault', action, after && { ...after })
  }
  /** Wrong passphrases are audited too; there are five of them in a minute at most. */
  async function guarded<T>(actor: Actor, action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof AppError && error.code === 'VAULT_PASSPHRASE_WRONG') note(actor, 'refuse', { action })
      throw error
    }
  }

  const handlers: Handlers<typeof contract> = {
    async unlock({ passphrase }, { actor }) {
      const found = await usable()
      if (found.isOpen()) return
      await guarded(actor, 'unlock', () => found.unlock(passphrase))
      note(actor, 'unlock')
    },
    async lock(_, { actor }) {
      const found = await usable()
      if (found.hasPassphrase() && !found.isOpen()) return
      await found.lock()
      note(actor, 'lock')
    },
    async setPassphrase({ former, next }, { actor }) {
      const found = await usable()
      const had = found.hasPassphrase()
      await guarded(actor, 'setPassphrase', () => found.setPassphrase(former, next))
      const has = next !== null
      autoLock.setOpen(has)
      if (had || has) note(actor, 'setPassphrase', { done: !had ? 'set' : has ? 'changed' : 'removed' })
      tell()
    },
    async rotate({ passphrase }, { actor }) {
      const found = await usable()
      await guarded(actor, 'rotate', () => found.check(passphrase))
      let count = 0
      await found.rotate((from, to) =>
        resealAll(from, to, (done) => {
          count = done
          note(actor, 'rotate', { resealed: done })
        }),
      )
      return { resealed: count }
    },
    onState(emit: Emit<VaultState>) {
      emit(present())
      return states.listen((state) => void emit(state))
    },
  }

  return {
    handlers,
    /** To be called with who makes each call that somebody is behind: an operator's puts auto-lock off. */
    used({ actor }: Caller): void {
      if (actor === 'desktop' || actor === 'browser' || actor === 'cli') autoLock.used()
    },
    stop: scope.close,
  }
}
export type Vault = ReturnType<typeof createVault>
