import type { JobDetails, JobRow } from '../../app/shared/contracts/gateway.ts'
import { before, pictureTime } from './scripted-platform.ts'

// Long jobs in every state, of two callers and of a key that was removed.

const second = 1000
const minute = 60 * second
const hour = 60 * minute

export const job = (id: string, more: Partial<JobRow> = {}): JobRow => ({
  ...{ id, at: before(5 * minute), updatedAt: before(4 * minute), feature: 'text_to_image' },
  ...{ model: 'wan2.2-t2i-flash', vendor: 'aliyun', key: '百炼-万相', caller: null, state: 'succeeded', error: null },
  ...more,
})

export const sampleJobs = (): JobRow[] => [
  job('job-submitting', {
    at: before(2 * second),
    updatedAt: before(2 * second),
    state: 'submitting',
    caller: 'ai-hub',
  }),
  job('job-running', { at: before(48 * second), updatedAt: before(47 * second), state: 'running', caller: 'ai-hub' }),
  job('job-succeeded', { at: before(5 * minute), updatedAt: before(4 * minute), caller: 'nightly-report' }),
  job('job-content', { at: before(12 * minute), updatedAt: before(11.4 * minute), model: 'wan2.2-t2i-plus' }),
  job('job-refused', {
    ...{ at: before(40 * minute), updatedAt: before(39.9 * minute), state: 'failed', caller: 'ai-hub' },
    error: 'Input data may contain inappropriate content.',
  }),
  job('job-failed', {
    ...{ at: before(2 * hour), updatedAt: before(1.9 * hour), state: 'failed', model: 'wanx-v1' },
    error: 'its answer is no JSON object',
  }),
  job('job-unknown', {
    ...{ at: before(7 * hour), updatedAt: before(5 * hour), state: 'unknown', key: null },
    error: 'the vendor did not tell how it ended',
  }),
  job('job-cut', {
    ...{ at: before(26 * hour), updatedAt: before(25.9 * hour), state: 'unknown', vendor: null },
    error: 'the console ended while it was submitted',
  }),
]

export const jobDetails = (row: JobRow): JobDetails => ({
  ...{ ...row, keyId: row.key ?? 'gone', vendorModel: row.model, decisionId: `decision-of-${row.id}`, fault: null },
  vendorTaskId: row.id === 'job-cut' || row.state === 'submitting' ? null : '86ecf553-d340-4e21-af6e-a0c6a421c010',
  ...(row.id === 'job-refused' && { fault: { type: null, code: 'DataInspectionFailed' } }),
})

const address = (n: number) =>
  `https://dashscope-result.test/1d/20260318/${n}.png?Expires=1773911040&OSSAccessKeyId=test&Signature=not-a-secret`
export const jobResult = (id: string): unknown =>
  id === 'job-content'
    ? { created: 1_773_825_000, data: [{ b64_json: 'iVBORw0KGgo'.repeat(40_000) }] }
    : {
        ...{ created: Math.floor(pictureTime / 1000) - 240, data: [{ url: address(1) }, { url: address(2) }] },
        failures: [
          { index: 2, code: 'DataInspectionFailed', message: 'Output data may contain inappropriate content.' },
        ],
      }

export const manyJobs = (count: number): JobRow[] =>
  Array.from({ length: count }, (_, at) =>
    job(`many-${at}`, {
      ...{ at: before(at * minute), updatedAt: before(at * minute - 20 * second), model: `model-${at}` },
      state: at < 4 ? 'running' : at % 7 === 0 ? 'failed' : 'succeeded',
    }),
  )
