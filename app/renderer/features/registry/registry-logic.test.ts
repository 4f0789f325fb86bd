import { expect, test } from 'vitest'
import { platformState, stoppedPlatform, takenPlatform } from '../../../../tests/lib/platform-samples.ts'
import { sampleInstances } from '../../../../tests/lib/registry-samples.ts'
import { textIn } from '../../i18n/text.ts'
import { applyInstances, countUnreachable, type RegistryState } from './registry-store.ts'
import { addressOfPart, registerCommand, stateWords } from './registry-words.ts'

const none: RegistryState = { byId: new Map(), heard: false, failure: new Error('not yet') }

test('the mirror holds what main told, and counts services that nobody reaches', () => {
  const instances = sampleInstances()
  const first = applyInstances(none, { kind: 'snapshot', instances })
  expect([first.heard, first.failure, countUnreachable(first.byId)]).toEqual([true, null, 1])
  const [core] = instances
  const changed = { ...core!, requests: 48_211 }
  const next = applyInstances(first, { kind: 'change', upserted: [changed], removed: ['billing-9100'] })
  expect([next.byId.get(core!.id), next.byId.size, countUnreachable(next.byId)]).toEqual([changed, 4, 0])
})

test('why an instance is down is said in the language of the operator', () => {
  const words = (language: 'en' | 'zh-CN') =>
    sampleInstances().map((one) => stateWords(one, (key, values) => textIn(language, key, values), language))
  expect(words('en')).toEqual([
    ...['healthy', 'healthy', '/healthz answered 503'],
    ...['no heartbeat for more than 90 s; /healthz: nothing listens there', 'healthy'],
  ])
  expect(words('zh-CN')).toEqual([
    ...['健康', '健康', '/healthz 返回了 503'],
    ...['超过 90 秒没有心跳；/healthz：该地址没有程序监听', '健康'],
  ])
})

test('what to type names a port that answers, and a token where one is needed', () => {
  const command = (address: string, token = '') =>
    `curl${token} ${address}/api/registry/services -d '{\n  "name": "demo", "url": "http://127.0.0.1:9000",\n  "health_path": "/" }'`
  expect(registerCommand(platformState())).toBe(command('http://127.0.0.1:8001'))
  expect(registerCommand(takenPlatform())).toBe(command('http://127.0.0.1:8000'))
  const closed = platformState({ openLocalMode: false })
  expect(registerCommand(closed)).toBe(command('http://127.0.0.1:8001', " -H 'Authorization: Bearer TOKEN'"))
  expect([null, stoppedPlatform()].map((one) => addressOfPart(one, 'gateway'))).toEqual(
    Array(2).fill('http://127.0.0.1:8000'),
  )
})
