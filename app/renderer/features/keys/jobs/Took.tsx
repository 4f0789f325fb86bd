import type { JobRow } from '../../../../shared/contracts/gateway.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { duration } from '../../../ui/format.ts'
import { useNow } from '../../../ui/use-now.ts'
import { hasEnded } from './job-words.ts'

/** How long it took, or takes until now. */
export function Took({ job: { at, updatedAt, state } }: { readonly job: Pick<JobRow, 'at' | 'updatedAt' | 'state'> }) {
  const language = useLanguage()
  return hasEnded(state) ? duration(updatedAt - at, language) : <Takes since={at} />
}

function Takes({ since }: { readonly since: number }) {
  return duration(useNow('second') - since, useLanguage())
}
