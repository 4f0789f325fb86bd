import { expect, test } from 'vitest'
import type { Service } from '../../../shared/contracts/services.ts'
import { aService } from '../services/test-services.ts'
import { concernsOf, wellSince } from './attention.ts'

const ended = (exitCode: number, finishedAt: number, outOfMemory = false): Service['state'] => ({
  kind: 'stopped',
  exitCode,
  outOfMemory,
  finishedAt,
})

test('the worst comes first, each with the action that helps', () => {
  const services = [
    aService('fine'),
    aService('asked-to-stop', { state: ended(143, 9) }),
    aService('ill', { health: 'unhealthy' }),
    aService('old-crash', { state: ended(1, 10) }),
    aService('out-of-memory', { state: ended(137, 20, true) }),
    aService('loop', { state: { kind: 'restarting', exitCode: 1 } }),
    aService('being-restarted', { state: ended(1, 30), requested: 'restart' }),
    aService('dead', { state: { kind: 'dead' } }),
  ]
  expect(
    concernsOf(services).map(({ service, condition, action }) => `${condition} ${service.name}: ${action}`),
  ).toEqual([
    'fail loop: logs',
    'fail out-of-memory: restart',
    'fail old-crash: logs',
    'fail dead: logs',
    'warn ill: health',
  ])
})

test('all is well since the last start or end, or since the last concern went away', () => {
  const services = [
    aService('a', { state: { kind: 'running', startedAt: 50 } }),
    aService('b', { state: ended(0, 70) }),
  ]
  expect([wellSince(services, null), wellSince(services, 90), wellSince([], null)]).toEqual([70, 90, null])
})
