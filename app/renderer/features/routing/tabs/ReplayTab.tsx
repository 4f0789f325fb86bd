import { History } from 'lucide-react'
import { useState } from 'react'
import type { Choice, FeatureRules, ReplaySummary } from '../../../../shared/contracts/routing.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Button } from '../../../ui/Button.tsx'
import { classes } from '../../../ui/classes.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { percent } from '../../../ui/format.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { ToneMark } from '../../../ui/ToneMark.tsx'
import type { Draft } from '../draft-store.ts'
import { vendorNames } from '../routing-words.ts'
import styles from './Tabs.module.css'

type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'summary'; readonly summary: ReplaySummary; readonly rules: FeatureRules }
  | { readonly kind: 'failed'; readonly error: unknown }

/** What would have become of the requests up to now, had the draft been the route. */
export function ReplayTab({ name, draft }: { readonly name: string; readonly draft: Draft | null }) {
  const t = useText()
  const [answer, setAnswer] = useState<Answer>({ kind: 'none' })
  if (!draft) {
    return (
      <EmptyState icon={History} title={t('routing.tabReplay')}>
        {t('routing.replayNeedsDraft')}
      </EmptyState>
    )
  }
  const unreadable = draft.reading || draft.problem !== null
  const replay = () => {
    const { rules } = draft
    setAnswer({ kind: 'asking' })
    rpc.routing
      .replay({ name, draft: rules })
      .then((summary) => setAnswer({ kind: 'summary', summary, rules }))
      .catch((error: unknown) => setAnswer({ kind: 'failed', error }))
  }
  return (
    <div className={styles['body']}>
      <div className={styles['question']}>
        <Button busy={answer.kind === 'asking'} disabled={unreadable} onClick={replay}>
          {t('routing.replay')}
        </Button>
        <p className={styles['note']}>{t('routing.replayText', { name })}</p>
      </div>
      {answer.kind === 'failed' && <Failed error={answer.error} />}
      {answer.kind === 'summary' && (
        <Summary name={name} summary={answer.summary} stale={answer.rules !== draft.rules} />
      )}
    </div>
  )
}

function Summary({
  name,
  summary,
  stale,
}: {
  readonly name: string
  readonly summary: ReplaySummary
  /** The draft was changed since. */
  readonly stale: boolean
}) {
  const t = useText()
  const { decisions, changed, changedCount } = summary
  const share = percent(decisions === 0 ? 0 : (changedCount / decisions) * 100, useLanguage())
  const words =
    decisions === 0
      ? t('routing.replayNone', { name })
      : changedCount === 0
        ? t('routing.replaySame', { count: decisions })
        : t('routing.replayChanged', { count: changedCount, all: decisions, share })
  return (
    <>
      <div role="status" className={classes(styles['verdict'], changedCount > 0 && styles['warn'])}>
        <ToneMark tone={changedCount > 0 ? 'warn' : 'info'} />
        <span>
          <strong>{words}</strong>
          {stale && <> {t('routing.replayStale')}</>}
        </span>
      </div>
      <div className={styles['decision']}>
        {summary.keys.length > 0 && <KeyShares summary={summary} />}
        {changed.length > 0 && (
          <section className={styles['half']}>
            <h3>{t('routing.replayFirst', { count: changed.length })}</h3>
            <ul>
              {changed.map(({ decisionId, at, before, after }) => (
                <li key={decisionId} className={styles['choice']}>
                  <span className={styles['when']}>
                    <RelativeTime time={at} />
                  </span>
                  <span className={styles['main']}>
                    <span>
                      <Chosen choice={before} /> → <Chosen choice={after} />
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </>
  )
}

function KeyShares({ summary: { keys, decisions } }: { readonly summary: ReplaySummary }) {
  const t = useText()
  const locale = useLanguage()
  const written = (count: number) => count.toLocaleString(locale)
  return (
    <section className={styles['half']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{t('routing.replayKey')}</th>
            <th scope="col">{t('routing.replayBefore')}</th>
            <th scope="col">{t('routing.replayAfter')}</th>
          </tr>
        </thead>
        <tbody>
          {keys.slice(0, 100).map(({ keyName, before, after }) => (
            <tr key={keyName}>
              <th scope="row">{keyName}</th>
              <td>
                {written(before)}
                <progress aria-hidden max={decisions} value={before} />
              </td>
              <td>
                {written(after)}
                <progress aria-hidden max={decisions} value={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Chosen({ choice }: { readonly choice: Choice | null }) {
  const t = useText()
  if (choice === null) return <em>{t('routing.replayNobody')}</em>
  return (
    <span title={`${t(vendorNames[choice.vendor])} · ${choice.model}`}>
      {choice.keyName} · <code>{choice.model}</code>
    </span>
  )
}
