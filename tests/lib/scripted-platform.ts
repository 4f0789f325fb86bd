import { createHash } from 'node:crypto'
import type { FakeSpec } from '../../app/main/docker/fake-containers.ts'
import type { ServiceDetails } from '../../app/shared/contracts/services.ts'

/** The moment at which every picture is taken. */
export const pictureTime = Date.UTC(2026, 2, 18, 9, 24, 30)
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
export const before = (milliseconds: number): number => pictureTime - milliseconds

const up = (milliseconds: number) => ({ kind: 'running' as const, startedAt: before(milliseconds) })
const ended = (exitCode: number, milliseconds: number, outOfMemory = false) => ({
  kind: 'stopped' as const,
  exitCode,
  outOfMemory,
  finishedAt: before(milliseconds),
})
const port = (containerPort: number, hostPort: number | null = containerPort, hostIp = '0.0.0.0') => ({
  containerPort,
  hostPort,
  hostIp: hostPort === null ? null : hostIp,
  protocol: 'tcp' as const,
})
const inside = (containerPort: number) => port(containerPort, null)
const own = (containerPort: number, hostPort = containerPort) => port(containerPort, hostPort, '127.0.0.1')

type Named = readonly [name: string, spec: Exclude<FakeSpec, string>]
const inProject =
  (project: string) =>
  (name: string, spec: Named[1]): Named => [
    name,
    { project, projectService: name, networks: [`${project}_default`], createdAt: before(12 * day), ...spec },
  ]
const hub = inProject('ai-hub')
const models = inProject('model-platform')

/** What the drawer shows of postgres: a bit of everything. */
const postgres: Partial<ServiceDetails> = {
  entrypoint: ['docker-entrypoint.sh'],
  command: ['postgres', '-c', 'max_connections=200', '-c', "log_line_prefix=%t [%p] %u@%d '%a' "],
  hostname: 'postgres',
  pid: 21877,
  restartPolicy: { name: 'unless-stopped', maximumRetryCount: 0 },
  memoryLimit: 1024 ** 3,
  cpuLimit: 2,
  environment: [
    { name: 'PGDATA', value: '/var/lib/postgresql/data/pgdata' },
    { name: 'POSTGRES_DB', value: 'hub' },
    { name: 'POSTGRES_PASSWORD', value: 'correct horse battery staple' },
    { name: 'POSTGRES_USER', value: 'hub' },
    { name: 'TZ', value: 'Asia/Shanghai' },
  ],
  labels: [
    { name: 'com.docker.compose.project', value: 'ai-hub' },
    { name: 'com.docker.compose.project.working_dir', value: '/srv/ai-hub' },
    { name: 'com.docker.compose.service', value: 'postgres' },
  ],
  mounts: [
    { kind: 'volume', source: 'ai-hub_pgdata', target: '/var/lib/postgresql/data', readOnly: false, anonymous: false },
    { kind: 'volume', source: '9f2c4e7ab1d80356'.repeat(4), target: '/backup', readOnly: false, anonymous: true },
    {
      kind: 'bind',
      source: '/srv/ai-hub/postgres/init.sql',
      target: '/docker-entrypoint-initdb.d/init.sql',
      readOnly: true,
      anonymous: false,
    },
  ],
  networks: [{ name: 'ai-hub_default', ipAddress: '172.20.0.4', aliases: ['postgres', 'db'] }],
  health: {
    status: 'healthy',
    failingStreak: 0,
    test: ['CMD-SHELL', 'pg_isready -U hub -d hub'],
    intervalSeconds: 30,
    timeoutSeconds: 5,
    retries: 3,
    checks: [
      check(12_000, 80, 0, '/var/run/postgresql:5432 - accepting connections'),
      check(42_000, 75, 0, '/var/run/postgresql:5432 - accepting connections'),
      check(77_000, 5010, 1, '/var/run/postgresql:5432 - no response'),
      check(107_000, 82, 0, '/var/run/postgresql:5432 - accepting connections'),
    ],
  },
}
function check(ago: number, took: number, exitCode: number, output: string) {
  return { startedAt: before(ago), endedAt: before(ago) + took, exitCode, output: `${output}\n` }
}

/** The id that the platform's engine gives an image. */
export const imageIdOf = (image: string): string => `sha256:${createHash('sha256').update(image).digest('hex')}`

/** The machine of somebody who runs an AI hub and a model platform, on a morning when not all is well. */
export const platform = (): Record<string, FakeSpec> =>
  Object.fromEntries(
    containers().map(([name, spec]) => [
      name,
      { ...spec, details: { imageId: imageIdOf(spec.image ?? ''), ...spec.details } },
    ]),
  )

const containers = (): Named[] => [
  hub('gateway', {
    image: 'envoyproxy/envoy:v1.29.2',
    state: up(12 * day + 4 * hour),
    health: 'healthy',
    ports: [port(80), port(443), own(9901)],
  }),
  hub('plugin', {
    image: 'harbor.lab.example/ai-hub/plugin-server:2.4.1',
    state: ended(137, 2 * minute, true),
    restartCount: 4,
    details: {
      memoryLimit: 512 * 1024 * 1024,
      restartPolicy: { name: 'on-failure', maximumRetryCount: 5 },
      entrypoint: ['/bin/sh', '-c'],
      command: ["exec java -Xmx768m -jar /opt/plugin-server.jar --registry='redis://redis:6379' --port=8002"],
    },
  }),
  hub('redis', {
    image: 'redis:7.2-alpine',
    state: up(26 * hour),
    health: 'unhealthy',
    failingStreak: 3,
    ports: [own(6379)],
    details: {
      command: ['redis-server', '--save', '60', '1', '--loglevel', 'warning'],
      entrypoint: ['docker-entrypoint.sh'],
      health: {
        status: 'unhealthy',
        failingStreak: 3,
        test: ['CMD', 'redis-cli', 'ping'],
        intervalSeconds: 10,
        timeoutSeconds: 3,
        retries: 3,
        checks: [4000, 14_000, 24_000].map((ago) =>
          check(ago, 3000, 1, 'LOADING Redis is loading the dataset in memory'),
        ),
      },
    },
  }),
  hub('postgres', {
    image: 'postgres:16.2',
    state: up(12 * day + 4 * hour),
    health: 'healthy',
    ports: [own(5432)],
    details: postgres,
  }),
  hub('minio', {
    image: 'minio/minio:RELEASE.2024-03-15T01-07-19Z',
    state: up(12 * day + 3 * hour),
    health: 'healthy',
    ports: [own(9000), port(9001)],
  }),
  hub('migrate', { image: 'harbor.lab.example/ai-hub/migrate:2.4.1', state: ended(0, 12 * day + 3 * hour) }),
  models('api-gateway', {
    image: 'apache/apisix:3.8.0-debian',
    state: up(5 * day + 7 * hour),
    health: 'healthy',
    ports: [port(9080, 8000), port(9443, 8443)],
  }),
  models('config-center', {
    image: 'nacos/nacos-server:v2.3.1',
    state: up(35_000),
    health: 'starting',
    ports: [port(8848)],
  }),
  models('key-manager', {
    image: 'harbor.lab.example/model-platform/key-manager:1.9.0',
    state: { kind: 'restarting', exitCode: 1 },
    restartCount: 17,
    ports: [inside(8081)],
  }),
  models('router', {
    image: 'harbor.lab.example/model-platform/router:1.12.3',
    state: up(5 * day + 7 * hour),
    health: 'healthy',
    ports: [inside(8082)],
  }),
  models('mysql', { image: 'mysql:8.0.36', state: up(5 * day + 7 * hour), health: 'healthy', ports: [own(3306)] }),
  models('prometheus', { image: 'prom/prometheus:v2.50.1', state: up(5 * day + 6 * hour), ports: [own(9090)] }),
  models('grafana', { image: 'grafana/grafana:10.4.0', state: up(5 * day + 6 * hour), ports: [port(3000)] }),
  ['load-test', { image: 'grafana/k6:0.49.0', state: { kind: 'paused', startedAt: before(3 * hour) } }],
  ['pg-restore-try', { image: 'postgres:16.2', state: { kind: 'created' }, createdAt: before(20 * minute) }],
  ['old-embedder', { image: 'harbor.lab.example/lab/embedder:0.3', state: { kind: 'dead' } }],
]

const usage: Record<string, [cpuPercent: number, mebibytes: number]> = {
  gateway: [3.4, 61],
  redis: [0.8, 22],
  postgres: [6.2, 318],
  minio: [1.1, 204],
  'api-gateway': [4.7, 143],
  'config-center': [148, 742],
  router: [12.9, 388],
  mysql: [2.3, 511],
  prometheus: [1.9, 267],
  grafana: [0.4, 96],
}

/** The newest reading of each running one. */
export const readings = (idOf: (name: string) => string) =>
  Object.entries(usage).map(([name, [cpuPercent, mebibytes]]) => ({
    id: idOf(name),
    time: before(500),
    cpuPercent,
    memoryBytes: mebibytes * 1024 * 1024,
  }))

/** Seven minutes of readings with a pause in the middle, as of a busy database. */
export const history = Array.from({ length: 420 }, (_, i) => ({
  time: before((420 - i) * 1000),
  cpuPercent: 6 + 3 * Math.sin(i / 17) + (i % 60 < 6 ? 22 : 0),
  memoryBytes: (300 + 18 * Math.sin(i / 90)) * 1024 * 1024,
})).filter((_, i) => i < 180 || i > 215)
