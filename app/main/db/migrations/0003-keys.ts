/** Keys of vendors, what came of their tests, and what is known of the health of keys and candidates. */
export const sql = `
-- "secret" and "former_secret" are sealed with the data key; "fingerprint" is an HMAC under a key derived from it, so that
-- the same secret is found again and cannot be guessed from the file. What ends in "models", "balance" or "error" is JSON.
-- "reminded" is the reminder that was given last, in days before "expires_at".
CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  vendor TEXT NOT NULL,
  service TEXT NOT NULL,
  name TEXT NOT NULL,
  tier TEXT NOT NULL,
  base_url TEXT,
  weight INTEGER NOT NULL,
  rpm INTEGER,
  tpm INTEGER,
  concurrency INTEGER,
  monthly_budget INTEGER,
  expires_at INTEGER,
  reminded INTEGER,
  secret TEXT,
  fingerprint TEXT UNIQUE,
  former_secret TEXT,
  former_until INTEGER,
  disabled_at INTEGER,
  disabled_reason TEXT,
  models TEXT,
  former_models TEXT,
  balance TEXT,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (vendor, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_tests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key_id TEXT NOT NULL REFERENCES keys ON DELETE CASCADE,
  at INTEGER NOT NULL,
  ok INTEGER NOT NULL,
  latency_ms REAL NOT NULL,
  status_code INTEGER,
  failure TEXT
) STRICT;
CREATE INDEX key_tests_by_key ON key_tests (key_id, id);

-- Of keys and of candidates, as the local platform reported it last; JSON.
CREATE TABLE route_health (id TEXT PRIMARY KEY, health TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- A fresh console can answer. The secret of this one is no secret; it is sealed as soon as the data key is open.
INSERT INTO keys (id, vendor, service, name, tier, weight, created_at, updated_at)
  VALUES ('sandbox', 'sandbox', 'sandbox', 'Sandbox', 'sandbox', 1, unixepoch() * 1000, unixepoch() * 1000);
`
