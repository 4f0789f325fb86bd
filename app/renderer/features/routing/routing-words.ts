import type { KeyState, Vendor } from '../../../shared/contracts/keys.ts'
import type { DecisionOutcome, RejectedChoice, Rejection, Strategy } from '../../../shared/contracts/routing.ts'
import { assertNever } from '../../../shared/errors.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import type { Translate } from '../../i18n/language.ts'
import { disabledReason } from '../../shell/disabled-reason.ts'
import { duration } from '../../ui/format.ts'
import type { Mark } from '../../ui/StateMark.tsx'
import type { FeatureCondition } from './feature-condition.ts'

export const vendorNames: Readonly<Record<Vendor, TextKey>> = {
  openai: 'routing.vendorOpenai',
  aliyun: 'routing.vendorAliyun',
  'openai-compatible': 'routing.vendorCompatible',
  sandbox: 'routing.vendorSandbox',
}
export const strategyNames: Readonly<Record<Strategy, TextKey>> = {
  weighted: 'routing.strategyWeighted',
  round_robin: 'routing.strategyRoundRobin',
  least_latency: 'routing.strategyLeastLatency',
  least_busy: 'routing.strategyLeastBusy',
  lowest_cost: 'routing.strategyLowestCost',
}
/** How one of a tier is chosen, for the head of its column. */
export const strategyWays: Readonly<Record<Strategy, TextKey>> = {
  weighted: 'routing.howWeighted',
  round_robin: 'routing.howRoundRobin',
  least_latency: 'routing.howLeastLatency',
  least_busy: 'routing.howLeastBusy',
  lowest_cost: 'routing.howLowestCost',
}
export const conditionWords: Readonly<Record<FeatureCondition, TextKey>> = {
  every: 'routing.conditionEvery',
  some: 'routing.conditionSome',
  none: 'routing.conditionNone',
  'no-key': 'routing.conditionNoKey',
  unknown: 'routing.conditionUnknown',
}

/** How a key stands, as a shape and a sentence. `now` makes a countdown of what has an end. */
export function stateWords(
  state: KeyState | null,
  now: number,
  t: Translate,
  locale: string,
): { readonly mark: Mark; readonly words: string } {
  if (state === null) return { mark: 'unknown', words: t('routing.stateUnknown') }
  switch (state.kind) {
    case 'ready':
      return { mark: 'ok', words: t('routing.stateReady') }
    case 'disabled':
      return {
        mark: 'stopped',
        words:
          state.reason === ''
            ? t('routing.stateDisabled')
            : t('routing.stateDisabledWhy', { reason: disabledReason(state.reason, t) }),
      }
    case 'expired':
      return { mark: 'fail', words: t('routing.stateExpired') }
    case 'benched':
      return { mark: 'fail', words: benchWords(state, now, t, locale) }
    case 'cooling':
      return { mark: 'warn', words: t('routing.stateCooling', { time: left(state.until, now, locale) }) }
    case 'broken':
      return { mark: 'fail', words: t('routing.stateBroken', { time: left(state.until, now, locale) }) }
    default:
      return assertNever(state)
  }
}

function benchWords(
  { reason, until }: Extract<KeyState, { kind: 'benched' }>,
  now: number,
  t: Translate,
  locale: string,
): string {
  if (reason === 'bad-key') return t('routing.stateBadKey')
  if (until === null) return t(reason === 'quota' ? 'routing.stateQuota' : 'routing.stateBudget')
  const time = left(until, now, locale)
  return t(reason === 'quota' ? 'routing.stateQuotaUntil' : 'routing.stateBudgetUntil', { time })
}

/** Never less than a second: what is over is told by main, not by the clock of the page. */
const left = (until: number, now: number, locale: string): string => duration(Math.max(1000, until - now), locale)

const reasons: Readonly<Record<Rejection, TextKey>> = {
  'no-key': 'routing.whyNoKey',
  disabled: 'routing.whyDisabled',
  expired: 'routing.whyExpired',
  'bad-key': 'routing.whyBadKey',
  quota: 'routing.whyQuota',
  budget: 'routing.whyBudget',
  cooling: 'routing.whyCooling',
  'breaker-open': 'routing.whyBreaker',
  ramping: 'routing.whyRamping',
  rpm: 'routing.whyRpm',
  tpm: 'routing.whyTpm',
  concurrency: 'routing.whyConcurrency',
  'weight-zero': 'routing.whyWeight',
  'model-mismatch': 'routing.whyModel',
  'out-of-scope': 'routing.whyScope',
}

/** Why one choice was turned down, as a whole sentence. */
export const rejectionSentence = (
  {
    reason,
    vendor,
    service,
    model,
    keyName,
  }: Pick<RejectedChoice, 'reason' | 'vendor' | 'service' | 'model' | 'keyName'>,
  t: Translate,
): string => t(reasons[reason], { vendor: t(vendorNames[vendor]), service, model, key: keyName ?? t('routing.noKey') })

/** When it may be asked again; null where that is not known, or over. */
export const againIn = (until: number | null, now: number, t: Translate, locale: string): string | null =>
  until === null || until <= now ? null : t('routing.againIn', { time: duration(until - now, locale) })

type Failure = NonNullable<DecisionOutcome['attempts'][number]['failure']>
const failures: Readonly<Record<Failure, TextKey>> = {
  'bad-key': 'routing.failBadKey',
  quota: 'routing.failQuota',
  'rate-limit': 'routing.failRateLimit',
  vendor: 'routing.failVendor',
  timeout: 'routing.failTimeout',
  connection: 'routing.failConnection',
  caller: 'routing.failCaller',
  cut: 'routing.failCut',
  garbage: 'routing.failGarbage',
}
/** What became of one call. */
export const attemptWords = (failure: Failure | null, t: Translate): string =>
  t(failure === null ? 'routing.succeeded' : failures[failure])

/** "OpenAI · gpt-4.1", as a candidate is called in sentences and by screen readers. */
export const candidateName = ({ vendor, model }: { readonly vendor: Vendor; readonly model: string }, t: Translate) =>
  `${t(vendorNames[vendor])} · ${model}`

const actors: Readonly<Record<string, TextKey>> = {
  desktop: 'settings.actorDesktop',
  browser: 'settings.actorBrowser',
  cli: 'settings.actorCli',
  console: 'settings.actorConsole',
  platform: 'settings.actorPlatform',
}

/** Who changed something: "browser"; an HTTP caller's own name stands behind it. */
export function actorName(by: string, t: Translate): string {
  const [actor = '', ...name] = by.split(' ')
  const key = Object.hasOwn(actors, actor) ? actors[actor] : undefined
  return key ? [t(key), ...name].join(' ') : by
}

/** "0.8 µs", or longer units where it took so long. */
export const durationUs = (microseconds: number, t: Translate, locale: string): string =>
  microseconds >= 1000
    ? duration(microseconds / 1000, locale)
    : t('routing.microseconds', { count: Math.round(microseconds * 10) / 10 })

/** How long a call took: "812 ms", "1.5 s"; a minute and more in its two largest units. */
export function latency(milliseconds: number, locale: string): string {
  if (milliseconds < 1000 || milliseconds >= 60_000) return duration(milliseconds, locale)
  const tenths = (Math.round(milliseconds / 100) / 10).toLocaleString(locale)
  return duration(1000, locale).replace('1', tenths)
}
