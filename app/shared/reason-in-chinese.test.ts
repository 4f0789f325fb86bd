import { expect, test } from 'vitest'
import { describeError } from './errors.ts'
import { reasonInChinese } from './reason-in-chinese.ts'

test('what the console itself says of a failure is said in Chinese, and a vendor keeps its own words', () => {
  const chinese = (reason: string, more = {}) =>
    describeError('VENDOR_FAILED', { vendor: 'openai', status: 502, reason, ...more }, 'zh-CN').sentence
  expect([
    chinese('nothing listens at its address (ECONNREFUSED)'),
    chinese('its answer is larger than 64 MB'),
    chinese('Rate limit reached for gpt-4.1'),
    chinese('it failed', { reasonZh: '出错了' }),
  ]).toEqual([
    'openai 未能完成请求（502）：其地址没有程序监听 (ECONNREFUSED)',
    'openai 未能完成请求（502）：响应超过 64 MB',
    'openai 未能完成请求（502）：Rate limit reached for gpt-4.1',
    'openai 未能完成请求（502）：出错了',
  ])
  expect(reasonInChinese('/healthz answered 503; it is odd')).toBe('/healthz 返回了 503；it is odd')
})
