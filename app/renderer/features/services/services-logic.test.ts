import { expect, test } from 'vitest'
import type { Port, RemovalPreview, Service, ServiceActionKind } from '../../../shared/contracts/services.ts'
import { applicable } from './action-rules.ts'
import { engineHost, portLinks } from './port-links.ts'
import { sumLosses, textToType } from './removal.ts'
import {
  compareConcern,
  compareReading,
  compareUptime,
  countConditions,
  groupOf,
  pinnedGroup,
} from './service-order.ts'
import { aService } from './test-services.ts'

const stopped = (exitCode: number, finishedAt = 0): Service['state'] => ({
  kind: 'stopped',
  exitCode,
  outOfMemory: false,
  finishedAt,
})

test('a group counts its services by condition', () => {
  const services = [
    aService('a'),
    aService('b', { health: 'unhealthy' }),
    aService('c', { state: stopped(1) }),
    aService('d', { state: stopped(0) }),
    aService('e', { requested: 'start', state: stopped(1) }),
  ]
  expect(countConditions(services)).toEqual({ ok: 1, warn: 1, fail: 1, stopped: 1, busy: 1, unknown: 0 })
})

test('a pinned service leaves its project for the top', () => {
  const service = aService('a', { project: 'shop' })
  expect([
    groupOf(service, new Set()),
    groupOf(service, new Set([service.id])),
    groupOf(aService('b'), new Set()),
  ]).toEqual(['shop', pinnedGroup, null])
})

test('lists sort by concern, by how long a service runs and by what it uses', () => {
  const services = [
    aService('web-10', { state: { kind: 'running', startedAt: 5 } }),
    aService('web-2', { state: { kind: 'running', startedAt: 9 } }),
    aService('ill', { health: 'unhealthy', state: { kind: 'running', startedAt: 7 } }),
    aService('down', { state: stopped(1) }),
    aService('made', { state: { kind: 'created' } }),
  ]
  const uses = new Map([
    [services[0]!.id, { time: 0, cpuPercent: 1, memoryBytes: 1 }],
    [services[1]!.id, { time: 0, cpuPercent: 30, memoryBytes: 1 }],
  ])
  const names = (compare: (a: Service, b: Service) => number) => services.toSorted(compare).map(({ name }) => name)
  expect({
    concern: names(compareConcern),
    uptime: names(compareUptime),
    cpu: names(
      compareReading(
        (id) => uses.get(id),
        (sample) => sample.cpuPercent,
      ),
    ),
  }).toEqual({
    concern: ['down', 'ill', 'web-2', 'web-10', 'made'],
    uptime: ['down', 'web-10', 'ill', 'web-2', 'made'],
    cpu: ['web-2', 'web-10', 'down', 'ill', 'made'],
  })
})

test('ports are links where a browser can open them, each once', () => {
  const port = (containerPort: number, hostPort: number | null, hostIp: string | null = '0.0.0.0', protocol = 'tcp') =>
    ({ containerPort, hostPort, hostIp, protocol }) as Port
  const links = portLinks([
    port(9901, null, null),
    port(80, 8080),
    port(80, 8080, '::'),
    port(80, null, null),
    port(443, 8443, '127.0.0.1'),
    port(5432, 15432),
    port(53, 5353, '0.0.0.0', 'udp'),
    port(3000, 3000, '192.168.1.5'),
    port(3001, 3001, 'fd00::5'),
  ])
  expect(links.map(({ label, url, full }) => `${label} ${url} (${full})`)).toEqual([
    ':8080 http://localhost:8080 (0.0.0.0:8080 → 80/tcp)',
    ':8443 https://localhost:8443 (127.0.0.1:8443 → 443/tcp)',
    ':15432 null (0.0.0.0:15432 → 5432/tcp)',
    ':5353/udp null (0.0.0.0:5353 → 53/udp)',
    ':3000 http://192.168.1.5:3000 (192.168.1.5:3000 → 3000/tcp)',
    ':3001 http://[fd00::5]:3001 ([fd00::5]:3001 → 3001/tcp)',
    '9901 null (9901/tcp)',
  ])
})

test('ports of a remote engine are found on its host', () => {
  const endpoints = [
    'unix:///var/run/docker.sock',
    'npipe:////./pipe/docker',
    'tcp://10.0.0.7:2376',
    'ssh://me@box',
    'tcp://[',
  ]
  expect(endpoints.map(engineHost)).toEqual(['localhost', 'localhost', '10.0.0.7', 'box', 'localhost'])
})

test('a bulk action leaves out what it does not apply to', () => {
  const services = [
    aService('up'),
    aService('paused', { state: { kind: 'paused', startedAt: 0 } }),
    aService('down', { state: stopped(0) }),
    aService('busy', { requested: 'stop' }),
    aService('dead', { state: { kind: 'dead' } }),
  ]
  const kinds: ServiceActionKind[] = ['start', 'stop', 'restart', 'pause', 'unpause', 'kill', 'remove', 'rename']
  const nameOf = new Map(services.map(({ id, name }) => [id, name]))
  expect(
    Object.fromEntries(
      kinds.map((kind) => [
        kind,
        applicable(kind, services)
          .map((id) => nameOf.get(id))
          .join(),
      ]),
    ),
  ).toEqual({
    start: 'down',
    stop: 'up,paused',
    restart: 'up,down',
    pause: 'up',
    unpause: 'paused',
    kill: 'up,paused',
    remove: 'up,paused,down,dead',
    rename: 'up,paused,down',
  })
})

const preview = (name: string, given: Partial<RemovalPreview> = {}): RemovalPreview => ({
  id: name,
  name,
  running: false,
  writableBytes: 100,
  anonymousVolumes: [],
  kept: [],
  ...given,
})
const volume = { name: 'f00', target: '/data' }

test('what a removal loses is summed, and unknown stays unknown', () => {
  expect(
    sumLosses([
      preview('db', { running: true, anonymousVolumes: [volume], kept: ['pgdata'] }),
      preview('web', { kept: ['pgdata', '/srv'] }),
    ]),
  ).toEqual({
    names: ['db', 'web'],
    running: ['db'],
    writableBytes: 200,
    volumes: [{ service: 'db', name: 'f00', target: '/data' }],
    kept: ['pgdata', '/srv'],
  })
  expect(sumLosses([preview('a'), preview('b', { writableBytes: null })]).writableBytes).toBeNull()
})

test('typing is asked for volumes and for many, not for a plain removal', () => {
  const withVolume = sumLosses([preview('db', { anonymousVolumes: [volume] })])
  const two = sumLosses([preview('db', { anonymousVolumes: [volume] }), preview('web')])
  const many = sumLosses(Array.from({ length: 11 }, (_, i) => preview(`web-${i}`)))
  expect([
    textToType(withVolume, false),
    textToType(withVolume, true),
    textToType(two, true),
    textToType(many, false),
  ]).toEqual([null, 'db', '2', '11'])
})
