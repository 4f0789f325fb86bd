/** What came with a gateway token within its last minute, for the next start. It stands on 0004. */
export const sql = `
-- JSON (LastMinute or null).
ALTER TABLE gateway_tokens ADD COLUMN minute TEXT NOT NULL DEFAULT 'null';
`
