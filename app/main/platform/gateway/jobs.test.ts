import { expect, onTestFinished, test, vi } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { context, fakeMain } from '../test-world.ts'
import { vendors } from '../vendors/vendors.ts'
import { createUpstream } from './connections.ts'
import type { Job, JobQuery, UsableKey } from './gateway-messages.ts'
import { createJobs, type JobEnd } from './jobs.ts'
import { createSecretOrder } from './secret-order.ts'
import { json, keyOf, startGateway, startVendor } from './test-gateway.ts'
import { usualLimits } from './upstream.ts'

const model = 'wan2.2-t2i-flash'
const drawn = (status: string, more: object = {}) => ({ output: { task_id: 't-1', task_status: status, ...more } })

/** A vendor of DashScope's dialect: each answer to a look at the task, then the last for ever. */
async function startPainter(looks: readonly object[]) {
  let looked = 0
  const vendor = await startVendor((response, { path }) => {
    if (path.endsWith('/image-synthesis')) return void json(response, 200, drawn('PENDING'))
    json(response, 200, looks[Math.min(looked++, looks.length - 1)])
  })
  return { ...vendor, submitted: () => vendor.seen.filter(({ path }) => path.endsWith('/image-synthesis')).length }
}
/** What main keeps of jobs. */
function keeper() {
  const saved: Job[] = []
  let full = false
  const newest = () => [...new Map(saved.map((job) => [job.id, job])).values()].reverse()
  return {
    saved,
    /** From now on ends are not kept. */
    refuse(): void {
      full = true
    },
    answers: {
      saveJob(job: Job) {
        if (full && job.result !== null) throw new AppError('DISK_FULL')
        saved.push(job)
      },
      jobFind({ id }: { readonly id: string }) {
        const found = newest().find((job) => job.id === id)
        if (!found) throw new AppError('JOB_NOT_FOUND', { name: id })
        return found
      },
      jobList({ limit, state }: JobQuery) {
        const all = newest().filter((job) => state === null || job.state === state)
        return { jobs: all.slice(0, limit), total: all.length }
      },
    },
  }
}
async function startStudio(url: string, change: Partial<UsableKey> = {}) {
  const { saved, refuse, answers } = keeper()
  const key = keyOf('brush', url.replace('/v1', ''), {
    ...{ vendor: 'aliyun', service: 'wanx', currency: 'CNY' },
    ...change,
  })
  const world = await startGateway([key], {
    answers,
    features: { text_to_image: [] },
  })
  const rules = {
    ...{ description: '', strategy: 'weighted' as const },
    candidates: [{ vendor: 'aliyun' as const, service: 'wanx', model, tier: null, weight: 1 }],
  }
  await world.platform.features([{ name: 'text_to_image', revision: 9, rules }], context)
  return { ...world, saved, refuse, states: () => saved.map(({ state }) => state) }
}
const finished = drawn('SUCCEEDED', {
  results: [{ url: 'http://a.test/1.png' }, { code: 'DataInspectionFailed', message: 'no' }],
})

test('a job is kept before it is submitted, looked at until it ends, and answered as if it had been quick', async () => {
  const vendor = await startPainter([drawn('RUNNING'), drawn('RUNNING'), finished])
  const world = await startStudio(vendor.url)
  const { status, json: answer } = await world.send('POST', '/v1/images/generations', {
    prompt: 'a tide',
    size: '64x64',
  })
  expect([status, answer]).toEqual([
    200,
    {
      created: expect.any(Number),
      data: [{ url: 'http://a.test/1.png' }],
      failures: [{ index: 1, code: 'DataInspectionFailed', message: 'no' }],
    },
  ])
  expect([world.states(), vendor.submitted()]).toEqual([['submitting', 'running', 'succeeded'], 1])
  const { id, vendor: madeBy, decisionId } = world.saved[0]!
  const { json: job } = await world.send('GET', `/api/v1/jobs/${id}`)
  expect(job).toMatchObject({
    id,
    feature: 'text_to_image',
    model,
    status: 'succeeded',
    output: { images: answer.data },
  })
  expect((await world.send('GET', '/api/v1/jobs/none')).json.code).toBe('JOB_NOT_FOUND')

  const { uses, decisions } = await world.records()
  expect(uses).toMatchObject([{ id, statusCode: 200, images: 1, keyId: 'brush', currency: 'CNY' }])
  expect(decisions.map(({ outcome }) => outcome?.statusCode)).toEqual([202])
  expect([madeBy, decisionId]).toEqual(['aliyun', decisions[0]?.decision.id])
})

test('a job that fails says why', async () => {
  const vendor = await startPainter([drawn('FAILED', { code: 'InternalError', message: 'the easel fell' })])
  const world = await startStudio(vendor.url)
  const { status, json: answer } = await world.send('POST', '/api/v1/text_to_image', {
    prompt: 'p',
    width: 64,
    height: 32,
  })
  expect([status, answer.code, answer.detail]).toEqual([
    502,
    'VENDOR_FAILED',
    expect.stringContaining('the easel fell'),
  ])
  expect(vendor.seen[0]!.body).toMatchObject({ parameters: { size: '64*32' } })
  const { brief } = await world.records()
  expect([world.states(), brief]).toEqual([['submitting', 'running', 'failed'], ['brush 502 0 0']])
})

test('clients are told not to make a picture again: it was refused for what was asked, or may be in the making', async () => {
  const refused = await startPainter([drawn('FAILED', { code: 'DataInspectionFailed', message: 'not that' })])
  const lost = await startVendor((response) => response.destroy())
  const told = []
  for (const { url } of [refused, lost]) {
    const world = await startStudio(url)
    const { status, headers, json: answer } = await world.send('POST', '/v1/images/generations', { prompt: 'p' })
    told.push([status, headers.get('x-should-retry'), answer.error.message, (await world.records()).brief])
  }
  expect(told).toEqual([
    [400, 'false', 'not that', ['brush 400 0 0']],
    [502, 'false', expect.stringContaining('aliyun'), ['brush 502 0 0']],
  ])
})

test('a job counts for its key also after its route has changed and the console has started again', async () => {
  const vendor = await startPainter([finished])
  const world = await startStudio(vendor.url, { monthlyBudget: 1 })
  const rules = { description: '', strategy: 'weighted' as const, candidates: [] }
  await world.platform.features([{ name: 'text_to_image', revision: 10, rules }], context)
  const job: Job = {
    ...{ id: 'j', at: Date.now(), feature: 'text_to_image', model: 'mine', vendorModel: model, keyId: 'brush' },
    ...{ tokenId: null, request: '{}', state: 'running', vendorTaskId: 't-1', result: null, error: null },
    updatedAt: Date.now(),
  }
  await world.platform.jobs([job], context)
  await expect.poll(() => world.states()).toContain('succeeded')
  const { uses, health } = await world.records()
  const [use] = uses
  expect(use!.cost).toBeGreaterThan(0)
  expect(health.findLast(({ id }) => id === 'brush')).toMatchObject({ spent: use!.cost, bench: { reason: 'budget' } })
})

test('after a restart running jobs are looked at again, and nothing is submitted twice', async () => {
  const vendor = await startPainter([drawn('RUNNING'), finished])
  const world = await startStudio(vendor.url)
  const job = (id: string, state: Job['state'], vendorTaskId: string | null): Job => ({
    ...{ id, at: Date.now(), feature: 'text_to_image', model, keyId: 'brush', tokenId: null, request: '{}' },
    ...{ state, vendorTaskId, result: null, error: null, updatedAt: Date.now() },
  })
  const ended = new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (!world.states().includes('succeeded')) return
      clearInterval(look)
      resolve()
    }, 5)
  })
  const jobs = [job('j-running', 'running', 't-1'), job('j-lost', 'submitting', null)]
  await world.platform.jobs(jobs, context)
  await ended
  const states = await Promise.all(jobs.map(({ id }) => world.send('GET', `/api/v1/jobs/${id}`)))
  expect(states.map(({ json: { id, status, error } }) => [id, status, error])).toEqual([
    ['j-running', 'succeeded', null],
    ['j-lost', 'unknown', 'the console ended while it was submitted'],
  ])
  expect(vendor.submitted()).toBe(0)
  const { uses } = await world.records()
  expect(uses.map(({ id, images }) => [id, images])).toEqual([['j-running', 1]])
})

test('a submission that was not answered is not made again elsewhere', async () => {
  const vendor = await startVendor((response) => response.destroy())
  const world = await startStudio(vendor.url)
  const { status } = await world.send('POST', '/v1/images/generations', { prompt: 'p' })
  expect([status, world.states(), vendor.seen.length]).toEqual([502, ['submitting', 'unknown'], 1])
})

test('a task whose id cannot be asked for is refused; one that is kept already ends all the same', async () => {
  const vendor = await startVendor((response) => json(response, 200, { output: { task_id: 't\ud800' } }))
  const world = await startStudio(vendor.url)
  const { status, json: answer } = await world.send('POST', '/v1/images/generations', { prompt: 'p' })
  expect([status, answer.error.message, world.states()]).toEqual([
    ...[502, expect.stringContaining('no id that can be asked for'), ['submitting', 'unknown']],
  ])
  const ended = new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (world.saved.at(-1)?.id !== 'j-odd') return
      clearInterval(look)
      resolve()
    }, 5)
  })
  const odd: Job = {
    ...{ id: 'j-odd', at: Date.now(), feature: 'text_to_image', model, keyId: 'brush', tokenId: null, request: '{}' },
    ...{ state: 'running', vendorTaskId: 't\ud800', result: null, error: null, updatedAt: 1 },
  }
  await world.platform.jobs([odd], context)
  await ended
  expect(world.saved.at(-1)).toMatchObject({ state: 'unknown', error: 'the vendor did not tell how it ended' })
})

test('of what was asked little is kept while a job runs, and nothing after', async () => {
  const vendor = await startPainter([drawn('RUNNING'), finished])
  const world = await startStudio(vendor.url)
  const prompt = 'p'.repeat(1_000_000)
  expect((await world.send('POST', '/v1/images/generations', { prompt })).status).toBe(200)
  expect(world.saved.map(({ request }) => request.length)).toEqual([16_384, 16_384, 0])
  expect((vendor.seen[0]!.body['input'] as { prompt: string }).prompt.length).toBe(1_000_000)
})

test('a job of a rotated key is submitted and asked for with the secret that the vendor takes', async () => {
  const vendor = await startVendor((response, { secret, path }) => {
    if (secret !== 'sk-test-former') return void json(response, 401, { code: 'InvalidApiKey', message: `no ${secret}` })
    json(response, 200, path.endsWith('/image-synthesis') ? drawn('PENDING') : finished)
  })
  const former = { secret: 'sk-test-former', until: Date.now() + 60_000 }
  const world = await startStudio(vendor.url, { former })
  expect((await world.send('POST', '/v1/images/generations', { prompt: 'p' })).status).toBe(200)
  expect(vendor.secrets()).toEqual(['sk-test-brush', 'sk-test-former', 'sk-test-former'])
  const { failures, uses } = await world.records()
  expect([failures.map(({ keyId, message }) => [keyId, message]), uses.map(({ statusCode }) => statusCode)]).toEqual([
    [['brush', '401: no ***']],
    [200],
  ])
})

test('while the vault is locked a job waits for its key; it ends when it can be asked for again', async () => {
  const vendor = await startPainter([finished])
  const key = keyOf('brush', vendor.url.replace('/v1', ''), { vendor: 'aliyun', service: 'wanx' })
  const keys = new Map<string, UsableKey>()
  const upstream = createUpstream(usualLimits)
  onTestFinished(() => upstream.stop())
  const longWait = Promise.withResolvers<void>()
  const over = Promise.withResolvers<JobEnd>()
  let looked = 0
  const jobs = createJobs({
    ...{ keys, vendors, upstream, limits: usualLimits, pauses: { firstMs: 1, longestMs: 1 }, clock: Date.now },
    ...{ order: createSecretOrder(Date.now), newId: () => 'n', secretRefused: () => {} },
    main: fakeMain().main,
    // Many more looks than a job without news is given.
    locked: () => {
      if (++looked === 200) longWait.resolve()
      return keys.size === 0
    },
    account: async (end) => over.resolve(end),
  })
  onTestFinished(() => jobs.stop())
  const job: Job = {
    ...{ id: 'j1', at: Date.now(), feature: 'text_to_image', model, keyId: 'brush', tokenId: null, request: '{}' },
    ...{ state: 'running', vendorTaskId: 't-1', result: null, error: null, updatedAt: 1 },
  }
  await jobs.restore([job])
  await longWait.promise
  const waiting = await jobs.find('j1', null)
  keys.set('brush', key)
  const { job: ended, use } = await over.promise
  expect([waiting.state, ended.state, use?.images]).toEqual(['running', 'succeeded', 1])
})

test('a job whose key was removed ends with that reason; jobs are listed, the newest first', async () => {
  const vendor = await startPainter([drawn('RUNNING')])
  const world = await startStudio(vendor.url)
  const asked = world.send('POST', '/v1/images/generations', { prompt: 'p' })
  await vi.waitFor(() => expect(world.states()).toContain('running'))
  await world.platform.keys({ reset: true, upserted: [], removed: [] }, context)
  expect((await asked).json.error.message).toContain('its key was removed')
  const list = async (query: string) => {
    const { status, json: told } = await world.send('GET', `/api/v1/jobs${query}`)
    const jobs = (told.jobs ?? []) as { id: string; status: string; model: string }[]
    return [status, told.total ?? null, told.next ?? null, ...jobs.map((one) => `${one.status} ${one.model}`)]
  }
  expect([await list(''), await list('?state=succeeded&limit=5'), await list('?limit=0')]).toEqual([
    [200, 1, null, `unknown ${model}`],
    [200, 0, null],
    [400, null, null],
  ])
  expect(await list('?limit=1')).toEqual([200, 1, world.saved[0]!.id, `unknown ${model}`])
})

test('a caller that does not want to wait is told at once where to ask', async () => {
  const vendor = await startPainter([drawn('RUNNING'), finished])
  const world = await startStudio(vendor.url)
  const {
    status,
    headers,
    json: told,
  } = await world.send(...(['POST', '/v1/images/generations', { prompt: 'p' }] as const), {
    prefer: 'wait=10, respond-async',
  })
  const { id } = world.saved[0]!
  expect([status, headers.get('location'), headers.get('preference-applied'), told.status]).toEqual([
    ...[202, `/api/v1/jobs/${id}`, 'respond-async', 'running'],
  ])
  await vi.waitFor(async () => {
    expect((await world.send('GET', `/api/v1/jobs/${id}`)).json).toMatchObject({ status: 'succeeded' })
  })
})

test('a platform that stops tells callers that wait where to ask later', async () => {
  const vendor = await startPainter([drawn('RUNNING')])
  const world = await startStudio(vendor.url)
  const asked = world.send('POST', '/v1/images/generations', { prompt: 'p' })
  await vi.waitFor(() => expect(world.states()).toContain('running'))
  const stopped = world.stop()
  const { status, headers } = await asked
  expect([status, headers.get('location')]).toEqual([202, `/api/v1/jobs/${world.saved[0]!.id}`])
  await stopped
})

test('an end that main cannot keep is answered all the same; a large result is, whoever asks and how often', async () => {
  const large = drawn('SUCCEEDED', { results: [{ url: `http://a.test/${'x'.repeat(2_000_000)}` }] })
  const vendor = await startPainter([large])
  const world = await startStudio(vendor.url)
  const { json: first } = await world.send('POST', '/v1/images/generations', { prompt: 'p' })
  const look = async (id: string) => (await world.send('GET', `/api/v1/jobs/${id}`)).json
  const kept = await look(world.saved[0]!.id)
  expect([kept.status, kept.output.images]).toEqual(['succeeded', first.data])

  world.refuse()
  const asked = await world.send('POST', '/v1/images/generations', { prompt: 'p' })
  const { id } = world.saved.at(-1)!
  expect([asked.status, (await look(id)).status]).toEqual([200, 'succeeded'])
})

test('two hours without news are counted while the console can ask, not while it was off', async () => {
  const vendor = await startPainter([drawn('RUNNING'), finished])
  const world = await startStudio(vendor.url)
  const at = Date.now() - 3 * 60 * 60 * 1000
  const old: Job = {
    ...{ id: 'j-old', at, feature: 'text_to_image', model, keyId: 'brush', tokenId: null, request: '{}' },
    ...{ state: 'running', vendorTaskId: 't-1', result: null, error: null, updatedAt: at },
  }
  await world.platform.jobs([old], context)
  await vi.waitFor(() => expect(world.saved.at(-1)).toMatchObject({ id: 'j-old', state: 'succeeded' }))
})
