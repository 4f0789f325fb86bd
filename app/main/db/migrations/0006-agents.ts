/** Agents, and what was said with them. It stands on no other migration. */
export const sql = `
-- "facts" is JSON (AgentFacts).
CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- "caller" is the id of the gateway token that began it, null without one.
CREATE TABLE agent_sessions (
  id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES agents ON DELETE CASCADE,
  caller TEXT,
  title TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX agent_sessions_by_agent ON agent_sessions (agent_id, updated_at);
CREATE INDEX agent_sessions_by_time ON agent_sessions (updated_at);

-- "body" is JSON (MessageBody). Only whole messages are written; none is ever changed.
CREATE TABLE agent_messages (
  session_id TEXT NOT NULL REFERENCES agent_sessions ON DELETE CASCADE,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (session_id, number)
) STRICT, WITHOUT ROWID;
`
