/** What jobs are listed by. It stands on 0004. */
export const sql = `
ALTER TABLE gateway_jobs ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE gateway_jobs ADD COLUMN token_id TEXT;
UPDATE gateway_jobs SET state = json_extract(job, '$.state'), token_id = json_extract(job, '$.tokenId');
CREATE INDEX gateway_jobs_by_time ON gateway_jobs (at, id);
`
