import type { Finding } from '../../app/shared/contracts/plugin-findings.ts'
import type { ImportedPlugin, ImportResult, Plugin, Provenance } from '../../app/shared/contracts/plugins.ts'
import { before } from './scripted-platform.ts'

// A console with plugins of every kind and in every state, and what imports find.

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const quiet = { calls: 0, errors: 0, p95Ms: null, lastAt: null }
export const plugin = (id: string, more: Partial<Plugin> = {}): Plugin => ({
  id,
  name: id,
  nameForModel: id,
  kind: 'coze',
  description: '',
  author: '',
  provider: '',
  state: 'active',
  versionId: 1,
  version: 'v1.0.0',
  waitingVersionId: null,
  toolCount: 4,
  callableCount: 4,
  modelCount: 0,
  errorCount: 0,
  warningCount: 0,
  signature: 'none',
  missingConfiguration: [],
  recording: false,
  figures: quiet,
  updatedAt: before(day),
  restorableUntil: null,
  requested: null,
  ...more,
})
const busy = (calls: number, errors: number, p95Ms: number, ago: number) => ({
  figures: { calls, errors, p95Ms, lastAt: before(ago) },
})

/** Ten installed plugins and one that can be restored. */
export const samplePlugins = (): Plugin[] => [
  plugin('weather', {
    name: 'Weather',
    nameForModel: 'weather_cn',
    kind: 'openapi',
    description: 'Forecasts and air quality for places in China.',
    author: 'ops',
    provider: 'open-meteo',
    version: '1.4.0',
    versionId: 12,
    waitingVersionId: 13,
    toolCount: 6,
    callableCount: 6,
    warningCount: 3,
    recording: true,
    ...busy(412, 9, 380, 20_000),
  }),
  plugin('gaode_map', {
    name: '高德地图',
    toolCount: 12,
    callableCount: 12,
    missingConfiguration: ['key'],
    ...busy(3, 3, 95, 14 * minute),
  }),
  plugin('lark_base', {
    name: '飞书多维表格',
    toolCount: 22,
    callableCount: 21,
    errorCount: 1,
    warningCount: 7,
    ...busy(88, 0, 640, 3 * minute),
  }),
  plugin('wolfram_alpha', { name: 'Wolfram Alpha', toolCount: 1, callableCount: 1, ...busy(19, 0, 2100, hour) }),
  plugin('github', {
    name: 'GitHub v3 REST API',
    kind: 'openapi',
    version: '1.1.4',
    toolCount: 1054,
    callableCount: 1049,
    errorCount: 5,
    warningCount: 208,
    ...busy(1204, 2, 310, 4000),
  }),
  plugin('siliconflow', {
    name: 'SiliconFlow',
    kind: 'dify',
    version: '0.0.42',
    toolCount: 0,
    callableCount: 0,
    modelCount: 64,
  }),
  plugin('embeddings', {
    name: 'Local embeddings',
    kind: 'xpkg',
    version: '2.1.0',
    toolCount: 0,
    callableCount: 0,
    modelCount: 3,
    signature: 'valid',
    state: 'disabled',
  }),
  plugin('httpbin', {
    name: 'httpbin',
    kind: 'postman',
    version: '1',
    toolCount: 18,
    callableCount: 18,
    state: 'waiting',
  }),
  plugin('ip_lookup', { name: 'ip-lookup', kind: 'curl', version: '1', toolCount: 1, callableCount: 1 }),
  plugin('old_crm', {
    name: 'Old CRM',
    kind: 'openapi',
    version: '0.9.0',
    state: 'error',
    toolCount: 31,
    callableCount: 0,
    errorCount: 31,
    warningCount: 2,
  }),
  plugin('sohu_hot_news', { name: '搜狐热闻', restorableUntil: before(-26 * day), state: 'disabled' }),
]

/** As many plugins as a very large platform has; none of them alike. */
export const manyPlugins = (count: number): Plugin[] =>
  Array.from({ length: count }, (_, i) =>
    plugin(`plugin-${String(i).padStart(4, '0')}`, {
      name: `plugin-${String(i).padStart(4, '0')}`,
      kind: (['coze', 'openapi', 'xpkg', 'dify', 'postman', 'curl'] as const)[i % 6]!,
      toolCount: 20,
      callableCount: 20,
      state: i % 17 === 0 ? 'disabled' : 'active',
      ...busy(i % 500, i % 7, 40 + (i % 300), i * 1000),
    }),
  )

export const hash = (digit: string): string => `${digit}e4b71c90`.repeat(8)
export const provenance = (more: Partial<Provenance> = {}): Provenance => ({
  source: 'drop',
  name: 'weather.yaml',
  sha256: hash('a'),
  sizeBytes: 48_213,
  fileCount: 1,
  by: 'browser',
  at: before(hour),
  signature: 'none',
  foreign: false,
  ...more,
})
export const finding = (more: Partial<Finding>): Finding => ({
  severity: 'warning',
  code: 'SUMMARY_MISSING',
  details: {},
  file: 'weather.yaml',
  line: 41,
  column: 7,
  path: '/paths/~1v1~1archive/get',
  fixable: true,
  ...more,
})
export const findings: Finding[] = [
  finding({
    severity: 'error',
    code: 'REFERENCE_MISSING',
    details: { ref: '#/components/schemas/Tide' },
    line: 58,
    column: 17,
    fixable: false,
  }),
  finding({}),
  finding({ code: 'PARAMETER_UNTYPED', details: { name: 'units', type: 'string' }, line: 47, column: 11 }),
  finding({ severity: 'info', code: 'OPENAPI_LOWERED', details: { version: '3.1.0' }, line: 1, column: 10 }),
]
export const imported = (more: Partial<ImportedPlugin> = {}): ImportedPlugin => ({
  id: 'weather',
  versionId: 13,
  name: 'Weather',
  version: '1.5.0',
  kind: 'openapi',
  description: '',
  author: 'ops',
  toolCount: 6,
  callableCount: 6,
  modelCount: 0,
  repairCount: 2,
  errorCount: 0,
  warningCount: 3,
  provenance: provenance({ at: before(2000) }),
  replaces: '1.4.0',
  unchanged: false,
  state: 'active',
  ...more,
})
export const imports = (more: Partial<ImportResult> = {}): ImportResult => ({
  taskId: 'task-1',
  kind: 'openapi',
  name: 'weather.yaml',
  plugins: [imported()],
  findings: findings.filter(({ severity }) => severity !== 'error'),
  ...more,
})
