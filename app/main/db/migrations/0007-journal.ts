/** How far the gateway's journal was read, and how often each key was asked. It stands on 0004. */
export const sql = `
-- One row. What stands in the file after "offset" bytes, and in the files after it, was not counted yet.
CREATE TABLE gateway_journal (id INTEGER PRIMARY KEY CHECK (id = 1), file INTEGER NOT NULL, offset INTEGER NOT NULL) STRICT;
INSERT INTO gateway_journal (id, file, offset) VALUES (1, 0, 0);

-- Calls of a key within an hour (milliseconds since 1970), also of requests that another key answered in the end; "errors"
-- are those that failed by no fault of the caller.
CREATE TABLE key_hours (
  hour INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  requests INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  PRIMARY KEY (hour, key_id)
) STRICT, WITHOUT ROWID;
INSERT INTO key_hours (hour, key_id, requests, errors)
  SELECT hour, key_id, sum(requests), sum(errors) FROM usage_hours WHERE key_id <> '' GROUP BY hour, key_id;
`
