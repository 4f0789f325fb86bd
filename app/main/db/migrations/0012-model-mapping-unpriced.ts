/** Other names of models on keys, and how many calls had no known price. It stands on 0003 and 0004. */
export const sql = `
-- JSON (ModelMapping).
ALTER TABLE keys ADD COLUMN model_mapping TEXT NOT NULL DEFAULT '{}';
-- Calls that are not part of "cost", as their model has no known price.
ALTER TABLE usage_hours ADD COLUMN unpriced INTEGER NOT NULL DEFAULT 0;
`
