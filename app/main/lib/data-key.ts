import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Capabilities } from '../../shared/contracts/host.ts'
import { AppError } from '../../shared/errors.ts'
import type { Unsubscribe } from '../../shared/rpc/contract.ts'
import { createEmitter } from './emitter.ts'
import {
  assertPrivate,
  type Content,
  createKeyFile,
  dropPartial,
  guessCost,
  type KeyWrapper,
  type Locked,
  lockRing,
  MOST_KEYS,
  newPassphraseKey,
  type PassphraseKey,
  type Ring,
  readKeyFile,
  unlockRing,
  writeKeyFile,
} from './key-file.ts'
import { type Sealer, sealerOf } from './sealing.ts'

/** Wrong passphrases in a minute; the one after them is not even tried. */
const WRONG_A_MINUTE = 5
const MINUTE_MS = 60_000
/** A former key still opens what a backup brings back, for as long as anything that was removed can be restored. */
const FORMER_KEPT_MS = 30 * 24 * 3_600_000
/** As many as are kept however often it is rotated: one for each backup of the database. */
const FORMER_KEPT = 7

/**
 * The key of a data folder. While it is locked everything that needs it fails with KEY_VAULT_LOCKED; who holds it goes on
 * holding it, and is told when that changes.
 */
export interface DataKey extends Sealer {
  readonly storage: Capabilities['secretStorage']
  /** Told at once whether secrets can be read, then at each lock and unlock. */
  follow(listener: (open: boolean) => void): Unsubscribe
  isOpen(): boolean
  hasPassphrase(): boolean
  /** Whether anything may still be sealed with a former key. */
  hasFormer(): boolean
  /** Fails with VAULT_PASSPHRASE_WRONG, and after five of those in a minute with VAULT_TRY_LATER. */
  unlock(passphrase: string): Promise<void>
  /** Fails with VAULT_NO_PASSPHRASE: nothing would open it again. */
  lock(): Promise<void>
  /** Null for none. `former` is asked for where there is one, as in `unlock`. */
  setPassphrase(former: string | null, next: string | null): Promise<void>
  /** `passphrase` is asked for where there is one, as in `unlock`. */
  check(passphrase: string | null): Promise<void>
  /**
   * Takes a new key; `reseal` seals again, at once and all or nothing, whatever the present one sealed. The file holds both
   * before that begins, so that a console killed at any point opens everything. `reseal` ends only once what it wrote is
   * on the disk for good: a key that nothing needs any more may be dropped then.
   */
  rotate(reseal: (from: Sealer, to: Sealer) => void): Promise<void>
  /** Seals with the key in use what a former one sealed, and forgets former ones that no backup needs any more. */
  sweep(reseal: (from: Sealer, to: Sealer) => void): Promise<void>
}

interface Opened {
  readonly ring: Ring
  readonly sealer: Sealer
  /** Null without a passphrase. */
  readonly passphraseKey: PassphraseKey | null
}

/** The key of a data folder, created on first use: see `docs/decisions/0011-vault.md`. Fails with DATA_KEY_UNUSABLE. */
export async function openDataKey(
  folder: string,
  wrapper: KeyWrapper | null,
  { clock = Date.now, ticks = () => performance.now(), cost = guessCost } = {},
): Promise<DataKey> {
  const path = join(folder, 'data-key.json')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await assertPrivate(folder)
  // Another console may be creating it right now.
  await dropPartial(path, 60_000)
  const fresh = freshKey()
  const created = await createKeyFile(path, { keys: [fresh] }, wrapper)
  const stored: Content & { wrapped?: boolean } = created ? { keys: [fresh] } : await readKeyFile(path, wrapper)
  if (wrapper && stored.wrapped === false) await writeKeyFile(path, contentOf(stored), wrapper)

  const changes = createEmitter<boolean>()
  let locked: Locked | null = 'locked' in stored ? stored.locked : null
  let opened: Opened | null = 'keys' in stored ? openedWith(stored.keys, null) : null
  let wrong: number[] = []
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other: each reads what the one before it wrote, and a guess cannot be made beside another. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work)
    last = done.catch(() => {})
    return done
  }
  function present(): Opened {
    if (!opened) throw new AppError('KEY_VAULT_LOCKED')
    return opened
  }
  async function tried(passphrase: string) {
    if (!locked) return null
    const now = ticks()
    wrong = wrong.filter((at) => now - at < MINUTE_MS)
    const oldest = wrong.length >= WRONG_A_MINUTE ? wrong[0] : undefined
    if (oldest !== undefined)
      throw new AppError('VAULT_TRY_LATER', { seconds: Math.ceil((MINUTE_MS - (now - oldest)) / 1000) })
    const found = await unlockRing(locked, passphrase)
    if (found) return found
    wrong.push(ticks())
    throw new AppError('VAULT_PASSPHRASE_WRONG')
  }
  /** Keeps them in the file, then in memory. */
  async function keep(ring: Ring, passphraseKey: PassphraseKey | null): Promise<void> {
    const sealed = passphraseKey && lockRing(ring, passphraseKey)
    await writeKeyFile(path, sealed ? { locked: sealed } : { keys: ring }, wrapper)
    locked = sealed
  }
  const check = async (passphrase: string | null): Promise<void> => {
    present()
    await tried(passphrase ?? '')
  }
  function open(ring: Ring, passphraseKey: PassphraseKey | null): void {
    const before = opened
    opened = openedWith(ring, passphraseKey)
    if (!before) changes.emit(true)
  }

  async function dropUnneeded(): Promise<void> {
    const { ring, passphraseKey } = present()
    const since = clock() - FORMER_KEPT_MS
    const kept = ring.filter(({ retiredAt }, at) => retiredAt === null || (retiredAt > since && at <= FORMER_KEPT))
    if (kept.length === ring.length) return
    await keep(kept, passphraseKey)
    open(kept, passphraseKey)
  }

  return {
    storage: wrapper ? 'operating-system' : 'key-file',
    seal: (name, text) => present().sealer.seal(name, text),
    open: (name, sealed) => present().sealer.open(name, sealed),
    fingerprint: (purpose, text) => present().sealer.fingerprint(purpose, text),
    follow(listener) {
      listener(opened !== null)
      return changes.listen(listener)
    },
    isOpen: () => opened !== null,
    hasPassphrase: () => locked !== null,
    hasFormer: () => opened !== null && opened.ring.length > 1,
    unlock: (passphrase) =>
      inTurn(async () => {
        if (opened) return
        const found = await tried(passphrase)
        if (found) open(found.ring, found.passphraseKey)
      }),
    lock: () =>
      inTurn(async () => {
        if (!locked) throw new AppError('VAULT_NO_PASSPHRASE')
        if (!opened) return
        opened.passphraseKey?.key.fill(0)
        opened = null
        changes.emit(false)
      }),
    check: (passphrase) => inTurn(() => check(passphrase)),
    setPassphrase: (former, next) =>
      inTurn(async () => {
        await check(former)
        const { ring } = present()
        const passphraseKey = next === null ? null : await newPassphraseKey(next, cost)
        await keep(ring, passphraseKey)
        open(ring, passphraseKey)
      }),
    rotate: (reseal) =>
      inTurn(async () => {
        const { ring, sealer, passphraseKey } = present()
        const reason = 'it was rotated too often since the console started'
        if (ring.length >= MOST_KEYS - 1) throw new AppError('DATA_KEY_UNUSABLE', { path, reason })
        const [before, ...older] = ring
        const next: Ring = [freshKey(), { key: before!.key, retiredAt: clock() }, ...older]
        await keep(next, passphraseKey)
        try {
          reseal(sealer, sealerIn(next))
        } catch (error) {
          // The tables say what they said, or, after a commit that failed half way, perhaps not: both keys are kept open.
          const both = [...ring, { ...next[0]!, retiredAt: clock() }]
          opened = openedWith(both, passphraseKey)
          await keep(both, passphraseKey).catch(() => {})
          throw error
        }
        // In the same turn of the event loop as the transaction: nothing is sealed with the former key in between.
        open(next, passphraseKey)
        await dropUnneeded()
      }),
    sweep: (reseal) =>
      inTurn(async () => {
        const { ring, sealer } = present()
        if (ring.length === 1) return
        reseal(sealer, sealer)
        await dropUnneeded()
      }),
  }
}

const freshKey = () => ({ key: randomBytes(32).toString('base64'), retiredAt: null })
const contentOf = (stored: Content): Content => ('keys' in stored ? { keys: stored.keys } : { locked: stored.locked })
const sealerIn = (ring: Ring): Sealer => sealerOf(ring.map(({ key }) => Buffer.from(key, 'base64')))
const openedWith = (ring: Ring, passphraseKey: PassphraseKey | null): Opened => ({
  ...{ ring, passphraseKey, sealer: sealerIn(ring) },
})
