/** Keys that belong to plugins: their secret and address follow the plugin's configuration. It stands on 0002 and 0003. */
export const sql = `
CREATE TABLE plugin_keys (
  plugin_id TEXT PRIMARY KEY REFERENCES plugins ON DELETE CASCADE,
  key_id TEXT NOT NULL UNIQUE REFERENCES keys ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
`
