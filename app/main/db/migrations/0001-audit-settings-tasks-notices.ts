/** The first schema. */
export const sql = `
-- One line of the audit trail, append-only. "ends" is the sequence of the "started" line that this line closes.
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  target_id TEXT NOT NULL,
  before TEXT,
  after TEXT,
  outcome TEXT NOT NULL,
  code TEXT,
  ends INTEGER,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_target ON audit (target_id, sequence);
CREATE INDEX audit_started ON audit (sequence) WHERE outcome = 'started';
CREATE UNIQUE INDEX audit_ends ON audit (ends) WHERE ends IS NOT NULL;

-- The newest line, so that a missing end of the trail is noticed too.
CREATE TABLE audit_tail (only INTEGER PRIMARY KEY CHECK (only = 1), sequence INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
INSERT INTO audit_tail VALUES (1, 0, '');

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_only_appends BEFORE INSERT ON audit
WHEN NEW.sequence <> (SELECT sequence + 1 FROM audit_tail)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- JSON values; a key that is absent has its default.
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- "task" is the JSON of the contract's Task.
CREATE TABLE tasks (id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, ended_at INTEGER, task TEXT NOT NULL) STRICT;

-- A dismissed notice stays as a row only where it is shown once ever.
CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  details TEXT NOT NULL,
  at INTEGER NOT NULL,
  dismissed INTEGER NOT NULL DEFAULT 0,
  UNIQUE (code, details)
) STRICT;
`
