import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'
import { openDatabase } from '../db/db.ts'
import { createJobs } from '../features/gateway/jobs.ts'
import { databaseFile } from '../lib/data-folder.ts'
import type { Job } from '../platform/gateway/gateway-messages.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
/** Runs `pilothouse …` on a data folder as a shell would. */
const run = (folder: string, ...args: string[]) =>
  new Promise<{ out: string; errors: string; code: number }>((resolve) => {
    const env = { ...process.env, LC_ALL: 'C', NODE_NO_WARNINGS: '1' }
    const child = execFile(process.execPath, [cli, ...args, '--data', folder], { env }, (_error, out, errors) =>
      resolve({ out, errors, code: child.exitCode ?? -1 }),
    )
  })

test('jobs are listed, the newest first, and one is shown with what came of it', async () => {
  const folder = tempFolder()
  const none = await run(folder, 'jobs', 'ls')
  const [{ id: keyId }] = JSON.parse((await run(folder, 'keys', 'ls', '--json')).out)
  const { id: tokenId } = JSON.parse((await run(folder, 'tokens', 'create', 'Shop', '--json')).out)
  const began = Date.now() - 2 * 3_600_000
  const job = (change: Partial<Job>): Job => ({
    ...{ id: 'j-1', at: began, feature: 'text_to_image', model: 'wan', keyId, tokenId: null, request: '' },
    ...{ state: 'failed', vendorTaskId: 't', result: null, error: 'the easel fell', updatedAt: began + 1000 },
    ...change,
  })
  const db = openDatabase(databaseFile(folder))
  const store = createJobs(db, Date.now)
  const data = [{ url: 'http://a.test/1.png' }]
  store.save(job({}))
  store.save(
    job({ id: 'j-2', at: began + 1, tokenId, state: 'succeeded', result: JSON.stringify({ data }), error: null }),
  )
  db.close()

  const [listed, newest, shown, failed, unknown, wrong] = [
    await run(folder, 'jobs', 'ls'),
    await run(folder, 'jobs', 'ls', '--limit', '1', '--json'),
    await run(folder, 'jobs', 'show', 'j-2', '--json'),
    await run(folder, 'jobs', 'show', 'j-1'),
    await run(folder, 'jobs', 'show', 'j-3'),
    await run(folder, 'jobs', 'show'),
  ]
  const tidy = (text: string) => text.replace(/ +/g, ' ').trim().split('\n')
  expect(none.out).toBe('There are no jobs.\n')
  expect(tidy(listed.out)).toEqual([
    'ID STATE FEATURE MODEL KEY CALLER BEGAN',
    'j-2 succeeded text_to_image wan Sandbox Shop 2 h ago',
    'j-1 failed text_to_image wan Sandbox 2 h ago',
  ])
  expect(JSON.parse(newest.out)).toMatchObject([{ id: 'j-2', state: 'succeeded', key: 'Sandbox', caller: 'Shop' }])
  expect(JSON.parse(shown.out)).toMatchObject({ id: 'j-2', error: null, result: { data } })
  expect(tidy(failed.out)).toEqual([
    ...['id j-1', 'state failed', 'feature text_to_image', 'model wan', 'key Sandbox', 'caller'],
    ...[`began ${new Date(began).toISOString()}`, `ended ${new Date(began + 1000).toISOString()}`],
    'error the easel fell',
  ])
  expect([unknown.code, unknown.errors, wrong.code]).toEqual([
    1,
    'pilothouse: There is no job j-3. (JOB_NOT_FOUND)\n',
    2,
  ])
}, 60_000)
