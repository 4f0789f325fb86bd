/** Plugins: packages as they came, the versions they brought, what is used and configured, and the calls. */
export const sql = `
-- One upload as it came: the folder plugins/packages/<id> holds its files. "sha256" is of all of them together.
CREATE TABLE plugin_packages (
  id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  brought_by TEXT NOT NULL,
  brought_at INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  file_count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX plugin_packages_by_sha256 ON plugin_packages (sha256);

CREATE TABLE plugin_files (
  package_id TEXT NOT NULL REFERENCES plugin_packages ON DELETE CASCADE,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (package_id, path)
) STRICT, WITHOUT ROWID;

-- "active_version" is null until it is activated once; "tokens" and what "last_…" hold are JSON, the first one sealed.
CREATE TABLE plugins (
  id TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  active_version INTEGER,
  disabled INTEGER NOT NULL DEFAULT 0,
  recording INTEGER NOT NULL DEFAULT 0,
  removed_at INTEGER,
  tokens TEXT,
  last_test TEXT,
  last_replay TEXT
) STRICT, WITHOUT ROWID;

-- One plugin of one package. Ids are never used again. "number" is the place of its definition in the package,
-- "content_hash" is of the definition without what an edit elsewhere moves; "facts" is JSON (version-facts.ts).
CREATE TABLE plugin_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  plugin_id TEXT NOT NULL REFERENCES plugins ON DELETE CASCADE,
  package_id TEXT NOT NULL REFERENCES plugin_packages,
  number INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  is_foreign INTEGER NOT NULL,
  activated_at INTEGER,
  facts TEXT NOT NULL
) STRICT;
CREATE INDEX plugin_versions_by_plugin ON plugin_versions (plugin_id);
CREATE INDEX plugin_versions_by_package ON plugin_versions (package_id);

-- "words" is what a search looks through, in lower case.
CREATE TABLE plugin_tools (
  version_id INTEGER NOT NULL REFERENCES plugin_versions ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  summary TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  disabled TEXT,
  words TEXT NOT NULL,
  PRIMARY KEY (version_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE plugin_configuration (
  plugin_id TEXT NOT NULL REFERENCES plugins ON DELETE CASCADE,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  sealed INTEGER NOT NULL,
  PRIMARY KEY (plugin_id, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE plugin_calls (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  plugin_id TEXT NOT NULL REFERENCES plugins ON DELETE CASCADE,
  version_id INTEGER NOT NULL,
  operation_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  surface TEXT NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  status_code INTEGER,
  duration_ms REAL NOT NULL,
  error TEXT
) STRICT;
CREATE INDEX plugin_calls_by_plugin ON plugin_calls (plugin_id, id);

-- Of recorded plugins and of calls from the console; secrets masked before they come here.
CREATE TABLE plugin_call_payloads (
  call_id INTEGER PRIMARY KEY REFERENCES plugin_calls ON DELETE CASCADE,
  plugin_id TEXT NOT NULL,
  arguments TEXT NOT NULL,
  answer TEXT NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX plugin_call_payloads_by_plugin ON plugin_call_payloads (plugin_id, call_id, bytes);

-- "plugins" is JSON: by plugin the content hash that was read last and was good.
CREATE TABLE watched_folders (path TEXT PRIMARY KEY, added_at INTEGER NOT NULL, plugins TEXT NOT NULL) STRICT, WITHOUT ROWID;
`
