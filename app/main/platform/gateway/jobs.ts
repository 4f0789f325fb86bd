import { setTimeout as pause } from 'node:timers/promises'
import type { Choice } from '../../../shared/contracts/routing.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Json, JsonObject } from '../../features/plugins/packages/package-types.ts'
import type { Ticket } from '../../features/routing/engine/engine-api.ts'
import { askedOf, vendorModelOf } from '../../features/routing/engine/model-mapping.ts'
import { fromJson } from '../../lib/json.ts'
import type { Access, Use, Vendor, VendorFailure, VendorRequest, VendorTask } from '../vendors/vendor.ts'
import { accessOf, failureOf, plainFailure, redacted } from './attempt.ts'
import type { Job, JobList, JobQuery, UsableKey } from './gateway-messages.ts'
import type { GatewayMain } from './gateway-records.ts'
import { type SecretOrder, secretsOf } from './secret-order.ts'
import type { GatewayToken } from './tokens.ts'
import { type Answered, type Collected, exchange, type Limits, type Upstream } from './upstream.ts'

const MOST_RUNNING = 1000
/** Characters of what was asked that are kept while a job runs: enough to recognise it. */
const MOST_ASKED = 16 * 1024
/** Of a vendor's id of a task; it becomes a part of an address. */
const TASK_ID = /^[\x21-\x7e]{1,200}$/
/** Of asking: what the vendor has not told by then is not known. */
const GIVEN_UP_MS = 2 * 60 * 60 * 1000
/** Of polls in a row that got no answer. */
const MOST_MISSES = 60

export interface Pauses {
  readonly firstMs: number
  readonly longestMs: number
}
export const usualPauses: Pauses = { firstMs: 1000, longestMs: 10_000 }

export interface LiveJob {
  readonly job: Job
  readonly ended: Promise<Job>
}
export interface JobWish {
  readonly task: VendorTask
  readonly vendor: Vendor
  readonly key: UsableKey
  readonly choice: Choice
  readonly ticket: Ticket
  readonly feature: string
  readonly decisionId: string
  readonly body: JsonObject
  readonly token: GatewayToken | null
}
export interface JobEnd {
  readonly job: Job
  /** Null for a job that an earlier worker began. */
  readonly ticket: Ticket | null
  readonly use: Use | null
  readonly failure: VendorFailure | null
}
export type Begun =
  | { readonly kind: 'begun'; readonly job: LiveJob; readonly status: number }
  | {
      readonly kind: 'failed'
      readonly failure: VendorFailure
      readonly status: number | null
      /** The vendor may have taken it all the same: asking another could make it twice. */
      readonly uncertain: boolean
    }

/** Long jobs of vendors: kept before they are submitted, asked after until they end, also after a restart. */
export function createJobs(options: {
  readonly main: GatewayMain
  readonly keys: ReadonlyMap<string, UsableKey>
  readonly vendors: Readonly<Record<Vendor['name'], Vendor>>
  readonly upstream: Upstream
  readonly limits: Limits
  readonly pauses: Pauses
  /** Whether there may be keys that cannot be opened now. */
  readonly locked: () => boolean
  readonly clock: () => number
  readonly newId: () => string
  readonly order: SecretOrder
  /** The new secret of a rotated key was refused, and its former one taken. */
  readonly secretRefused: (keyId: string, status: number, failure: VendorFailure) => void
  /** Accounts for a job that ended; when it is done, the end is kept. */
  readonly account: (end: JobEnd) => Promise<void>
}) {
  const { main, keys, vendors, upstream, limits, pauses, clock, order } = options
  const running = new Map<string, LiveJob>()
  let submitting = 0
  const stopping = new AbortController()
  const leaving = new AbortController()

  const save = (job: Job): Promise<void> => main.ask('saveJob', job)
  /** The end of a job that main could not keep is kept here, so that it is answered all the same. */
  async function keep(job: Job): Promise<void> {
    try {
      await save(job)
      running.delete(job.id)
    } catch {
      running.set(job.id, { job, ended: Promise.resolve(job) })
    }
  }
  async function close(job: Job, ticket: Ticket | null, use: Use | null, failure: VendorFailure | null): Promise<Job> {
    // Accounted for first: an end that is kept is not looked at again after a crash.
    await options.account({ job, ticket, use, failure })
    await keep(job)
    return job
  }
  const failedJob = (job: Job, state: 'failed' | 'unknown', { kind, type, code, message }: VendorFailure): Job => ({
    ...{ ...job, request: '', state, error: message.slice(0, 1000), updatedAt: clock() },
    ...(kind === 'caller' && { fault: { type, code } }),
  })
  const succeededJob = (job: Job, result: Json): Job => ({
    ...{ ...job, request: '', state: 'succeeded', result: JSON.stringify(result), updatedAt: clock() },
  })

  type Asked = { readonly collected: Collected; readonly sent: boolean }
  /** Asks with each secret of the key until one is not refused; what the new one met, where none is taken. */
  async function ask(vendor: Vendor, key: UsableKey, requestWith: (access: Access) => VendorRequest): Promise<Asked> {
    const refusals = new Map<string, Asked & { readonly collected: Answered }>()
    for (const secret of order.of(key)) {
      const answer = await exchange(upstream, requestWith(accessOf(vendor, key, secret)), limits, stopping.signal)
      const { collected, sent } = answer
      if (collected.kind === 'answered' && isRefused(collected)) {
        refusals.set(secret, { collected, sent })
        continue
      }
      const own = refusals.get(key.secret)?.collected
      if (refusals.size > 0 && collected.kind === 'answered' && collected.status < 500) order.taken(key, secret)
      if (own) options.secretRefused(key.id, own.status, failureOf(vendor, own, secretsOf(key)))
      return answer
    }
    const [first] = refusals.values()
    return refusals.get(key.secret) ?? first!
  }
  async function begin(wish: JobWish): Promise<Begun> {
    if (running.size + submitting >= MOST_RUNNING) throw new AppError('CALL_TOO_MANY', { most: MOST_RUNNING })
    submitting++
    try {
      return await submit(wish)
    } finally {
      submitting--
    }
  }
  async function submit({
    task,
    vendor,
    key,
    choice,
    ticket,
    feature,
    decisionId,
    body,
    token,
  }: JobWish): Promise<Begun> {
    let request: string
    try {
      request = JSON.stringify(body).slice(0, MOST_ASKED)
    } catch {
      const failure = plainFailure('caller', 'the body cannot be written as the vendor wants it')
      return { kind: 'failed', failure, status: 400, uncertain: false }
    }
    const at = clock()
    const job: Job = {
      ...{ id: options.newId(), at, feature, model: choice.model, keyId: key.id, tokenId: token?.id ?? null },
      ...{ request, state: 'submitting', vendorTaskId: null, result: null, error: null },
      ...{ vendorModel: askedOf(choice), vendor: choice.vendor, decisionId, updatedAt: at },
    }
    await save(job)
    const { collected, sent } = await ask(vendor, key, (access) => task.submit(access, askedOf(choice), body))
    const refused = async (failure: VendorFailure, status: number | null, uncertain: boolean): Promise<Begun> => {
      const over = failedJob(job, uncertain ? 'unknown' : 'failed', failure)
      await keep(over)
      return { kind: 'failed', failure, status, uncertain }
    }
    if (collected.kind === 'failed')
      return await refused(plainFailure(collected.failure, collected.reason), collected.status, sent)
    const { status } = collected
    if (status < 200 || status > 299) return await refused(failureOf(vendor, collected, secretsOf(key)), status, false)
    const answer = fromJson(collected.body.toString('utf8')) as Json | undefined
    if (typeof answer !== 'object' || answer === null)
      return await refused(plainFailure('garbage', 'its answer is no JSON object'), status, true)
    const vendorTaskId = task.taskId(answer)
    if (vendorTaskId === null) {
      // It answered at once.
      const use = vendor.use('images', answer)
      const over = close(succeededJob(job, vendor.answer('images', answer)), ticket, use, null)
      return { kind: 'begun', status, job: { job, ended: over } }
    }
    if (!TASK_ID.test(vendorTaskId))
      return await refused(plainFailure('garbage', 'its task has no id that can be asked for'), status, true)
    const live: Job = { ...job, state: 'running', vendorTaskId, updatedAt: clock() }
    await save(live).catch(() => {})
    return { kind: 'begun', status, job: follow(live, ticket, task) }
  }

  function follow(job: Job, ticket: Ticket | null, task: VendorTask | null): LiveJob {
    const live = { job, ended: poll(job, ticket, task) }
    running.set(job.id, live)
    // Nobody need wait for it.
    live.ended.catch(() => {})
    return live
  }
  async function poll(job: Job, ticket: Ticket | null, known: VendorTask | null): Promise<Job> {
    let wait = pauses.firstMs
    /** By no clock: that goes on while the console is off or the computer asleep. */
    let askedMs = 0
    for (let misses = 0; ; ) {
      const waited = wait
      await pause(waited, undefined, { signal: stopping.signal })
      wait = Math.min(wait * 1.5, pauses.longestMs)
      // Nothing is known of it before its key can be opened; the vendor works on.
      if (!keys.has(job.keyId) && options.locked()) continue
      askedMs += waited
      const answer = await look(job, known).catch((): Look => {
        stopping.signal.throwIfAborted()
        // What cannot be asked or read is no news of the job, and one without news ends.
        return { kind: 'missed' }
      })
      switch (answer.kind) {
        case 'succeeded':
          return await close(succeededJob(job, answer.result), ticket, answer.use, null)
        case 'failed':
          return await close(failedJob(job, 'failed', answer.failure), ticket, null, answer.failure)
        case 'missed':
          misses++
          break
        case 'running':
          misses = 0
      }
      if (misses > MOST_MISSES || askedMs > GIVEN_UP_MS) {
        const reason = keys.has(job.keyId) ? 'the vendor did not tell how it ended' : 'its key was removed'
        // What we cannot ask for says nothing of the vendor.
        const failure = plainFailure(keys.has(job.keyId) ? 'timeout' : 'caller', reason)
        return await close(failedJob(job, 'unknown', { ...failure, kind: 'timeout' }), ticket, null, failure)
      }
    }
  }
  type Look = ReturnType<VendorTask['state']> | { readonly kind: 'missed' }
  async function look(job: Job, known: VendorTask | null): Promise<Look> {
    const key = keys.get(job.keyId)
    if (!key) return { kind: 'missed' }
    const vendor = vendors[key.vendor]
    const task = known ?? vendor.task(job.vendorModel ?? vendorModelOf(key, job.model))
    if (!task || job.vendorTaskId === null) return { kind: 'missed' }
    const { vendorTaskId } = job
    const { collected } = await ask(vendor, key, (access) => task.poll(access, vendorTaskId))
    stopping.signal.throwIfAborted()
    if (collected.kind === 'failed') return { kind: 'missed' }
    const { status, body } = collected
    if (status === 404) return { kind: 'failed', failure: failureOf(vendor, collected, secretsOf(key)) }
    const answer = status >= 200 && status <= 299 ? (fromJson(body.toString('utf8')) as Json | undefined) : undefined
    if (answer === undefined) return { kind: 'missed' }
    const state = task.state(answer)
    return state.kind === 'failed' ? { kind: 'failed', failure: redacted(state.failure, secretsOf(key)) } : state
  }

  return {
    begin,
    /** Jobs of an earlier worker: those that run are asked after, those whose submission was not answered are unknown. */
    async restore(jobs: readonly Job[]): Promise<void> {
      for (const job of jobs) {
        if (running.has(job.id)) continue
        if (job.state === 'running') follow(job, null, null)
        else await keep(failedJob(job, 'unknown', plainFailure('cut', 'the console ended while it was submitted')))
      }
    },
    /** A job of that caller; `null` is a caller of open local mode, who sees all. Fails with JOB_NOT_FOUND. */
    async find(id: string, token: GatewayToken | null): Promise<Job> {
      const here = running.get(id)?.job
      if (here && (token === null || here.tokenId === token.id)) return here
      return await main.ask('jobFind', { id, tokenId: token?.id ?? null })
    },
    /** The newest first; of that caller, or all of a caller of open local mode. */
    list: (query: Omit<JobQuery, 'tokenId'>, token: GatewayToken | null): Promise<JobList> =>
      main.ask('jobList', { ...query, tokenId: token?.id ?? null }),
    /** Whoever waits for a job is told where to ask for it later. */
    leave: (): void => leaving.abort(),
    /** Told once with `leave`. */
    left: leaving.signal,
    stop(): void {
      stopping.abort(new AppError('CANCELLED'))
    },
  }
}
/** DashScope refuses a secret with 401; proxies before a vendor say 403. */
const isRefused = ({ status }: Answered): boolean => status === 401 || status === 403
export type Jobs = ReturnType<typeof createJobs>
