import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { type Mark, StateMark } from '../../../ui/StateMark.tsx'
import { attemptWords, durationUs, latency, strategyWays, vendorNames } from '../routing-words.ts'
import { DecisionView } from './DecisionView.tsx'
import styles from './Tabs.module.css'
import type { Kept } from './use-decisions.ts'

/** One decision of the log and what became of it; unfolded, everything that was known. */
export const DecisionRow = memo(function DecisionRow({
  kept,
  named,
  open,
  onToggle,
}: {
  readonly kept: Kept
  /** Its feature is told, as decisions of several stand together. */
  readonly named: boolean
  readonly open: boolean
  readonly onToggle: (id: string | null) => void
}) {
  const t = useText()
  const locale = useLanguage()
  const { decision, outcome } = kept
  const { id, selected } = decision
  const last = outcome?.attempts.at(-1) ?? null
  const result = last ? attemptWords(last.failure, t) : t('routing.noOutcome')
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    <li className={styles['row']}>
      <button type="button" className={styles['fold']} aria-expanded={open} onClick={() => onToggle(open ? null : id)}>
        <Chevron size={14} strokeWidth={1.5} aria-hidden />
        <StateMark state={markOf(kept)} label={selected === null ? t('routing.nobodyAsked') : result} />
        <span className={styles['when']}>
          <RelativeTime time={decision.at} />
        </span>
        {named && <code className={styles['feature']}>{decision.feature}</code>}
        <span className={styles['who']}>
          {selected === null ? (
            t('routing.nobodyAsked')
          ) : (
            <>
              <code>{(last ?? selected).model}</code> · {t(vendorNames[(last ?? selected).vendor])} ·{' '}
              {(last ?? selected).keyName}
            </>
          )}
        </span>
        {decision.leastBad && <Badge tone="warn">{t('routing.leastBadShort')}</Badge>}
        {outcome && outcome.attempts.length > 1 && (
          <Badge tone="warn">{t('routing.attempts', { count: outcome.attempts.length })}</Badge>
        )}
        <span className={styles['result']}>
          {outcome?.statusCode ?? '–'} {outcome && `· ${latency(outcome.durationMs, locale)}`}
        </span>
      </button>
      {open && <Unfolded kept={kept} />}
    </li>
  )
})

function Unfolded({ kept: { decision, outcome } }: { readonly kept: Kept }) {
  const t = useText()
  const locale = useLanguage()
  const values = {
    time: durationUs(decision.durationUs, t, locale),
    revision: String(decision.revision),
    strategy: t(strategyWays[decision.strategy]),
  }
  return (
    <div className={styles['unfolded']}>
      <p className={styles['note']}>
        {t('routing.askedOf', { model: decision.model ?? t('routing.anyModel'), tokens: decision.tokens })} ·{' '}
        {decision.caller ?? t('routing.openCaller')} · {t('routing.decidedIn', values)}{' '}
        <CopyButton text={decision.id} label={t('routing.copyId')} />
      </p>
      {outcome && outcome.attempts.length > 0 && (
        <section>
          <h3>{t('routing.attemptsTitle')}</h3>
          <ol>
            {outcome.attempts.map((attempt, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same key may be tried twice; the list never moves
              <li key={index} className={styles['choice']}>
                <span className={styles['place']}>{index + 1}</span>
                <StateMark state={attempt.failure === null ? 'ok' : 'fail'} />
                <span className={styles['main']}>
                  <span>
                    {attempt.keyName} · {attemptWords(attempt.failure, t)}
                  </span>
                  <span className={styles['note']}>
                    {t(vendorNames[attempt.vendor])} · <code>{attempt.model}</code>
                  </span>
                </span>
                <span className={styles['note']}>
                  {attempt.statusCode ?? '–'} · {latency(attempt.durationMs, locale)}
                </span>
              </li>
            ))}
          </ol>
        </section>
      )}
      <DecisionView decision={decision} />
    </div>
  )
}

function markOf({ decision, outcome }: Kept): Mark {
  if (decision.selected === null) return 'fail'
  if (outcome === null) return 'unknown'
  const last = outcome.attempts.at(-1)
  if (!last) return 'unknown'
  if (last.failure !== null) return last.failure === 'caller' ? 'warn' : 'fail'
  return outcome.attempts.length > 1 || decision.leastBad ? 'warn' : 'ok'
}
