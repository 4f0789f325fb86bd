import type { EngineImage } from '../../app/main/docker/engine.ts'
import type { AppLogLine } from '../../app/shared/contracts/app-log.ts'
import type { Entry } from '../../app/shared/contracts/audit.ts'
import type { Notice } from '../../app/shared/contracts/notices.ts'
import type { LogLine } from '../../app/shared/contracts/services.ts'
import type { StoreState } from '../../app/shared/contracts/store.ts'
import type { Task } from '../../app/shared/contracts/tasks.ts'
import { before, imageIdOf } from './scripted-platform.ts'

// What the console of that platform has done and noticed: told in place of main, whose own times are those of the test.

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const image = (name: string, tags: string[], megabytes: number, ago: number): EngineImage => ({
  id: imageIdOf(tags[0] ?? name),
  tags,
  sizeBytes: megabytes * 1e6,
  createdAt: before(ago),
})
export const platformImages: EngineImage[] = [
  image('1', ['envoyproxy/envoy:v1.29.2'], 172, 30 * day),
  image(
    '2',
    ['harbor.lab.example/ai-hub/plugin-server:2.4.1', 'harbor.lab.example/ai-hub/plugin-server:stable'],
    412,
    13 * day,
  ),
  image('3', ['harbor.lab.example/ai-hub/plugin-server:2.4.0'], 409, 41 * day),
  image('4', ['redis:7.2-alpine'], 41, 22 * day),
  image('5', ['postgres:16.2'], 432, 25 * day),
  image('6', ['minio/minio:RELEASE.2024-03-15T01-07-19Z'], 161, 3 * day),
  image('7', ['mysql:8.0.36'], 577, 60 * day),
  image('8', ['nacos/nacos-server:v2.3.1'], 1240, 18 * day),
  image('9', ['prom/prometheus:v2.50.1'], 255, 20 * day),
  image('a', ['grafana/grafana:10.4.0'], 428, 14 * day),
  image('b', [], 411, 14 * day),
  image('c', [], 38.4, 44 * day),
  image('d', ['golang:1.22'], 823, 35 * day),
]

const entry = (sequence: number, ago: number, action: string, target: string, more: Partial<Entry> = {}): Entry => ({
  sequence,
  time: before(ago),
  actor: 'browser',
  action,
  target,
  targetId: '',
  before: null,
  after: null,
  outcome: 'done',
  ends: null,
  code: null,
  hash: `${sequence}e4b7`.repeat(8),
  ...more,
})
/** Newest first. */
export const auditEntries = (id: string): Entry[] => [
  entry(48, 3 * minute, 'service.restart', 'service key-manager', { outcome: 'failed', code: 'DOCKER_REFUSED' }),
  entry(46, 26 * minute, 'environment.reveal', 'service postgres', {
    targetId: id,
    after: '{"variables":["POSTGRES_PASSWORD"]}',
  }),
  entry(45, 2 * hour, 'service.setRestartPolicy', 'service postgres', {
    targetId: id,
    before: '{"name":"no","maximumRetryCount":0}',
    after: '{"name":"unless-stopped","maximumRetryCount":0}',
  }),
  entry(43, 5 * hour, 'service.restart', 'service postgres', { targetId: id, actor: 'cli' }),
  entry(42, 7 * hour, 'terminal.open', 'service postgres', { targetId: id }),
  entry(41, 26 * hour, 'settings.set', 'theme', { before: '"light"', after: '"system"' }),
]

const task = (id: string, title: Task['title'], ago: number, more: Partial<Task>): Task => ({
  id,
  title,
  state: 'done',
  startedAt: before(ago),
  endedAt: before(ago - 4000),
  done: 1,
  total: 1,
  unit: 'items',
  cancellable: true,
  items: [],
  failure: null,
  undo: [],
  ...more,
})
const refused = {
  code: 'DOCKER_REFUSED',
  details: { status: 500, reason: 'driver failed programming external connectivity: port is already allocated' },
}
export const platformTasks: Task[] = [
  task('t1', { kind: 'serviceAction', action: 'restart', count: 7, first: 'api-gateway' }, 8000, {
    state: 'running',
    endedAt: null,
    done: 3,
    total: 7,
  }),
  task('t2', { kind: 'serviceAction', action: 'start', count: 2, first: 'plugin' }, 4 * minute, {
    state: 'failed',
    done: 2,
    total: 2,
    items: [
      { id: 'a', label: 'migrate', state: 'done', failure: null },
      { id: 'b', label: 'plugin', state: 'failed', failure: refused },
    ],
    undo: [{ id: 'a', action: { kind: 'stop', graceSeconds: 10 } }],
  }),
  task('t3', { kind: 'removeImages', count: 3, first: 'golang:1.21' }, 9 * hour, { state: 'interrupted' }),
  task('t4', { kind: 'backup' }, 7 * hour, {}),
]

export const platformNotices: Notice[] = [
  {
    id: 'n1',
    severity: 'fail',
    code: 'BACKUP_FAILED',
    details: { reason: 'no space left on device' },
    at: before(hour),
  },
  {
    id: 'n2',
    severity: 'warn',
    code: 'ACTION_INTERRUPTED',
    details: { action: 'recreate', target: 'router' },
    at: before(9 * hour),
  },
  { id: 'n3', severity: 'info', code: 'DOCKER_IS_ROOT', details: {}, at: before(5 * day) },
]

const backups = [0, 1, 2].map((days) => ({
  name: `pilothouse-2026031${8 - days}T021500000Z.db`,
  at: before(7 * hour + days * day + 9.5 * minute),
  sizeBytes: 1_310_720 - days * 65_536,
}))
const file = '/home/ops/.local/share/pilothouse/pilothouse.db'
export const readyStore: StoreState = {
  kind: 'ready',
  file,
  sizeBytes: 1_351_680,
  schemaVersion: 1,
  checkedAt: before(5 * day),
  backups,
}
export const damagedStore: StoreState = {
  kind: 'damaged',
  file,
  reason: 'database disk image is malformed (page 117 of index entries_by_time)',
  backups,
}

export const hostInfo = {
  host: 'browser',
  version: '0.1.0',
  platform: 'Debian GNU/Linux 12 (x64)',
  runtime: 'Node 24.21.0',
  pid: 4120,
  dataFolder: '/home/ops/.local/share/pilothouse',
  capabilities: {
    tray: false,
    startAtLogin: false,
    nativeNotifications: false,
    saveDialog: false,
    secretStorage: 'key-file',
  },
} as const

export const appLogLines: AppLogLine[] = [
  logged(5 * day, 'info', 'console', 'started', { version: '0.1.0' }),
  logged(5 * day - 400, 'info', 'docker', 'connected', { endpoint: 'unix:///var/run/docker.sock', version: '25.0.3' }),
  logged(7 * hour, 'info', 'store', 'backed up', { bytes: 1_310_720 }),
  logged(hour, 'error', 'store', 'backup failed', { code: 'ENOSPC' }),
  logged(3 * minute, 'warn', 'services', 'action failed', { action: 'restart', name: 'key-manager' }),
]
function logged(ago: number, level: AppLogLine['level'], feature: string, message: string, fields: object): AppLogLine {
  return { time: before(ago), level, feature, message, fields: JSON.stringify(fields) }
}

const said = [
  ['stdout', 'LOG:  checkpoint starting: time'],
  ['stdout', 'LOG:  checkpoint complete: wrote 214 buffers (1.3%); 0 WAL file(s) added, 0 removed, 1 recycled'],
  ['stderr', 'ERROR:  duplicate key value violates unique constraint "plugin_name_version_key"'],
  ['stderr', 'DETAIL:  Key (name, version)=(weather, 1.4.0) already exists.'],
  ['stderr', 'STATEMENT:  INSERT INTO plugin (name, version, digest) VALUES ($1, $2, $3)'],
  ['stdout', 'LOG:  connection received: host=172.20.0.6 port=51832'],
  ['stdout', 'LOG:  connection authorized: user=hub database=hub application_name=plugin-server'],
  ['stderr', 'WARNING:  there is already a transaction in progress'],
  ['stdout', '\u001b[32mLOG:\u001b[0m  automatic vacuum of table "hub.public.call_log": index scans: 1'],
  ['stderr', 'FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute'],
] as const
export const postgresLog: LogLine[] = Array.from({ length: 120 }, (_, i) => {
  const [stream, words] = said[i % said.length]!
  const time = new Date(before((120 - i) * 2310)).toISOString()
  return {
    time: time.replace('Z', '000000Z'),
    stream,
    text: `${time.slice(0, 19).replace('T', ' ')} CST [${61 + (i % 7)}] ${words}`,
    cutFrom: null,
  }
})
export const psqlScreen =
  'root@postgres:/# psql -U hub\r\npsql (16.2 (Debian 16.2-1.pgdg120+2))\r\nType "help" for help.\r\n\r\nhub=# select name, version from plugin;\r\n  name   | version \r\n---------+---------\r\n weather | 1.4.0\r\n mermaid | 0.9.2\r\n(2 rows)\r\n\r\nhub=# '
