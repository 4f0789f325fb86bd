import { Info } from 'lucide-react'
import { StateMark } from './StateMark.tsx'

export type Tone = 'info' | 'ok' | 'warn' | 'fail'

/** The shape of a message: a state where there is one, a plain ⓘ where it only informs. */
export function ToneMark({ tone }: { readonly tone: Tone }) {
  return tone === 'info' ? <Info size={12} strokeWidth={1.5} aria-hidden /> : <StateMark state={tone} />
}
