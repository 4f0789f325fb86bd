import type { Decision, RejectedChoice } from '../../../../shared/contracts/routing.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { useNow } from '../../../ui/use-now.ts'
import { againIn, rejectionSentence, vendorNames } from '../routing-words.ts'
import styles from './Tabs.module.css'

/** As many of each as anybody reads; the rest is counted. */
const most = 50

/** One decision explained: who is asked in which order, and why each of the others is not. */
export function DecisionView({ decision }: { readonly decision: Decision }) {
  const t = useText()
  const { selected, fallbacks, rejected } = decision
  const order = selected ? [selected, ...fallbacks] : fallbacks
  const [orderCount, rejectedCount] = [
    order.length + (decision.fallbacksMore ?? 0),
    rejected.length + (decision.rejectedMore ?? 0),
  ]
  return (
    <div className={styles['decision']}>
      <section className={styles['half']}>
        <h3>{t('routing.order')}</h3>
        {order.length === 0 && <p className={styles['note']}>{t('routing.orderNone')}</p>}
        <ol>
          {order.slice(0, most).map((choice, index) => (
            <li key={`${choice.keyId} ${choice.vendor} ${choice.model}`} className={styles['choice']}>
              <span className={styles['place']}>{index + 1}</span>
              <span className={styles['main']}>
                <code>{[choice.model, choice.vendorModel].filter((name) => name !== undefined).join(' → ')}</code>
                <span className={styles['note']}>
                  {t(vendorNames[choice.vendor])} · {choice.keyName} · {choice.tier}
                </span>
              </span>
              <span className={styles['note']}>{t(index === 0 ? 'routing.orderFirst' : 'routing.orderNext')}</span>
            </li>
          ))}
        </ol>
        {orderCount > most && <p className={styles['note']}>{more(orderCount)}</p>}
      </section>
      <section className={styles['half']}>
        <h3>{t('routing.turnedDown', { count: rejectedCount })}</h3>
        {rejected.length === 0 && <p className={styles['note']}>{t('routing.turnedDownNone')}</p>}
        <Rejected decision={decision} />
        {rejectedCount > most && <p className={styles['note']}>{more(rejectedCount)}</p>}
      </section>
    </div>
  )

  function more(all: number): string {
    return t('routing.moreTurnedDown', { count: all - most })
  }
}

function Rejected({ decision }: { readonly decision: Decision }) {
  const t = useText()
  return (
    <ul>
      {decision.rejected.slice(0, most).map((one) => (
        <li key={`${one.keyId} ${one.vendor} ${one.service} ${one.model} ${one.reason}`} className={styles['choice']}>
          <span className={styles['main']}>
            <span>
              <Reason rejected={one} />
            </span>
            <span className={styles['note']}>
              {t(vendorNames[one.vendor])} · <code>{one.model}</code>
              {one.keyName !== null && ` · ${one.keyName}`} · {one.tier}
            </span>
          </span>
          <Badge>{one.reason}</Badge>
        </li>
      ))}
    </ul>
  )
}

function Reason({ rejected }: { readonly rejected: RejectedChoice }) {
  const t = useText()
  const why = rejectionSentence(rejected, t)
  return rejected.until === null ? why : <Until why={why} until={rejected.until} />
}

/** A countdown of its own, so that its seconds paint nothing else. */
function Until({ why, until }: { readonly why: string; readonly until: number }) {
  const t = useText()
  const when = againIn(until, useNow('second'), t, useLanguage())
  return when === null ? why : t('routing.whyUntil', { why, when })
}
