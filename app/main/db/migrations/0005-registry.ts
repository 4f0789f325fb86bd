/** Services of the operator's own that registered at the local platform. */
export const sql = `
-- "metadata" is JSON. What heartbeats and callers change ("last_beat_at", "down_since", "requests", "errors") is written
-- once a minute and when the console ends. "down_since" is of one whose heartbeats stayed away; null for the others.
CREATE TABLE registered_instances (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  version TEXT,
  health_path TEXT,
  metadata TEXT NOT NULL,
  ttl_s REAL NOT NULL,
  registered_at INTEGER NOT NULL,
  last_beat_at INTEGER NOT NULL,
  down_since INTEGER,
  requests INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  UNIQUE (name, url)
) STRICT, WITHOUT ROWID;
`
