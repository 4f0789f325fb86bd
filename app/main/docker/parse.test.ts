import { expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { parseEvent } from './docker-events.ts'
import { negotiate } from './handshake.ts'
import { readLines } from './lines.ts'
import { parseInspect } from './parse-inspect.ts'
import { parseImages, parseList } from './parse-list.ts'

const json = (data: unknown) => Buffer.from(JSON.stringify(data))
const id = 'ab'.repeat(32)
const row = (more: object) => ({ Id: id, Names: ['/db'], Image: 'db:1', Created: 1000, State: 'running', ...more })

test('a row of the list, with what only its status text tells', () => {
  const parsed = parseList(
    json([
      row({
        Status: 'Up 3 hours (unhealthy)',
        Names: ['/web/store', '/db'],
        Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'store' },
        Ports: [
          { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
          { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
          { PrivatePort: 53, Type: 'udp' },
        ],
        NetworkSettings: { Networks: { shop: {}, bridge: null } },
        SomethingNew: { of: 'a later engine' },
      }),
    ]),
  )
  expect(parsed).toEqual([
    {
      id,
      name: 'db',
      image: 'db:1',
      project: 'shop',
      projectService: 'store',
      state: { kind: 'running', startedAt: null },
      health: 'unhealthy',
      failingStreak: 0,
      restartCount: null,
      ports: [
        { containerPort: 53, protocol: 'udp', hostPort: null, hostIp: null },
        { containerPort: 80, protocol: 'tcp', hostPort: 8080, hostIp: '0.0.0.0' },
      ],
      networks: ['bridge', 'shop'],
      createdAt: 1_000_000,
    },
  ])
})

test('every state and health', () => {
  const seen = (State: string, Status: string) => {
    const [container] = parseList(json([row({ State, Status, Names: null, Labels: null, Ports: null })]))
    return [container?.state, container?.health]
  }
  const stopped = (exitCode: number | null) => ({ kind: 'stopped', exitCode, outOfMemory: false, finishedAt: null })
  expect([
    seen('created', 'Created'),
    seen('running', 'Up 1 second (health: starting)'),
    seen('running', 'Up 2 days (healthy)'),
    seen('paused', 'Up 5 minutes (Paused)'),
    seen('restarting', 'Restarting (1) 5 seconds ago'),
    seen('exited', 'Exited (137) 2 minutes ago'),
    seen('exited', 'Exited (-1) 2 minutes ago'),
    seen('removing', 'Removal In Progress'),
    seen('dead', 'Dead'),
    seen('configured', ''),
  ]).toEqual([
    [{ kind: 'created' }, 'none'],
    [{ kind: 'running', startedAt: null }, 'starting'],
    [{ kind: 'running', startedAt: null }, 'healthy'],
    [{ kind: 'paused', startedAt: null }, 'none'],
    [{ kind: 'restarting', exitCode: 1 }, 'none'],
    [stopped(137), 'none'],
    [stopped(-1), 'none'],
    [{ kind: 'removing' }, 'none'],
    [{ kind: 'dead' }, 'none'],
    [stopped(null), 'none'],
  ])
})

test('an answer of another shape is refused with the place where it differs', () => {
  const said = (body: Buffer) => {
    try {
      return parseList(body)
    } catch (error) {
      return error instanceof AppError ? error.details['reason'] : error
    }
  }
  expect(said(Buffer.from('<html>'))).toBe('its answer is not JSON')
  expect(said(json([row({ Created: 'now' })]))).toMatch(/^its answer was not understood \(0\.Created: /)
  expect(parseImages(json([{ Id: 'sha256:1', RepoTags: ['<none>:<none>'], Size: 5, Created: 2 }]))).toEqual([
    { id: 'sha256:1', tags: [], sizeBytes: 5, createdAt: 2000 },
  ])
})

/** A stopped container with everything that an engine may leave out left out, and all that is special in it. */
const inspected = (more: object = {}) => ({
  Id: id,
  Name: '/db',
  Created: '2026-01-01T00:00:00.123456789Z',
  Image: 'sha256:1',
  State: {
    ...{ Status: 'exited', OOMKilled: true, Pid: 0, ExitCode: 137, Error: 'no' },
    ...{ StartedAt: '2026-01-01T00:00:01Z', FinishedAt: '2026-01-01T00:00:02Z' },
    Health: { Status: 'unhealthy', FailingStreak: 3, Log: null },
  },
  Config: { Image: 'db:1', Cmd: null, Entrypoint: 'run', Env: ['A=b=c', 'EMPTY=', 'BARE'], Labels: { b: '2', a: '1' } },
  HostConfig: { CpuQuota: 50_000, CpuPeriod: 25_000, RestartPolicy: { Name: '' }, Tmpfs: { '/tmp': 'ro,size=1m' } },
  Mounts: [
    { Type: 'volume', Name: 'f0'.repeat(32), Source: '/var/lib/x', Destination: '/data', RW: true },
    { Type: 'volume', Name: 'named', Source: '/var/lib/y', Destination: '/more', RW: false },
    { Type: 'bind', Source: '/etc', Destination: '/host', RW: true },
    { Type: 'npipe', Source: 'p', Destination: '/pipe' },
  ],
  NetworkSettings: {
    Ports: { '80/tcp': [{ HostIp: '', HostPort: '81' }], '9/sctp': null },
    Networks: { net: { IPAddress: '10.0.0.2', Aliases: ['store', id.slice(0, 12)] }, none: null },
  },
  ...more,
})

test('all of an inspected container', () => {
  const { container, details, raw } = parseInspect(json(inspected()))
  const ports = [
    { containerPort: 9, protocol: 'sctp', hostPort: null, hostIp: null },
    { containerPort: 80, protocol: 'tcp', hostPort: 81, hostIp: null },
  ]
  expect(raw).toEqual(inspected())
  expect(container).toMatchObject({
    name: 'db',
    state: { kind: 'stopped', exitCode: 137, outOfMemory: true, finishedAt: Date.UTC(2026, 0, 1, 0, 0, 2) },
    health: 'none',
    failingStreak: 0,
    restartCount: 0,
    networks: ['net', 'none'],
    ports,
  })
  expect(details).toEqual({
    id,
    name: 'db',
    image: 'db:1',
    imageId: 'sha256:1',
    command: [],
    entrypoint: ['run'],
    workingDirectory: '',
    user: '',
    hostname: '',
    tty: false,
    privileged: false,
    autoRemove: false,
    createdAt: Date.UTC(2026, 0, 1, 0, 0, 0, 123),
    startedAt: Date.UTC(2026, 0, 1, 0, 0, 1),
    finishedAt: Date.UTC(2026, 0, 1, 0, 0, 2),
    pid: null,
    exitCode: 137,
    outOfMemory: true,
    error: 'no',
    restartCount: 0,
    restartPolicy: { name: 'no', maximumRetryCount: 0 },
    memoryLimit: null,
    cpuLimit: 2,
    logDriver: '',
    health: {
      ...{ status: 'unhealthy', failingStreak: 3, test: [], intervalSeconds: 30, timeoutSeconds: 30, retries: 3 },
      checks: [],
    },
    environment: [
      { name: 'A', value: 'b=c' },
      { name: 'EMPTY', value: '' },
      { name: 'BARE', value: '' },
    ],
    labels: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ],
    mounts: [
      { kind: 'volume', source: 'f0'.repeat(32), target: '/data', readOnly: false, anonymous: true },
      { kind: 'bind', source: '/etc', target: '/host', readOnly: false, anonymous: false },
      { kind: 'volume', source: 'named', target: '/more', readOnly: true, anonymous: false },
      { kind: 'other', source: 'p', target: '/pipe', readOnly: false, anonymous: false },
      { kind: 'tmpfs', source: '', target: '/tmp', readOnly: true, anonymous: false },
    ],
    networks: [
      { name: 'net', ipAddress: '10.0.0.2', aliases: ['store'] },
      { name: 'none', ipAddress: '', aliases: [] },
    ],
    ports,
  })
})

test('the last checks, newest first, and times that never were', () => {
  const check = (second: number) => ({
    Start: `2026-01-01T00:00:0${second}Z`,
    End: `2026-01-01T00:00:0${second}.5Z`,
    ExitCode: second % 2,
    Output: 'x'.repeat(20_000),
  })
  const { container, details } = parseInspect(
    json(
      inspected({
        State: {
          ...{ Status: 'running', Pid: 7, ExitCode: 0, StartedAt: '2026-01-01T00:00:00Z' },
          FinishedAt: '0001-01-01T00:00:00Z',
          Health: { Status: 'healthy', FailingStreak: 0, Log: [1, 2, 3, 4, 5, 6].map(check) },
        },
      }),
    ),
  )
  expect(container).toMatchObject({ state: { kind: 'running', startedAt: Date.UTC(2026, 0, 1) }, health: 'healthy' })
  expect([details.finishedAt, details.exitCode, details.pid]).toEqual([null, null, 7])
  expect(
    details.health?.checks.map(({ endedAt, exitCode, output }) => [endedAt % 60_000, exitCode, output.length]),
  ).toEqual([6, 5, 4, 3, 2].map((second) => [second * 1000 + 500, second % 2, 16_384]))
})

test('an event without its argument; what is none of ours is nothing', () => {
  const event = (more: object) =>
    parseEvent(JSON.stringify({ Type: 'container', Action: 'die', Actor: { ID: 'c' }, timeNano: 1, ...more }))
  expect([
    event({ Action: 'exec_create: sh -c "a: b"\nmore' })?.action,
    event({ Type: 'network', Actor: { ID: 'n', Attributes: { container: 'c' } } })?.containerId,
    event({ Actor: { ID: 'c', Attributes: { container: 'x' } } })?.containerId,
    event({ Type: 'plugin' }),
    event({ Actor: null }),
    event({ Action: 'x'.repeat(5000) }),
    parseEvent('{'),
    parseEvent('null'),
  ]).toEqual(['exec_create', 'c', null, null, null, null, null, null])
})

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}

test('lines are whole, whatever the pieces, and a long one is not kept', async () => {
  async function* pieces(...texts: (string | Uint8Array)[]) {
    for (const text of texts) yield Buffer.from(text as string)
  }
  const [first, second] = [Buffer.from('é\n').subarray(0, 1), Buffer.from('é\n').subarray(1)]
  expect(await collect(readLines(pieces('a', 'b\nc\n\n', first, second, 'rest'), 10))).toEqual([
    ...['ab', 'c', '', 'é', 'rest'],
  ])
  expect(await collect(readLines(pieces('x'.repeat(8), 'x'.repeat(8), 'x\nok\n'), 10))).toEqual([null, 'ok'])
})

test('the newest version that both know, never below what the engine still speaks', () => {
  expect([
    negotiate('1.41', '1.12'),
    negotiate('1.99', '1.24'),
    negotiate('1.99', '1.60'),
    negotiate('1.44', null),
  ]).toEqual([...['1.41', '1.51', '1.60', '1.44']])
})
