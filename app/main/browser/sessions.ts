import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const secret = () => randomBytes(32).toString('base64url')
/** Hashing first makes the comparison constant-time for any length. */
const equal = (a: string, b: string) => timingSafeEqual(sha256(a), sha256(b))
const sha256 = (text: string) => createHash('sha256').update(text).digest()

const SESSION_DAYS = 7
/** Sign-in addresses that nobody has used yet; beyond this the oldest is forgotten. */
const TOKENS = 16

/**
 * Who may use the browser host: whoever exchanged a one-time token for the session cookie. The session is kept in `file`
 * (null: in memory) so that open tabs come back after the console is restarted; it is renewed after a week.
 */
export function createSessions(file: string | null) {
  const session = (file && readSession(file)) ?? secret()
  const tokens: string[] = []
  return {
    /** A fresh one-time token. */
    issue(): string {
      const token = secret()
      tokens.push(token)
      if (tokens.length > TOKENS) tokens.shift()
      return token
    },
    /** The session for a token, once; null for one that is unknown or used. */
    redeem(sent: string): string | null {
      const at = tokens.findIndex((token) => equal(token, sent))
      if (at < 0) return null
      tokens.splice(at, 1)
      if (file) keep(file, session)
      return session
    },
    is: (sent: string): boolean => equal(sent, session),
  }
}
export type Sessions = ReturnType<typeof createSessions>

function readSession(file: string): string | null {
  try {
    const { session, since } = JSON.parse(readFileSync(file, 'utf8'))
    const fresh = typeof since === 'number' && Date.now() - since < SESSION_DAYS * 86_400_000
    return fresh && typeof session === 'string' && /^[\w-]{43}$/.test(session) ? session : null
  } catch {
    return null // none yet, or not ours to trust: everybody signs in again
  }
}

function keep(file: string, session: string): void {
  if (readSession(file) === session) return
  try {
    writeFileSync(file, JSON.stringify({ session, since: Date.now() }), { mode: 0o600 })
  } catch {
    // A full disk costs only that tabs sign in again after a restart.
  }
}
