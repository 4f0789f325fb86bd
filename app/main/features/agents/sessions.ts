import { randomUUID } from 'node:crypto'
import { type Message, MessageBody, MOST_MESSAGES, type Session } from '../../../shared/contracts/agents.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../../db/db.ts'
import { fromJson } from '../../lib/json.ts'

export const MOST_SESSIONS = 500
/** Characters of one session's messages. */
const MOST_CHARACTERS = 4_000_000
const KEPT_MS = 30 * 24 * 3_600_000
const TITLE = 80

export interface KeptSession extends Session {
  /** The gateway token that began it; null without one. */
  readonly caller: string | null
}

/** What was said with agents: rows, bounded by number, size and age. Memory holds nothing of it. */
export function createSessions({ db, clock }: { readonly db: Db; readonly clock: () => number }) {
  const columns = `s.id, s.agent_id AS agentId, s.caller, s.title, s.created_at AS createdAt, s.updated_at AS updatedAt,
    (SELECT count(*) FROM agent_messages m WHERE m.session_id = s.id) AS messages`

  const get = (id: string): KeptSession | null =>
    db.get<KeptSession>(`SELECT ${columns} FROM agent_sessions s WHERE s.id = ?`, id) ?? null
  function find(id: string): KeptSession {
    const session = get(id)
    if (!session) throw new AppError('SESSION_NOT_FOUND', { name: id.slice(0, 100) })
    return session
  }

  return {
    get,
    find,
    of: (agentId: string): Session[] =>
      db
        .all<KeptSession>(
          `SELECT ${columns} FROM agent_sessions s WHERE s.agent_id = ? ORDER BY s.updated_at DESC, s.id`,
          agentId,
        )
        .map(shown),
    idsOf: (agentId: string): string[] =>
      db.all<{ id: string }>('SELECT id FROM agent_sessions WHERE agent_id = ?', agentId).map(({ id }) => id),
    /** Oldest first. A message that cannot be read is left out. */
    messages: (id: string): Message[] =>
      db
        .all<{ number: number; at: number; body: string }>(
          'SELECT number, at, body FROM agent_messages WHERE session_id = ? ORDER BY number',
          id,
        )
        .flatMap(({ number, at, body }) => {
          const read = MessageBody.safeParse(fromJson(body))
          return read.success ? [{ number, at, body: read.data }] : []
        }),
    /** Those that end with a question, or with a tool whose answer nobody has put into words. */
    unanswered: (): string[] =>
      db
        .all<{ id: string }>(
          `SELECT session_id AS id FROM agent_messages m
           WHERE number = (SELECT max(number) FROM agent_messages WHERE session_id = m.session_id)
             AND (body ->> '$.kind' IN ('said', 'called')
               OR (body ->> '$.kind' = 'answered' AND json_array_length(body, '$.wishes') > 0 AND NOT body ->> '$.cut'))`,
        )
        .map(({ id }) => id),
    create(agentId: string, text: string, caller: string | null): string {
      const id = randomUUID()
      const at = clock()
      const title = text.replace(/\s+/g, ' ').trim().slice(0, TITLE).toWellFormed()
      db.run(
        'INSERT INTO agent_sessions (id, agent_id, caller, title, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
        ...[id, agentId, caller, title, at, at],
      )
      return id
    },
    /** Appends; the oldest messages go where there are too many. Fails with SESSION_NOT_FOUND. */
    append(id: string, body: MessageBody): Message {
      return db.transaction(() => {
        find(id)
        const at = clock()
        const last = db.get<{ number: number | null }>(
          'SELECT max(number) AS number FROM agent_messages WHERE session_id = ?',
          id,
        )
        const number = (last?.number ?? 0) + 1
        const text = JSON.stringify(body)
        db.run('INSERT INTO agent_messages (session_id, number, at, body) VALUES (?, ?, ?, ?)', id, number, at, text)
        db.run(
          `DELETE FROM agent_messages WHERE session_id = ? AND number <= (
             SELECT max(number) FROM (
               SELECT number, row_number() OVER newest AS place, sum(length(body)) OVER newest AS total
                 FROM agent_messages WHERE session_id = ? WINDOW newest AS (ORDER BY number DESC))
             WHERE place > ${MOST_MESSAGES} OR (total > ${MOST_CHARACTERS} AND place > 1))`,
          ...[id, id],
        )
        db.run('UPDATE agent_sessions SET updated_at = ? WHERE id = ?', at, id)
        return { number, at, body }
      })
    },
    remove(ids: readonly string[]): void {
      db.transaction(() => {
        for (const id of ids) db.run('DELETE FROM agent_sessions WHERE id = ?', id)
      })
    },
    /** Those that are too old or too many, oldest first. */
    outlived(): string[] {
      const rows = db.all<{ id: string }>(
        `SELECT id FROM (SELECT id, updated_at, row_number() OVER (ORDER BY updated_at DESC, created_at DESC) AS place
           FROM agent_sessions) WHERE place > ${MOST_SESSIONS} OR updated_at < ? ORDER BY updated_at`,
        clock() - KEPT_MS,
      )
      return rows.map(({ id }) => id)
    },
  }
}
export type Sessions = ReturnType<typeof createSessions>

/** As pages see it. */
export const shown = ({ caller: _caller, ...session }: KeptSession): Session => session
