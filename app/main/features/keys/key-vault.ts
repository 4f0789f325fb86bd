import { AppError } from '../../../shared/errors.ts'
import type { DataKey } from '../../lib/data-key.ts'
import { createEmitter } from '../../lib/emitter.ts'
import type { Log } from '../../lib/log.ts'
import type { Sealer } from '../../lib/sealing.ts'
import type { KeyRows } from './key-rows.ts'

/** Of a server that wants none: any number of keys may hold it, as it tells no account from another. */
export const NO_SECRET = 'none'
/** What a fresh console's key holds; anybody may know it. */
const SANDBOX_SECRET = 'sandbox'
const secretName = (id: string) => `key/${id}`
const formerName = (id: string) => `key/${id}/former`

/** A secret as it may be shown: enough of a long one to recognise it. */
export const masked = (secret: string): string =>
  secret.length >= 20 ? `${secret.slice(0, 4)}****${secret.slice(-4)}` : '****'

/** Seals secrets of keys and opens them. In clear they are only where somebody asks for one; masks are kept in memory. */
export function createKeyVault(options: { rows: KeyRows; dataKey: Promise<DataKey>; log: Log }) {
  const { rows, log } = options
  const masks = new Map<string, string>()
  const turns = createEmitter<void>()
  let key: DataKey | null = null
  let unfollow: (() => void) | null = null
  let stopped = false

  const ready = options.dataKey.then(
    (found) => {
      if (stopped) return
      key = found
      unfollow = found.follow(turn)
    },
    (error: unknown) => log.error('keys', 'secrets cannot be opened', { error }),
  )
  function present(id: string): DataKey {
    if (!key) throw new AppError('SECRET_UNREADABLE', { name: secretName(id) })
    return key
  }
  function turn(open: boolean): void {
    if (open) readAll()
    else masks.clear()
    turns.emit()
  }
  function readAll(): void {
    try {
      sealSandbox()
      for (const { id } of rows.all()) remember(id)
    } catch (error) {
      // A console that ended meanwhile, or a full disk; the next start does it.
      log.warn('keys', 'secrets not read', { error })
    }
  }
  function sealSandbox(): void {
    const id = 'sandbox'
    if (!rows.one(id) || rows.sealed(id).secret !== null) return
    // Somebody who was quicker may have made another key of it.
    const taken = rows.withFingerprint(fingerprint(SANDBOX_SECRET))
    rows.change(id, { secret: seal(id, SANDBOX_SECRET), fingerprint: taken ? null : fingerprint(SANDBOX_SECRET) })
  }
  function remember(id: string): void {
    try {
      masks.set(id, masked(secretOf(id)))
    } catch (error) {
      masks.delete(id)
      log.warn('keys', 'secret cannot be opened', { id, error })
    }
  }
  const seal = (id: string, secret: string) => present(id).seal(secretName(id), secret)
  const fingerprint = (secret: string) => present('').fingerprint('key secrets', secret)
  function secretOf(id: string): string {
    const { secret } = rows.sealed(id)
    if (secret === null) throw new AppError('SECRET_UNREADABLE', { name: secretName(id) })
    return present(id).open(secretName(id), secret)
  }

  return {
    /**
     * When the data key is there, or cannot be had at all: then everything here fails with SECRET_UNREADABLE. While it is
     * locked, everything fails with KEY_VAULT_LOCKED.
     */
    ready,
    /** Told at each lock and unlock. */
    onTurn: turns.listen,
    seal,
    sealFormer: (id: string, secret: string): string => present(id).seal(formerName(id), secret),
    fingerprint,
    secretOf,
    formerOf(id: string): string | null {
      const { former } = rows.sealed(id)
      return former === null ? null : present(id).open(formerName(id), former)
    },
    remember,
    forget: (id: string) => void masks.delete(id),
    maskOf: (id: string): string => masks.get(id) ?? '****',
    /** Whether the data key is open and opens this one. */
    isReadable: (id: string): boolean => masks.has(id),
    isOpen: (): boolean => key?.isOpen() === true,
    isLocked: (): boolean => key?.isOpen() === false,
    /** Within a transaction. */
    reseal: (from: Sealer, to: Sealer): number => resealKeys(rows, from, to),
    stop(): void {
      stopped = true
      unfollow?.()
    },
  }
}
export type KeyVault = ReturnType<typeof createKeyVault>

/** Fingerprints are made under a key derived from the data key: they are made anew as well. */
function resealKeys(rows: KeyRows, from: Sealer, to: Sealer): number {
  let count = 0
  for (const { id } of rows.all()) {
    const { secret: sealed, former } = rows.sealed(id)
    const secret = sealed === null ? null : opened(from, secretName(id), sealed)
    const before = former === null ? null : opened(from, formerName(id), former)
    if (secret !== null) {
      const fingerprint = to.fingerprint('key secrets', secret)
      const taken = rows.withFingerprint(fingerprint)
      rows.change(id, {
        secret: to.seal(secretName(id), secret),
        fingerprint: taken && taken.id !== id ? null : fingerprint,
      })
      count++
    }
    if (before === null) continue
    rows.change(id, { formerSecret: to.seal(formerName(id), before) })
    count++
  }
  return count
}
function opened(from: Sealer, name: string, sealed: string): string | null {
  try {
    return from.open(name, sealed)
  } catch {
    return null // it was lost before, and stays as it is
  }
}
