import type { FakeSpec } from '../../app/main/docker/fake-containers.ts'

const hour = 3_600_000
const ago = (milliseconds: number): number => Date.now() - milliseconds
const port = (containerPort: number, hostPort: number | null, hostIp: string | null = '0.0.0.0') => ({
  containerPort,
  hostPort,
  hostIp: hostPort === null ? null : hostIp,
  protocol: 'tcp' as const,
})

/** The machine of somebody who runs an AI platform: two projects and two containers without one, one of each state. */
export const hub = (): Record<string, FakeSpec> => ({
  gateway: {
    project: 'ai-hub',
    projectService: 'gateway',
    image: 'envoy:1.29',
    state: { kind: 'running', startedAt: ago(73 * hour) },
    health: 'healthy',
    ports: [port(80, 8080), port(80, 8080, '::'), port(9901, 9901, '127.0.0.1')],
    networks: ['ai-hub_default'],
  },
  plugin: {
    project: 'ai-hub',
    projectService: 'plugin',
    image: 'registry.example/team/plugin:2',
    state: { kind: 'stopped', exitCode: 137, outOfMemory: true, finishedAt: ago(2 * 60_000) },
    networks: ['ai-hub_default'],
  },
  redis: {
    project: 'ai-hub',
    projectService: 'redis',
    image: 'redis:7',
    state: { kind: 'running', startedAt: ago(hour) },
    health: 'unhealthy',
    failingStreak: 3,
    ports: [port(6379, 6379)],
    networks: ['ai-hub_default'],
  },
  postgres: {
    project: 'ai-hub',
    projectService: 'postgres',
    image: 'postgres:16',
    state: { kind: 'running', startedAt: ago(5 * hour) },
    health: 'healthy',
    ports: [port(5432, 5432, '127.0.0.1')],
    networks: ['ai-hub_default'],
    details: {
      entrypoint: ['docker-entrypoint.sh'],
      command: ['postgres', '-c', 'max_connections=200'],
      restartPolicy: { name: 'unless-stopped', maximumRetryCount: 0 },
      memoryLimit: 512 * 1024 * 1024,
      cpuLimit: 1.5,
      environment: [
        { name: 'PGDATA', value: '/var/lib/postgresql/data' },
        { name: 'POSTGRES_PASSWORD', value: 'correct horse' },
        { name: 'POSTGRES_USER', value: 'hub' },
      ],
      labels: [
        { name: 'com.docker.compose.project', value: 'ai-hub' },
        { name: 'com.docker.compose.service', value: 'postgres' },
      ],
      mounts: [
        { kind: 'volume', source: 'f'.repeat(64), target: '/scratch', readOnly: false, anonymous: true },
        {
          kind: 'volume',
          source: 'ai-hub_pgdata',
          target: '/var/lib/postgresql/data',
          readOnly: false,
          anonymous: false,
        },
        {
          kind: 'bind',
          source: '/srv/hub/init.sql',
          target: '/docker-entrypoint-initdb.d/init.sql',
          readOnly: true,
          anonymous: false,
        },
      ],
      health: {
        status: 'healthy',
        failingStreak: 0,
        test: ['CMD-SHELL', 'pg_isready -U hub'],
        intervalSeconds: 30,
        timeoutSeconds: 5,
        retries: 3,
        checks: [
          {
            startedAt: ago(10_000),
            endedAt: ago(9920),
            exitCode: 0,
            output: '/var/run/postgresql:5432 - accepting connections\n',
          },
          {
            startedAt: ago(40_000),
            endedAt: ago(35_000),
            exitCode: 2,
            output: '/var/run/postgresql:5432 - no response\n',
          },
          { startedAt: ago(70_000), endedAt: ago(69_900), exitCode: 0, output: '' },
        ],
      },
    },
  },
  grafana: {
    project: 'monitoring',
    projectService: 'grafana',
    image: 'grafana/grafana:11.2',
    state: { kind: 'running', startedAt: ago(30_000) },
    ports: [port(3000, 3000)],
    networks: ['monitoring_default'],
  },
  worker: {
    project: 'monitoring',
    projectService: 'worker',
    image: 'registry.example/team/a-rather-long-name-of-an-image:2026-01-15-build-1842',
    state: { kind: 'restarting', exitCode: 1 },
    networks: ['monitoring_default'],
  },
  migrate: {
    image: 'busybox:1',
    state: { kind: 'stopped', exitCode: 0, outOfMemory: false, finishedAt: ago(26 * hour) },
  },
  'load-generator': { image: 'busybox:1', state: { kind: 'paused', startedAt: ago(3 * hour) } },
})
