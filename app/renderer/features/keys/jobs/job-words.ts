import type { JobDetails, JobState } from '../../../../shared/contracts/gateway.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import type { Mark } from '../../../ui/StateMark.tsx'

export const jobMarks: Readonly<Record<JobState, Mark>> = {
  submitting: 'busy',
  running: 'busy',
  succeeded: 'ok',
  failed: 'fail',
  unknown: 'unknown',
}
export const jobWords: Readonly<Record<JobState, TextKey>> = {
  submitting: 'keys.jobSubmitting',
  running: 'keys.jobRunning',
  succeeded: 'keys.jobSucceeded',
  failed: 'keys.jobFailed',
  unknown: 'keys.jobUnknown',
}
/** As a choice of the filter. */
export const jobFilterWords: Readonly<Record<JobState, TextKey>> = {
  submitting: 'keys.filterSubmitting',
  running: 'keys.filterRunning',
  succeeded: 'keys.filterSucceeded',
  failed: 'keys.filterFailed',
  unknown: 'keys.filterUnknown',
}

export const hasEnded = (state: JobState): boolean => state !== 'submitting' && state !== 'running'

/** What its state means for who asked, and what to do. */
export function jobAdvice({ state, fault, vendorTaskId }: JobDetails): TextKey | null {
  switch (state) {
    case 'submitting':
      return 'keys.jobSubmittingText'
    case 'running':
      return 'keys.jobRunningText'
    case 'succeeded':
      return null
    case 'failed':
      return fault ? 'keys.jobFaultText' : 'keys.jobFailedText'
    case 'unknown':
      return vendorTaskId === null ? 'keys.jobUnknownText' : 'keys.jobUnknownTaskText'
  }
}
