/** Which of a key's models its vendor has told the end of. It stands on 0003. */
export const sql = `
-- JSON (Retiring[]) of the newest test that succeeded.
ALTER TABLE keys ADD COLUMN retiring TEXT;
`
