import { FlaskConical, Power, PowerOff, RotateCcwKey, TimerReset } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Key, KeyBalance } from '../../../../shared/contracts/keys.ts'
import { describeError, knownCode } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { useKnownNames } from '../../../shell/known-names.ts'
import { Button } from '../../../ui/Button.tsx'
import { KeyValue, type KeyValueItem } from '../../../ui/KeyValue.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { useNow } from '../../../ui/use-now.ts'
import { Bar } from '../Bar.tsx'
import { balanceAmount, balanceForecast } from '../balance-words.ts'
import { Countdown } from '../Countdown.tsx'
import { openDialog } from '../dialogs/dialog-store.ts'
import { canDo, enableKeys, resetKeys, testKey } from '../key-actions.tsx'
import { conditionOf, restsUntil } from '../key-condition.ts'
import { balanceEndsSoon, budgetShare, costSentence, errorShare, money, shareWord } from '../key-figures.ts'
import { stateSentence } from '../key-words.ts'
import { TestResult } from '../TestResult.tsx'
import { useTesting } from '../testing-store.ts'
import styles from './Drawer.module.css'
import { EditForm } from './EditForm.tsx'
import { Secret } from './Secret.tsx'

/** How the key is, what it was used for, and everything that can be changed about it. */
export function SummaryTab({ entry }: { readonly entry: Key }) {
  const t = useText()
  const testing = useTesting(({ ids }) => ids.has(entry.id))
  return (
    <div className={styles['tab']}>
      <State entry={entry} />
      <div className={styles['buttons']}>
        <Button icon={FlaskConical} busy={testing} onClick={() => void testKey(entry)}>
          {t('keys.test')}
        </Button>
        {canDo('reset', entry) && (
          <Button icon={TimerReset} onClick={() => void resetKeys([entry])}>
            {t('keys.reset')}
          </Button>
        )}
        <Button icon={RotateCcwKey} onClick={() => openDialog({ kind: 'rotate', key: entry })}>
          {t('keys.rotate')}
        </Button>
        {canDo('enable', entry) ? (
          <Button icon={Power} onClick={() => void enableKeys([entry])}>
            {t('keys.enable')}
          </Button>
        ) : (
          <Button icon={PowerOff} onClick={() => openDialog({ kind: 'disable', keys: [entry] })}>
            {t('keys.disableAsk')}
          </Button>
        )}
      </div>
      <Facts entry={entry} />
      {entry.lastTest && (
        <section>
          <h3>
            {t('keys.lastTest')}{' '}
            <span className={styles['quiet']}>
              <RelativeTime time={entry.lastTest.at} />
            </span>
          </h3>
          <TestResult test={{ ...entry.lastTest, ...(entry.lastTest.ok && { models: entry.models }) }} />
        </section>
      )}
      <section>
        <h3>{t('keys.settings')}</h3>
        <EditForm entry={entry} />
      </section>
    </div>
  )
}

function State({ entry }: { readonly entry: Key }) {
  const t = useText()
  const until = restsUntil(entry)
  const { state } = entry
  const since = state.kind === 'benched' || state.kind === 'disabled' || state.kind === 'expired' ? state.at : null
  const advice =
    state.kind === 'benched' && state.reason === 'bad-key'
      ? t('keys.adviceBadKey')
      : state.kind === 'benched' && state.reason === 'quota'
        ? t('keys.adviceQuota')
        : state.kind === 'benched'
          ? t('keys.adviceBudget')
          : state.kind === 'expired'
            ? t('keys.adviceExpired')
            : null
  return (
    <div className={styles['state']}>
      <StateMark state={conditionOf(entry)} />
      <div>
        <strong>{stateSentence(entry, t)}</strong>{' '}
        <span className={styles['quiet']}>
          {until !== null && <Countdown until={until} />}
          {until === null && since !== null && <RelativeTime time={since} />}
        </span>
        {advice && <p className={styles['quiet']}>{advice}</p>}
      </div>
    </div>
  )
}

function Facts({ entry }: { readonly entry: Key }) {
  const t = useText()
  const language = useLanguage()
  const { use, currency, monthlyBudget } = entry
  const share = errorShare(entry)
  const spent = budgetShare(entry)
  const written = (amount: number, unpriced: number) =>
    costSentence(amount === 0 && unpriced > 0 ? '' : money(amount, currency, language), unpriced, t)
  const cost = written(use.costThisMonth, use.unpricedThisMonth)
  const items: (KeyValueItem | null)[] = [
    fact('secret', t('keys.secret'), <Secret entry={entry} />),
    entry.graceUntil === null
      ? null
      : fact(
          'grace',
          t('keys.formerSecret'),
          <RelativeTime time={entry.graceUntil} write={(time) => t('keys.triedUntil', { time })} />,
        ),
    fact(
      'today',
      t('keys.today'),
      <>
        {t('keys.requestsCount', { count: use.requestsToday })}
        {share !== null && ` · ${t('keys.errorsOf', { share: shareWord(share, language) })}`}
        {` · ${t('keys.tokensCount', { count: use.tokensToday })} · ${written(use.costToday, use.unpricedToday)}`}
      </>,
    ),
    fact(
      'month',
      t('keys.month'),
      spent === null || monthlyBudget === null ? (
        cost
      ) : (
        <>
          {t('keys.spentOf', { spent: cost, budget: money(monthlyBudget, currency, language, true) })}
          <Bar share={spent} label={t('keys.budgetOf', { name: entry.name })} />
        </>
      ),
    ),
    entry.balance === null
      ? null
      : fact('balance', t('keys.balance'), <Balance entry={entry} balance={entry.balance} />),
    entry.lastError === null
      ? null
      : fact(
          'lastError',
          t('keys.lastError'),
          <>
            {describeError(knownCode(entry.lastError.code), entry.lastError.details, language).sentence}{' '}
            <span className={styles['quiet']}>
              <RelativeTime time={entry.lastError.at} /> · {entry.lastError.code}
            </span>
          </>,
        ),
    entry.pluginId === undefined ? null : fact('plugin', t('keys.ofPlugin'), <PluginLink id={entry.pluginId} />),
    entry.expiresAt === null ? null : fact('expiry', t('keys.expiry'), <RelativeTime time={entry.expiresAt} />),
    fact('created', t('keys.created'), <RelativeTime time={entry.createdAt} />),
    { ...fact('id', t('keys.id'), <code>{entry.id}</code>), copy: entry.id },
  ]
  return <KeyValue items={items.filter((item) => item !== null)} />
}

/** Its secret and address come from there. */
function PluginLink({ id }: { readonly id: string }) {
  const { plugins } = useKnownNames()
  const name = plugins.find(({ value }) => value === id)?.label ?? id
  return <a href={`#/plugins/${encodeURIComponent(id)}/configuration`}>{name}</a>
}

function Balance({ entry, balance }: { readonly entry: Key; readonly balance: KeyBalance }) {
  const t = useText()
  const language = useLanguage()
  const now = useNow('minute')
  const forecast = balanceForecast(balance, now, language, t)
  return (
    <>
      {balanceAmount(balance, language)}{' '}
      <span className={styles['quiet']}>
        <RelativeTime time={balance.at} write={(time) => t('keys.balanceTold', { time })} />
      </span>
      {forecast !== null && (
        <p className={styles['forecast']}>
          {balanceEndsSoon(entry, now) && <StateMark state="warn" />}
          {forecast}
        </p>
      )}
    </>
  )
}

const fact = (key: string, label: string, value: ReactNode): KeyValueItem => ({ key, label, value })
