// biome-ignore-all lint/style/noRestrictedImports: tests build what stands around the feature.
import { expect, test } from 'vitest'
import { fakeHost } from '../../../../tests/lib/fake-host.ts'
import type { JobDetails, JobList, JobRow } from '../../../shared/contracts/gateway.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import type { Job } from '../../platform/gateway/gateway-messages.ts'
import { openStoreWorld } from '../routing/test-world.ts'
import { createGatewayStore } from './gateway.ts'

const me: Caller = { actor: 'browser' }
const job = (id: string, at: number, change: Partial<Job> = {}): Job => ({
  ...{ id, at, feature: 'text_to_image', model: 'wan', keyId: 'k1', tokenId: null, request: '{"prompt":"a tide"}' },
  ...{ state: 'running', vendorTaskId: 't-1', result: null, error: null, updatedAt: at },
  ...change,
})
const result = JSON.stringify({ data: [{ url: 'http://a.test/1.png' }] })

function open() {
  const world = openStoreWorld()
  const nothing = () => {}
  const store = createGatewayStore({
    ...{ ...world, host: fakeHost(), liveEveryMs: 1, keyName: (id) => (id === 'k1' ? 'First' : null) },
    ...{ keepDecisions: nothing, applyHealth: nothing, applyFailures: nothing, applyUses: nothing },
  })
  const save = (one: Job) => store.asks.saveJob(one, null as never)
  return { ...world, store, save }
}
/** What is told, one after the other. */
function hearing<T>() {
  const waiting: ((told: T) => void)[] = []
  const heard: T[] = []
  return {
    emit(told: T): boolean {
      const next = waiting.shift()
      if (next) next(told)
      else heard.push(told)
      return true
    },
    next: async (): Promise<T> => heard.shift() ?? (await new Promise<T>((resolve) => waiting.push(resolve))),
    rest: () => heard,
  }
}
const brief = ({ jobs, total }: JobList) => `${jobs.map(({ id, state }) => `${id} ${state}`).join(', ')} of ${total}`

test('whoever looks at jobs is told the newest of the state asked for, and again when one changed', async () => {
  const { store, save } = open()
  const { id: tokenId } = await store.handlers.createToken(
    {
      ...{ name: 'Shop', scopes: { features: null, models: null, plugins: null }, rpm: null, tpm: null },
      expiresAt: null,
    },
    me,
  )
  for (const at of [1, 2, 3]) save(job(`j${at}`, at))
  const [all, running] = [hearing<JobList>(), hearing<JobList>()]
  const leave = store.handlers.onJobs(all.emit, { state: null, limit: 2 }, me)
  store.handlers.onJobs(running.emit, { state: 'running', limit: 10 }, me)
  const first = await all.next()
  expect([brief(first), brief(await running.next())]).toEqual([
    'j3 running, j2 running of 3',
    'j3 running, j2 running, j1 running of 3',
  ])
  const row: JobRow = {
    ...{ id: 'j3', at: 3, updatedAt: 3, feature: 'text_to_image', model: 'wan', state: 'running', error: null },
    ...{ vendor: null, key: 'First', caller: null },
  }
  expect(first.jobs[0]).toEqual(row)

  save(job('j4', 4, { vendor: 'aliyun', keyId: 'gone', tokenId, state: 'succeeded', result }))
  expect((await all.next()).jobs[0]).toEqual({
    ...{ ...row, id: 'j4', at: 4, updatedAt: 4, state: 'succeeded' },
    ...{ vendor: 'aliyun', key: null, caller: 'Shop' },
  })
  save(job('j1', 1, { state: 'failed', error: 'the easel fell', updatedAt: 5 }))
  expect(brief(await running.next())).toBe('j3 running, j2 running of 2')

  leave()
  save(job('j5', 5))
  expect(brief(await running.next())).toBe('j5 running, j3 running, j2 running of 3')
  expect(all.rest()).toEqual([])
  store.stop()
})

test('one job is told with where it came from and how it ends; one that is not kept is told as that', async () => {
  const { store, save, now } = open()
  const one = hearing<{ job: JobDetails | null }>()
  store.handlers.onJob(one.emit, { id: 'j1' }, me)
  expect(await one.next()).toEqual({ job: null })
  save(job('j1', now.ms, { vendor: 'aliyun', vendorModel: 'wan2.2', decisionId: 'd-1' }))
  const details: JobDetails = {
    ...{ id: 'j1', at: now.ms, updatedAt: now.ms, feature: 'text_to_image', model: 'wan', state: 'running' },
    ...{ error: null, vendor: 'aliyun', key: 'First', caller: null, keyId: 'k1', vendorModel: 'wan2.2' },
    ...{ vendorTaskId: 't-1', decisionId: 'd-1', fault: null },
  }
  expect(await one.next()).toEqual({ job: details })
  save(job('j2', now.ms))
  const fault = { type: null, code: 'DataInspectionFailed' }
  save(job('j1', now.ms, { state: 'failed', error: 'not that', fault, updatedAt: now.ms + 1 }))
  const earlier = { vendor: null, vendorModel: null, decisionId: null, updatedAt: now.ms + 1 }
  // What another job does is no news of this one.
  expect(await one.next()).toEqual({ job: { ...details, ...earlier, state: 'failed', error: 'not that', fault } })
  save(job('j1', now.ms, { state: 'succeeded', result }))
  const ended = { ...details, ...earlier, updatedAt: now.ms, state: 'succeeded' }
  expect(await one.next()).toEqual({ job: ended })
  expect(await store.handlers.findJob({ id: 'j1' }, me)).toEqual({ ...ended, result: JSON.parse(result) })
  store.stop()
})
