import { expect, test } from 'vitest'
import type { Key } from '../../../shared/contracts/keys.ts'
import type { Service } from '../../../shared/contracts/services.ts'
import { aService } from '../services/test-services.ts'
import { concernsOf, wellSince } from './attention.ts'
import { keyConcerns } from './model-concerns.ts'

const aKey = (name: string, change: Partial<Pick<Key, 'state' | 'expiresAt' | 'lastTest'>>) => ({
  ...{ id: name, name, state: { kind: 'ready' } as const, expiresAt: null, lastTest: null },
  ...change,
})

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

test('keys that do not answer, failed a test, have ended or end within three days want the operator', () => {
  const day = 24 * 3_600_000
  const keys = [
    aKey('fine', { expiresAt: 4 * day }),
    aKey('soon', { expiresAt: 3 * day }),
    aKey('off', { state: { kind: 'disabled', reason: '', at: 0 }, expiresAt: day }),
    aKey('bad', { state: { kind: 'benched', reason: 'bad-key', at: 0, until: null } }),
    aKey('failed', { lastTest: { at: 0, ok: false, latencyMs: 1, statusCode: 500, failure: null } }),
    aKey('rests', { state: { kind: 'cooling', until: 5 } }),
    aKey('ended', { state: { kind: 'expired', at: 0 }, expiresAt: 0 }),
  ]
  expect(keyConcerns(keys, 0).map(({ name }) => name)).toEqual(['bad', 'ended', 'failed', 'soon'])
})
