import { expect, test } from 'vitest'
import type { Service } from '../../../shared/contracts/services.ts'
import { textIn } from '../../i18n/text.ts'
import { causeSentence, stateSentence } from './service-words.ts'
import { aService } from './test-services.ts'

const stopped = (exitCode: number | null, outOfMemory = false): Service['state'] => ({
  kind: 'stopped',
  exitCode,
  outOfMemory,
  finishedAt: null,
})
const services = {
  running: aService('a'),
  healthy: aService('a', { health: 'healthy' }),
  unhealthy: aService('a', { health: 'unhealthy', failingStreak: 3 }),
  asked: aService('a', { requested: 'restart' }),
  paused: aService('a', { state: { kind: 'paused', startedAt: null } }),
  looping: aService('a', { state: { kind: 'restarting', exitCode: 1 } }),
  done: aService('a', { state: stopped(0) }),
  notYetKnown: aService('a', { state: stopped(null) }),
  outOfMemory: aService('a', { state: stopped(137, true) }),
  killed: aService('a', { state: stopped(137) }),
  missing: aService('a', { state: stopped(127) }),
  signal: aService('a', { state: stopped(135) }),
  own: aService('a', { state: stopped(3) }),
}
const inWords = (language: 'en' | 'zh-CN') =>
  Object.fromEntries(
    Object.entries(services).map(([name, service]) => {
      const t = (key: Parameters<typeof textIn>[1], values?: Parameters<typeof textIn>[2]) =>
        textIn(language, key, values)
      const cause = causeSentence(service, t)
      return [name, cause === null ? stateSentence(service, t) : `${stateSentence(service, t)} | ${cause}`]
    }),
  )

test('a state is said in words, with its cause where something is wrong', () => {
  expect(inWords('en')).toEqual({
    running: 'running',
    healthy: 'healthy',
    unhealthy: 'unhealthy 3× | its last 3 health checks failed',
    asked: 'restarting…',
    paused: 'paused',
    looping: 'restarting (1) | it keeps ending with 1 (its own error code); the engine restarts it each time',
    done: 'exited (0)',
    notYetKnown: 'stopped',
    outOfMemory: 'exited (137) out of memory | ended with 137: it needed more memory than its limit',
    killed: 'exited (137) | ended with 137 (killed)',
    missing: 'exited (127) | ended with 127 (the command was not found)',
    signal: 'exited (135) | ended with 135 (signal 7)',
    own: 'exited (3) | ended with 3 (its own error code)',
  })
})

test('and in Chinese', () => {
  const { outOfMemory, unhealthy, asked } = inWords('zh-CN')
  expect({ outOfMemory, unhealthy, asked }).toEqual({
    outOfMemory: '已退出（137）内存不足 | 以 137 退出：所需内存超过上限',
    unhealthy: '不健康 3× | 最近 3 次健康检查均未通过',
    asked: '正在重启…',
  })
})
