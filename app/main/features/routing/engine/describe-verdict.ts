import type { Choice, RejectedChoice, Rejection, Strategy } from '../../../../shared/contracts/routing.ts'
import type { Verdict } from './engine-types.ts'

const MOST_NAMED = 5

const strategies: Record<Strategy, string> = {
  weighted: 'by weight',
  round_robin: 'in turn',
  least_latency: 'as the fastest so far',
  least_busy: 'as the least busy',
  lowest_cost: 'as the cheapest',
}
const reasons: Record<Rejection, string> = {
  'no-key': 'no key',
  disabled: 'disabled',
  expired: 'expired',
  'bad-key': 'refused by the vendor, waits for a test',
  quota: 'quota used up at the vendor',
  budget: 'budget of the month spent',
  cooling: 'pausing as the vendor asked',
  'breaker-open': 'failed too often',
  ramping: 'recovering, takes a part of the requests',
  rpm: 'at its requests per minute',
  tpm: 'at its tokens per minute',
  concurrency: 'at its calls at once',
  'weight-zero': 'weight 0',
  'model-mismatch': 'another model',
  'out-of-scope': 'outside the scope of the token',
}

const reasonsInChinese: Record<Rejection, string> = {
  'no-key': '没有密钥',
  disabled: '已停用',
  expired: '已过期',
  'bad-key': '被供应商拒绝，等待测试',
  quota: '供应商额度已用完',
  budget: '本月预算已用完',
  cooling: '按供应商要求暂停',
  'breaker-open': '连续失败，暂停使用',
  ramping: '正在恢复，只承担部分请求',
  rpm: '已达每分钟请求上限',
  tpm: '已达每分钟 token 上限',
  concurrency: '已达并发上限',
  'weight-zero': '权重为 0',
  'model-mismatch': '模型不同',
  'out-of-scope': '不在令牌范围内',
}

const nameOf = ({ vendor, model, keyName, tier }: Choice) => `${vendor} ${model} with key ${keyName} (${tier})`

function rejectionText({ vendor, model, keyName, reason, until }: RejectedChoice): string {
  const end = until === null ? '' : ` until ${new Date(until).toISOString()}`
  return `${keyName ?? `${vendor} ${model}`}: ${reasons[reason]}${end}`
}

/** The same in Chinese. */
export function describeRejectionsInChinese(rejected: readonly RejectedChoice[]): string {
  if (rejected.length === 0) return '没有候选项'
  const named = rejected.slice(0, MOST_NAMED).map(({ vendor, model, keyName, reason, until }) => {
    const end = until === null ? '' : `，直到 ${new Date(until).toISOString()}`
    return `${keyName ?? `${vendor} ${model}`}：${reasonsInChinese[reason]}${end}`
  })
  if (rejected.length > MOST_NAMED) named.push(`另有 ${rejected.length - MOST_NAMED} 项`)
  return named.join('；')
}

/** Why nobody else was asked, in English; at most five by name. */
export function describeRejections(rejected: readonly RejectedChoice[]): string {
  if (rejected.length === 0) return 'no candidates'
  const named = rejected.slice(0, MOST_NAMED).map(rejectionText)
  if (rejected.length > MOST_NAMED) named.push(`and ${rejected.length - MOST_NAMED} more`)
  return named.join('; ')
}

/** A decision in one English sentence, for the HTTP reply's `explanation`. */
export function describeVerdict(
  verdict: Pick<Verdict, 'feature' | 'strategy' | 'selected' | 'fallbacks' | 'rejected' | 'leastBad'>,
): string {
  const { feature, strategy, selected, fallbacks, rejected } = verdict
  const passed = rejected.length === 0 ? '' : `; passed over: ${describeRejections(rejected)}`
  if (selected === null) return `Nothing can serve ${feature} now: ${describeRejections(rejected)}.`
  if (verdict.leastBad)
    return `Everything rests; ${nameOf(selected)} is tried once, as it may be asked soonest${passed}.`
  const others = fallbacks.length === 0 ? 'nobody can follow' : `${fallbacks.length} can follow`
  return `${nameOf(selected)} is asked first, ${strategies[strategy]} within its tier; ${others}${passed}.`
}
