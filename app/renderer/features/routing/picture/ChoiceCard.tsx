import { KeyRound } from 'lucide-react'
import type { HTMLAttributes } from 'react'
import { useLocation } from 'wouter'
import type { KeyState } from '../../../../shared/contracts/keys.ts'
import type { Candidate } from '../../../../shared/contracts/routing.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { classes } from '../../../ui/classes.ts'
import { percent } from '../../../ui/format.ts'
import { StateMark } from '../../../ui/StateMark.tsx'
import { useNow } from '../../../ui/use-now.ts'
import { candidateName, latency, rejectionSentence, stateWords, vendorNames } from '../routing-words.ts'
import type { Card } from './arrange.ts'
import styles from './Picture.module.css'

/** One choice: which model at which vendor by which key, how it stands, and how its last calls went. */
export function ChoiceCard({
  card,
  weighted,
  tabIndex,
  line,
  dragged,
  drag,
  onOpen,
}: {
  readonly card: Card
  /** The strategy looks at weights. */
  readonly weighted: boolean
  readonly tabIndex: number
  /** Where what is dragged would go. */
  readonly line: 'before' | 'after' | null
  readonly dragged: boolean
  /** Null while nothing can be changed here. */
  readonly drag: HTMLAttributes<HTMLElement> | null
  readonly onOpen: (() => void) | null
}) {
  const t = useText()
  const { candidate, keyName, share } = card
  const name = `${candidateName(candidate, t)} (${keyName ?? t('routing.noKey')})`
  const unasked = candidate.weight === 0
  return (
    <li
      className={classes(
        styles['card'],
        line && styles[line],
        dragged && styles['dragged'],
        unasked && styles['unasked'],
      )}
      draggable={drag !== null}
      {...drag}
    >
      <div className={styles['first']}>
        <button
          type="button"
          data-card={card.id}
          className={styles['open']}
          tabIndex={tabIndex}
          aria-label={t('routing.editNamed', { name })}
          aria-disabled={onOpen === null || undefined}
          onClick={() => onOpen?.()}
        >
          {candidate.model}
        </button>
        {(weighted || unasked) && <Weight weight={candidate.weight} share={unasked ? null : share} />}
      </div>
      <div className={styles['who']}>
        {t(vendorNames[candidate.vendor])} · {candidate.service}
        {keyName !== null && (
          <>
            {' · '}
            <span className={styles['key']}>{keyName}</span>
          </>
        )}
      </div>
      {card.brought && <div className={styles['who']}>{t('routing.brought')}</div>}
      {card.keyId === null ? <NoKey candidate={candidate} /> : <Standing card={card} />}
    </li>
  )
}

/** What is set, and what comes of it: "70 · 35 %". */
function Weight({ weight, share }: { readonly weight: number; readonly share: number | null }) {
  const t = useText()
  const locale = useLanguage()
  if (share === null) return <span className={styles['weight']}>{t('routing.weight', { weight: String(weight) })}</span>
  const part = percent(share * 100, locale)
  return (
    <span className={styles['weight']} title={t('routing.share', { weight: String(weight), share: part })}>
      {weight} · {part}
    </span>
  )
}

function NoKey({ candidate: { vendor, service } }: { readonly candidate: Candidate }) {
  const t = useText()
  const [here] = useLocation()
  const address = `#/keys/add/${[vendor, service, here].map(encodeURIComponent).join('/')}`
  return (
    <div className={styles['state']}>
      <StateMark state="stopped" />
      <span>{t('routing.noKey')}</span>
      <a className={styles['addKey']} href={address}>
        <KeyRound size={12} strokeWidth={1.5} aria-hidden />
        {t('routing.addKey')}
      </a>
    </div>
  )
}

function Standing({ card: { state, live, candidate, keyName } }: { readonly card: Card }) {
  const t = useText()
  const locale = useLanguage()
  // A key may be ready and its candidate not: a limit of the minute, a breaker of the model.
  const rejection = live?.rejection ?? null
  const more =
    state?.kind === 'ready' && rejection !== null
      ? rejectionSentence({ reason: rejection, ...candidate, keyName }, t)
      : null
  return (
    <>
      <div className={styles['state']}>
        {state !== null && 'until' in state && state.until !== null ? (
          <Ticking state={state} />
        ) : (
          <Words state={state} now={0} />
        )}
      </div>
      {more && <div className={styles['why']}>{more}</div>}
      {live && (
        <div className={styles['figures']}>
          {live.recentCalls === 0 && live.running === 0 && live.latencyMs === null ? (
            <span>{t('routing.neverCalled')}</span>
          ) : (
            <>
              {live.running > 0 && <span>{t('routing.running', { count: live.running })}</span>}
              {live.latencyMs !== null && (
                <span title={t('routing.latency', { latency: latency(live.latencyMs, locale) })}>
                  {latency(live.latencyMs, locale)}
                </span>
              )}
              {live.recentErrors > 0 && (
                <span className={styles['errors']}>
                  {t('routing.recentErrors', { errors: live.recentErrors, calls: live.recentCalls })}
                </span>
              )}
            </>
          )}
        </div>
      )}
    </>
  )
}

/** A countdown of its own, so that its seconds paint no other card. */
const Ticking = ({ state }: { readonly state: KeyState }) => <Words state={state} now={useNow('second')} />

function Words({ state, now }: { readonly state: KeyState | null; readonly now: number }) {
  const t = useText()
  const { mark, words } = stateWords(state, now, t, useLanguage())
  return (
    <>
      <StateMark state={mark} />
      <span className={styles[mark]}>{words}</span>
    </>
  )
}
