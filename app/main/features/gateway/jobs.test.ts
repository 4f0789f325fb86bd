import { expect, test } from 'vitest'
import { tempDatabase } from '../../../../tests/lib/temp-database.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Job, JobQuery } from '../../platform/gateway/gateway-messages.ts'
import { createJobs } from './jobs.ts'

const job = (id: string, at: number, change: Partial<Job> = {}): Job => ({
  ...{ id, at, feature: 'text_to_image', model: 'm', keyId: 'k1', tokenId: null, request: '' },
  ...{ state: 'succeeded', vendorTaskId: null, result: '{"data":[]}', error: null, updatedAt: at },
  ...change,
})
function open() {
  const db = tempDatabase(tempFolder())
  return { db, jobs: createJobs(db, Date.now) }
}

test('jobs are listed page by page, of one caller or of all, without what came of them', () => {
  const { jobs } = open()
  // Three of the same millisecond.
  for (const one of [job('a', 1), job('b', 2), job('c', 2), job('d', 2), job('e', 3, { state: 'running' })])
    jobs.save(one)
  jobs.save(job('f', 4, { tokenId: 't1' }))
  const list = (change: Partial<JobQuery>) => {
    const { jobs: found, total } = jobs.list({ before: null, limit: 2, state: null, tokenId: null, ...change })
    return `${found.map(({ id, result }) => `${id}${result ?? ''}`).join(' ')} of ${total}`
  }
  const pages = [list({}), list({ before: 'e' }), list({ before: 'c' }), list({ before: 'a' })]
  expect(pages).toEqual(['f e of 6', 'd c of 6', 'b a of 6', ' of 6'])
  expect([list({ before: 2 }), list({ tokenId: 't1' }), list({ state: 'running' })]).toEqual([
    ...['a of 6', 'f of 1', 'e of 1'],
  ])
  expect(jobs.find({ id: 'a', tokenId: null })).toEqual(job('a', 1))
  const missing = expect.objectContaining({ code: 'JOB_NOT_FOUND' })
  expect(() => jobs.find({ id: 'a', tokenId: 't1' })).toThrow(missing)
  expect(() => jobs.list({ before: 'none', limit: 1, state: null, tokenId: null })).toThrow(missing)
})

test('of jobs that ended only the newest thousand are kept', () => {
  const { db, jobs } = open()
  db.transaction(() => {
    for (let i = 0; i < 1003; i++) jobs.save(job(`e${i}`, 1, { updatedAt: i + 2 }))
    jobs.save(job('r', 1, { state: 'running' }))
  })
  const ids = db.all<{ id: string }>('SELECT id FROM gateway_jobs ORDER BY ended_at').map(({ id }) => id)
  expect([ids.length, ids.slice(0, 2), ids.at(-1)]).toEqual([1001, ['r', 'e3'], 'e1002'])
})
