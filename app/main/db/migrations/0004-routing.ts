/** Features and their history, decisions, what was used, gateway tokens, long jobs. It stands on no other migration. */
export const sql = `
-- "rules" is JSON (FeatureRules).
CREATE TABLE features (
  name TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  rules TEXT NOT NULL,
  seeded INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One counter for all features; a revision is never used again. Of a removal, "rules" are the last ones.
CREATE TABLE feature_revisions (
  revision INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  rules TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  removed INTEGER NOT NULL
) STRICT;
CREATE INDEX feature_revisions_by_name ON feature_revisions (name, revision);

-- JSON (Decision, DecisionOutcome); "bytes" is of both.
CREATE TABLE route_decisions (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  feature TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  decision TEXT NOT NULL,
  outcome TEXT
) STRICT;
CREATE INDEX route_decisions_by_feature ON route_decisions (feature, sequence, bytes);

-- Sums of an hour (milliseconds since 1970); '' where there was no key, vendor or token. "cost" is in millionths of the
-- currency, "first_token_ms" is the sum over the "streamed" answers.
CREATE TABLE usage_hours (
  hour INTEGER NOT NULL,
  feature TEXT NOT NULL,
  model TEXT NOT NULL,
  key_id TEXT NOT NULL,
  vendor TEXT NOT NULL,
  token_id TEXT NOT NULL,
  currency TEXT NOT NULL,
  requests INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  images INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  duration_ms REAL NOT NULL,
  first_token_ms REAL NOT NULL,
  streamed INTEGER NOT NULL,
  PRIMARY KEY (hour, feature, model, key_id, vendor, token_id, currency)
) STRICT, WITHOUT ROWID;

-- The newest records that were counted, so that none counts twice.
CREATE TABLE usage_counted (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE) STRICT;

-- "hash" is the SHA-256 of the token, which is kept nowhere; "scopes" is JSON.
CREATE TABLE gateway_tokens (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  prefix TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  rpm INTEGER,
  tpm INTEGER,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT, WITHOUT ROWID;

-- "job" is JSON (Job).
CREATE TABLE gateway_jobs (id TEXT PRIMARY KEY, at INTEGER NOT NULL, ended_at INTEGER, job TEXT NOT NULL) STRICT;
CREATE INDEX gateway_jobs_by_end ON gateway_jobs (ended_at);
`
