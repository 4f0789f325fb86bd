import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Service, ServicesUpdate } from '../../shared/contracts/services.ts'
import { type Alert, createServiceAlerts, GATHER, SETTLED } from './service-alerts.ts'
import { summarize } from './service-list.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const base: Service = {
  ...{ id: '', name: '', image: 'busybox', project: null, projectService: null, health: 'none', failingStreak: 0 },
  ...{ restartCount: 0, ports: [], networks: [], createdAt: 0, requested: null },
  state: { kind: 'running', startedAt: 0 },
}
const running = (id: string, more: Partial<Service> = {}): Service => ({ ...base, id, name: id, ...more })
const ended = (id: string, exitCode: number, more: Partial<Service> = {}): Service =>
  running(id, { state: { kind: 'stopped', exitCode, outOfMemory: false, finishedAt: 1 }, ...more })
const change = (...upserted: Service[]): ServicesUpdate => ({ kind: 'change', upserted, removed: [] })
const snapshot = (...services: Service[]): ServicesUpdate => ({ kind: 'snapshot', services })

function follow(...services: Service[]) {
  const news: string[] = []
  const alerts = createServiceAlerts(({ kind, services }: Alert) => {
    news.push(`${kind} ${services.map((service) => service.name).join(' ')}`)
  })
  alerts.update(snapshot(...services))
  return { alerts, news }
}

test('what is already broken at the start is no news', () => {
  const { alerts, news } = follow(running('web'), ended('old', 1))
  alerts.update(snapshot(running('web'), ended('old', 1)))
  vi.advanceTimersByTime(GATHER)

  expect(news).toEqual([])
})

test('a restart loop is told once, and its recovery once it holds', () => {
  const { alerts, news } = follow(running('web'))
  for (let turn = 0; turn < 20; turn++) {
    alerts.update(change(ended('web', 1)))
    alerts.update(change(running('web', { state: { kind: 'restarting', exitCode: 1 } })))
    vi.advanceTimersByTime(GATHER)
    alerts.update(change(running('web')))
    vi.advanceTimersByTime(SETTLED / 2)
  }
  const inTheLoop = [...news]
  vi.advanceTimersByTime(SETTLED)
  alerts.update(change(ended('web', 1)))
  vi.advanceTimersByTime(GATHER)

  expect([inTheLoop, news]).toEqual([['failed web'], ['failed web', 'recovered web', 'failed web']])
})

test('services that fall together are one piece of news', () => {
  const { alerts, news } = follow(running('a'), running('b'), running('c'), running('d'))
  alerts.update(change(ended('a', 1), ended('b', 137, { state: { kind: 'dead' } })))
  alerts.update(change(running('d', { health: 'unhealthy' })))
  alerts.update(change(ended('c', 2)))
  vi.advanceTimersByTime(GATHER)

  expect(news).toEqual(['failed a b c', 'unhealthy d'])
})

test('from unhealthy to dead is worse and told; back to unhealthy is not', () => {
  const { alerts, news } = follow(running('web', { health: 'healthy' }))
  const told = (service: Service) => {
    alerts.update(change(service))
    vi.advanceTimersByTime(GATHER)
  }
  told(running('web', { health: 'unhealthy' }))
  told(ended('web', 139))
  told(running('web', { health: 'starting' }))
  told(running('web', { health: 'unhealthy' }))

  expect(news).toEqual(['unhealthy web', 'failed web'])
})

test('what somebody stopped is no news, whatever its exit code; a start that fails is', () => {
  const { alerts, news } = follow(running('stopped'), running('ended'), ended('started', 0), running('removed'))
  alerts.update(change(running('stopped', { requested: 'stop' }), ended('started', 0, { requested: 'start' })))
  alerts.update(change(ended('stopped', 137), ended('ended', 0), ended('started', 127)))
  alerts.update({ kind: 'change', upserted: [], removed: ['removed'] })
  vi.advanceTimersByTime(SETTLED)

  expect(news).toEqual(['failed started'])
})

test('nothing is told after the end', () => {
  const { alerts, news } = follow(running('web'))
  alerts.update(change(ended('web', 1)))
  alerts.stop()
  vi.advanceTimersByTime(SETTLED)

  expect([news, vi.getTimerCount()]).toEqual([[], 0])
})

test('the summary puts the worst first and names the service that ended last', () => {
  const late = ended('late', 1, { state: { kind: 'stopped', exitCode: 1, outOfMemory: true, finishedAt: 9 } })
  const list = [running('a'), ended('early', 1), late, running('sick', { health: 'unhealthy' }), ended('off', 0)]
  const services = new Map(list.map((service) => [service.id, service]))

  expect([summarize(services, 'ready'), summarize(services, 'failed'), summarize(new Map(), 'ready')]).toEqual([
    {
      docker: 'ready',
      worst: 'fail',
      counts: [
        { condition: 'fail', n: 2 },
        { condition: 'warn', n: 1 },
        { condition: 'ok', n: 1 },
        { condition: 'stopped', n: 1 },
      ],
      concern: { id: 'late', name: 'late' },
    },
    { docker: 'failed', worst: 'unknown', counts: [], concern: null },
    { docker: 'ready', worst: 'ok', counts: [], concern: null },
  ])
})
