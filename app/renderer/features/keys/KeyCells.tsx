import type { Key } from '../../../shared/contracts/keys.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { detailsInChinese } from '../../../shared/reason-in-chinese.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { classes } from '../../ui/classes.ts'
import { dateTime } from '../../ui/format.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { Bar } from './Bar.tsx'
import { balanceAmount, balanceForecast } from './balance-words.ts'
import { Countdown } from './Countdown.tsx'
import styles from './Keys.module.css'
import { conditionOf, restsUntil } from './key-condition.ts'
import {
  balanceEndsSoon,
  budgetShare,
  costBound,
  costSentence,
  errorShare,
  expiresSoon,
  money,
  shareWord,
} from './key-figures.ts'
import { stateSentence } from './key-words.ts'
import { useTesting } from './testing-store.ts'

/** Percent of failed calls from which on the figure stands out: single ones are life. */
const alarming = 5

export function NameCell({ entry }: { readonly entry: Key }) {
  const testing = useTesting(({ ids }) => ids.has(entry.id))
  return (
    <span className={styles['line']} title={entry.name}>
      <StateMark state={testing ? 'busy' : conditionOf(entry)} />
      <span className={styles['cut']}>{entry.name}</span>
    </span>
  )
}

export function StateCell({ entry }: { readonly entry: Key }) {
  const t = useText()
  const testing = useTesting(({ ids }) => ids.has(entry.id))
  const sentence = testing ? t('keys.testing') : stateSentence(entry, t)
  const until = testing ? null : restsUntil(entry)
  return (
    <span className={styles['line']}>
      <span className={classes(styles['cut'], styles['quiet'], styles[conditionOf(entry)])} title={sentence}>
        {sentence}
      </span>
      {until !== null && <Countdown until={until} />}
      <BalanceMark entry={entry} />
    </span>
  )
}

/** Warns of an account that ends soon, whatever else the key is; the drawer says it in full. */
function BalanceMark({ entry }: { readonly entry: Key }) {
  const t = useText()
  const language = useLanguage()
  const now = Date.now()
  const { balance, state } = entry
  if (!balance || !balanceEndsSoon(entry, now) || state.kind === 'disabled' || state.kind === 'expired') return null
  const left = t('keys.balanceLeft', { amount: balanceAmount(balance, language) })
  const words = [left, balanceForecast(balance, now, language, t)].filter(Boolean).join(' · ')
  return (
    <span className={styles['mark']} title={words}>
      <StateMark state="warn" label={words} />
    </span>
  )
}

export function CountCell({ value }: { readonly value: number }) {
  const language = useLanguage()
  return value === 0 ? <None /> : value.toLocaleString(language)
}

export function ErrorsCell({ entry }: { readonly entry: Key }) {
  const language = useLanguage()
  const share = errorShare(entry)
  if (share === null) return <None />
  return <span className={share >= alarming ? styles['fail'] : undefined}>{shareWord(share, language)}</span>
}

/** What was spent this month, against the budget where there is one. */
export function CostCell({ entry }: { readonly entry: Key }) {
  const t = useText()
  const language = useLanguage()
  const { use, currency, monthlyBudget } = entry
  const share = budgetShare(entry)
  const cost = use.costThisMonth === 0 ? '' : money(use.costThisMonth, currency, language)
  const { unpricedThisMonth: unpriced } = use
  if (share === null || monthlyBudget === null) {
    if (unpriced === 0) return cost || <None />
    return <span title={costSentence(cost, unpriced, t)}>{costBound(cost, unpriced, t)}</span>
  }
  const spent = costBound(money(use.costThisMonth, currency, language), unpriced, t)
  const words = t('keys.spentOf', { spent, budget: money(monthlyBudget, currency, language, true) })
  return (
    <span className={styles['cost']} title={words}>
      <span className={styles['cut']}>{words}</span>
      <Bar share={share} label={t('keys.budgetOf', { name: entry.name })} />
    </span>
  )
}

export function ExpiryCell({ entry }: { readonly entry: Key }) {
  const soon = expiresSoon(entry, Date.now())
  if (entry.expiresAt === null) return <None />
  return (
    <span className={entry.state.kind === 'expired' ? styles['fail'] : soon ? styles['warn'] : undefined}>
      <RelativeTime time={entry.expiresAt} />
    </span>
  )
}

export function LastErrorCell({ entry: { lastError } }: { readonly entry: Key }) {
  const language = useLanguage()
  if (lastError === null) return <None />
  const { sentence } = describeError(knownCode(lastError.code), lastError.details, language)
  // The group says which vendor it is; what is special about the refusal comes first where there is little room.
  const { status, reason } = language === 'zh-CN' ? detailsInChinese(lastError.details) : lastError.details
  const short = [status, reason].filter((part) => part !== undefined).join(' ')
  return (
    <span className={styles['quiet']} title={`${sentence} · ${dateTime(lastError.at, language)}`}>
      {short || sentence}
    </span>
  )
}

function None() {
  return <span className={styles['none']}>–</span>
}
