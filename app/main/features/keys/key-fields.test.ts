import { expect, test } from 'vitest'
import { key } from '../../../../tests/lib/keys-samples.ts'
import { timeOfText } from '../../../shared/time-text.ts'
import { keyFields } from './key-fields.ts'

test('a key tells what went wrong with it as a code and in the words of the caller', () => {
  const failure = { code: 'VENDOR_FAILED', details: { vendor: 'openai', status: 502, reason: 'its answer is empty' } }
  const failed = key('a', {
    lastError: { ...failure, at: 0 },
    lastTest: { at: 0, ok: false, latencyMs: 1, statusCode: 502, failure },
  })
  const told = (language: 'en' | 'zh-CN') => {
    const { last_error: error, last_test: tested } = keyFields(failed, language)
    return [error?.code, error?.message, tested?.error, tested?.message]
  }
  const english = 'openai did not serve it (502): its answer is empty'
  const chinese = 'openai 未能完成请求（502）：响应为空'
  expect([told('en'), told('zh-CN')]).toEqual([
    ['VENDOR_FAILED', english, 'VENDOR_FAILED', english],
    ['VENDOR_FAILED', chinese, 'VENDOR_FAILED', chinese],
  ])
})

test('a date is a day that exists', () => {
  expect(['2026-02-28', '2026-12-31T12:00:00Z', '2026-02-31', 'tomorrow', ''].map(timeOfText)).toEqual([
    ...[Date.UTC(2026, 1, 28), Date.UTC(2026, 11, 31, 12), Number.NaN, Number.NaN, Number.NaN],
  ])
})
