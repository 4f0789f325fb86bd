import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quote } from '../../../shared/shell-quote.ts'
import type { Inspected } from '../../docker/engine.ts'
import { fakeContainer, fakeInspected } from '../../docker/fake-containers.ts'
import { runCommand } from './run-command.ts'

const id = `abcdef012345${'0'.repeat(52)}`
const inspected = (raw: unknown, anonymous: string[] = []): Inspected => ({
  ...fakeInspected(
    fakeContainer(id, 'db', {
      image: 'pg:16',
      details: {
        mounts: anonymous.map((target) => ({ kind: 'volume', source: 'x', target, readOnly: false, anonymous: true })),
      },
    }),
  ),
  raw,
})

test('a container without anything special is a short line', () => {
  const raw = {
    Config: { Image: 'pg:16', Hostname: 'abcdef012345' },
    HostConfig: { NetworkMode: 'default', RestartPolicy: { Name: 'no' }, ShmSize: 67108864 },
    NetworkSettings: { Networks: { bridge: {} } },
  }
  expect([runCommand(inspected(raw), false), runCommand(inspected(null), false)]).toEqual([
    'docker run -d --name db pg:16',
    'docker run -d --name db pg:16',
  ])
})

const full = {
  Config: {
    Image: 'pg:16',
    Hostname: 'primary',
    Tty: true,
    OpenStdin: true,
    User: '70',
    WorkingDir: '/srv',
    Env: ['POSTGRES_PASSWORD=hunter2', "GREETING=it's me", 'EMPTY='],
    Labels: { 'com.docker.compose.project': 'shop', team: 'a b', 'auth.token': 'hunter2' },
    Entrypoint: ['/entry', '--verbose'],
    Cmd: ['postgres', '--password', 'hunter2'],
    StopSignal: 'SIGINT',
    Healthcheck: { Test: ['CMD', 'pg_isready', '-U', "o'neil"], Interval: 5e9, Timeout: 1.5e9, Retries: 4 },
  },
  HostConfig: {
    NetworkMode: 'shop_default',
    Init: true,
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
    PortBindings: {
      '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: '15432' }],
      '53/udp': [{ HostIp: '', HostPort: '53' }],
      '80/tcp': [{ HostIp: '::1', HostPort: '' }],
    },
    Binds: ['data:/var/lib/data:rw', '/etc/my conf:/conf:ro'],
    Mounts: [{ Type: 'bind', Source: '/srv/in', Target: '/in', ReadOnly: true }],
    Tmpfs: { '/run': 'size=1m' },
    Memory: 536870912,
    NanoCpus: 1_500_000_000,
    Privileged: true,
    CapAdd: ['NET_ADMIN'],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
  },
  Mounts: [{ Type: 'volume', Name: 'cache', Destination: '/cache', RW: false }],
  NetworkSettings: {
    Networks: {
      back: { Aliases: ['pg', 'abcdef012345'], IPAMConfig: { IPv4Address: '10.0.0.9' } },
      shop_default: { Aliases: ['db', 'primary-db'] },
    },
  },
}
const masked = [
  'docker run -d --name db -t -i --init --restart on-failure:3',
  "-p 127.0.0.1:15432:5432 -p 53:53/udp -p '[::1]::80'",
  "-e 'POSTGRES_PASSWORD=***' -e 'GREETING=it'\\''s me' -e EMPTY=",
  "-v data:/var/lib/data:rw -v '/etc/my conf:/conf:ro' -v cache:/cache:ro -v /scratch",
  '--mount type=bind,source=/srv/in,target=/in,readonly --tmpfs /run:size=1m',
  '--network shop_default --network-alias primary-db --memory 536870912 --cpus 1.5 --user 70 --workdir /srv',
  "--hostname primary --label 'team=a b' --label 'auth.token=***' --privileged --cap-add NET_ADMIN",
  '--stop-signal SIGINT --log-opt max-size=10m',
  "--health-cmd 'pg_isready -U '\\''o'\\''\\'\\'''\\''neil'\\''' --health-interval 5000ms --health-timeout 1500ms --health-retries 4",
  "--entrypoint /entry pg:16 --verbose postgres --password '***'",
  '&& docker network connect --alias pg --ip 10.0.0.9 back db',
].join(' ')

test('everything that was asked for is in the line, secrets masked unless revealed', () => {
  const shown = runCommand(inspected(full, ['/scratch']), false)
  const revealed = runCommand(inspected(full, ['/scratch']), true)
  expect({ shown, secrets: revealed.match(/hunter2/g)?.length }).toEqual({ shown: masked, secrets: 3 })
})

test('a shell reads back exactly what was quoted', () => {
  const words = ['plain', '', "it's", 'a b', '$HOME `id` \\ "x"', 'line\nbreak', '*', '~', '中文']
  const line = `printf '%s\\0' ${words.map(quote).join(' ')}`
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(words)
})
