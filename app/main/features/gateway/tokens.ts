import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Scopes, type Token, type TokenFacts } from '../../../shared/contracts/gateway.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Actor, Emit, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import { createEmitter } from '../../lib/emitter.ts'
import { fromJson } from '../../lib/json.ts'
import type { Log } from '../../lib/log.ts'
import type { GatewayAsks, UsableToken } from '../../platform/gateway/gateway-messages.ts'

const MOST_TOKENS = 1_000
const MINUTE = 60_000
/** "ph_" and so many characters more are shown; 180 bits stay unsaid. */
const SHOWN = 9

type Used = GatewayAsks['gatewayRecords']['input']['tokensUsed']
type LastMinute = NonNullable<Used[number]['minute']>
type Update = { kind: 'snapshot'; tokens: Token[] } | { kind: 'change'; upserted: Token[]; removed: string[] }
interface Held {
  readonly token: Token
  readonly hash: string
  readonly minute: LastMinute | null
}
interface Row extends Omit<Token, 'scopes'> {
  readonly hash: string
  readonly scopes: string
  readonly minute: string
}

/** As many seconds as a sliding minute touches (`engine/minute-window.ts`). */
const counted = z.array(z.tuple([z.number().int().min(0), z.number().min(0)])).max(61)
const StoredMinute = z.object({ requests: counted, tokens: counted }).nullable()

const closed: Scopes = { features: [], models: [], plugins: [] }

/** What lets callers in. A token is known once, to whoever creates it; its SHA-256 is kept. */
export function createTokens(parts: { db: Db; audit: Audit; log: Log; clock: () => number }) {
  const { db, audit, log, clock } = parts
  const held = new Map<string, Held>()
  const updates = createEmitter<Update>()
  const changes = createEmitter<void>()
  for (const { hash, scopes, minute, ...row } of db.all<Row>(
    `SELECT id, hash, prefix, name, scopes, rpm, tpm, expires_at AS expiresAt, created_at AS createdAt,
       last_used_at AS lastUsedAt, revoked_at AS revokedAt, minute FROM gateway_tokens ORDER BY created_at, id`,
  )) {
    // Scopes that cannot be read open nothing.
    const token = { ...row, scopes: Scopes.safeParse(fromJson(scopes)).data ?? closed }
    const read = StoredMinute.safeParse(fromJson(minute))
    if (!read.success) log.warn('gateway', 'last minute of a token cannot be read', { id: row.id })
    held.set(row.id, { hash, token, minute: read.data ?? null })
  }

  function write({ token, hash, minute }: Held): void {
    const { id, prefix, name, scopes, rpm, tpm, expiresAt, createdAt, lastUsedAt, revokedAt } = token
    db.run(
      `INSERT OR REPLACE INTO gateway_tokens (id, hash, prefix, name, scopes, rpm, tpm, expires_at, created_at, last_used_at,
         revoked_at, minute) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, hash, prefix, name, JSON.stringify(scopes), rpm, tpm, expiresAt, createdAt, lastUsedAt, revokedAt],
      JSON.stringify(minute),
    )
  }
  /** One transaction with its audit lines; memory, pages and the worker follow when it is written. */
  function change(list: readonly { next: Held; before: Token | null }[], action: string, actor: Actor): void {
    if (list.length === 0) return
    db.transaction(() => {
      for (const { next, before } of list) {
        const { token } = next
        write(next)
        const said = { action: `token.${action}`, target: `token ${token.name}`, targetId: token.id }
        audit.note({ actor, ...said, ...(before && { before: about(before) }), after: about(token) })
      }
      db.afterCommit(() => {
        for (const { next } of list) {
          held.set(next.token.id, next)
          log.info('gateway', `token ${action}`, { id: next.token.id })
        }
        updates.emit({ kind: 'change', upserted: list.map(({ next }) => next.token), removed: [] })
        changes.emit()
      })
    })
  }
  function find(id: string): Held {
    const one = held.get(id)
    if (!one || one.token.revokedAt !== null) throw new AppError('TOKEN_NOT_FOUND', { name: one?.token.name ?? id })
    return one
  }
  const valid = () => [...held.values()].filter(({ token }) => token.revokedAt === null)

  return {
    create(facts: TokenFacts, actor: Actor): { id: string; token: string } {
      if (valid().length >= MOST_TOKENS) {
        throw new AppError('BAD_INPUT', { reason: `there are ${MOST_TOKENS} tokens; revoke one first` })
      }
      const secret = `ph_${randomBytes(32).toString('base64url')}`
      const { name, scopes, rpm, tpm, expiresAt } = facts
      const token: Token = {
        ...{ id: randomUUID(), prefix: secret.slice(0, SHOWN), name, scopes, rpm, tpm, expiresAt },
        ...{ createdAt: clock(), lastUsedAt: null, revokedAt: null },
      }
      change([{ next: { token, hash: hashOf(secret), minute: null }, before: null }], 'create', actor)
      return { id: token.id, token: secret }
    },
    change(id: string, facts: { [K in keyof TokenFacts]?: TokenFacts[K] | undefined }, actor: Actor): void {
      const one = find(id)
      const { token } = one
      const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
      change([{ next: { ...one, token: { ...token, ...given } }, before: token }], 'change', actor)
    },
    /** All or none; one that is revoked already stays so. */
    revoke(ids: readonly string[], actor: Actor): void {
      const unknown = ids.find((id) => !held.has(id))
      if (unknown !== undefined) throw new AppError('TOKEN_NOT_FOUND', { name: unknown })
      const revokedAt = clock()
      const list = [...new Set(ids)].flatMap((id) => {
        const one = held.get(id)!
        const { token } = one
        return token.revokedAt === null ? [{ next: { ...one, token: { ...token, revokedAt } }, before: token }] : []
      })
      change(list, 'revoke', actor)
    },
    /** Part of the transaction that the worker's records are written in. No act of anybody: it has no audit line. */
    used(list: Used): void {
      const newest = new Map<string, Held>()
      for (const { id, at, minute } of list) {
        const one = newest.get(id) ?? held.get(id)
        if (!one) continue
        const lastUsedAt = Math.max(one.token.lastUsedAt ?? 0, Math.floor(at / MINUTE) * MINUTE)
        if (minute === null && lastUsedAt === one.token.lastUsedAt) continue
        newest.set(id, { ...one, minute, token: { ...one.token, lastUsedAt } })
      }
      if (newest.size === 0) return
      for (const [id, { token, minute }] of newest) {
        const kept = JSON.stringify(minute)
        db.run('UPDATE gateway_tokens SET last_used_at = ?, minute = ? WHERE id = ?', token.lastUsedAt, kept, id)
      }
      db.afterCommit(() => {
        const upserted: Token[] = []
        for (const [id, { token, minute }] of newest) {
          // It may have been changed or revoked meanwhile.
          const now = held.get(id) ?? newest.get(id)!
          const used = { ...now.token, lastUsedAt: token.lastUsedAt }
          if (used.lastUsedAt !== now.token.lastUsedAt) upserted.push(used)
          held.set(id, { ...now, minute, token: used })
        }
        if (upserted.length > 0) updates.emit({ kind: 'change', upserted, removed: [] })
      })
    },
    /** Takes out what was revoked before that time. */
    prune(before: number): void {
      const gone = [...held.values()].filter(({ token }) => token.revokedAt !== null && token.revokedAt < before)
      if (gone.length === 0) return
      db.run('DELETE FROM gateway_tokens WHERE revoked_at < ?', before)
      for (const { token } of gone) held.delete(token.id)
      updates.emit({ kind: 'change', upserted: [], removed: gone.map(({ token }) => token.id) })
    },
    /** Also of a revoked one. */
    nameOf: (id: string): string | null => held.get(id)?.token.name ?? null,
    /** What the worker checks callers against; it looks at the expiry itself. */
    usable: (): UsableToken[] =>
      valid().map(({ hash, minute, token: { id, name, scopes, rpm, tpm, expiresAt } }) => ({
        ...{ id, name, hash, scopes, rpm, tpm, expiresAt, minute },
      })),
    onChange: (listener: () => void): Unsubscribe => changes.listen(listener),
    follow(emit: Emit<Update>): Unsubscribe {
      emit({ kind: 'snapshot', tokens: [...held.values()].map(({ token }) => token) })
      return updates.listen((update) => void emit(update))
    },
  }
}
export type Tokens = ReturnType<typeof createTokens>

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')
const about = ({ name, scopes, rpm, tpm, expiresAt, revokedAt }: Token) => ({
  ...{ name, scopes, rpm, tpm, expiresAt },
  ...(revokedAt !== null && { revokedAt }),
})
