import type { PluginCall, ToolSummary } from '../../app/shared/contracts/plugin-calls.ts'
import type { Repair } from '../../app/shared/contracts/plugin-findings.ts'
import type { ReplayReport, TestReport, VersionDiff } from '../../app/shared/contracts/plugin-trials.ts'
import type { PluginDetails, PluginVersion } from '../../app/shared/contracts/plugins.ts'
import { hash, provenance } from './plugin-samples.ts'
import { before } from './scripted-platform.ts'

// Everything that the drawer shows of one plugin of `plugin-samples.ts`.

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const version = (versionId: number, name: string, ago: number, more: Partial<PluginVersion> = {}): PluginVersion => ({
  versionId,
  version: name,
  provenance: provenance({ at: before(ago), sha256: hash(String(versionId % 10)) }),
  activatedAt: before(ago - minute),
  toolCount: 6,
  callableCount: 6,
  errorCount: 0,
  warningCount: 3,
  ...more,
})

export const tool = (operationId: string, method: string, path: string, summary: string): ToolSummary => ({
  id: operationId,
  operationId,
  summary,
  method,
  path,
  disabled: null,
})
const tools = [
  tool('getForecast', 'GET', '/v1/forecast', 'Forecast for a place'),
  tool('getHistory', 'GET', '/v1/archive', 'What the weather was'),
  tool('getAirQuality', 'GET', '/v1/air-quality', 'Air quality for a place'),
  tool('searchPlaces', 'GET', '/v1/search', 'Places by name'),
  tool('createAlert', 'POST', '/v1/alerts', 'Tell me when it changes'),
  tool('deleteAlert', 'DELETE', '/v1/alerts/{id}', 'Forget an alert'),
]

export const testReport: TestReport = {
  versionId: 12,
  startedAt: before(2 * hour),
  endedAt: before(2 * hour - 3200),
  reached: [
    {
      server: 'https://api.open-meteo.example',
      steps: [
        { step: 'dns', ok: true, ms: 3, detail: '203.0.113.7, 2001:db8::7' },
        { step: 'tcp', ok: true, ms: 21, detail: '203.0.113.7:443' },
        { step: 'tls', ok: true, ms: 44, detail: 'TLS 1.3, certificate of *.open-meteo.example until 2026-06-02' },
        { step: 'http', ok: true, ms: 61, detail: '200' },
        { step: 'health', ok: false, ms: 58, detail: '404: it has no /health' },
      ],
    },
  ],
  calls: [
    { operationId: 'getForecast', method: 'GET', outcome: 'ok', statusCode: 200, durationMs: 182, failure: null },
    { operationId: 'getHistory', method: 'GET', outcome: 'ok', statusCode: 200, durationMs: 264, failure: null },
    {
      operationId: 'getAirQuality',
      method: 'GET',
      outcome: 'failed',
      statusCode: 429,
      durationMs: 77,
      failure: { code: 'UPSTREAM_FAILED', details: { host: 'api.open-meteo.example', status: 429 } },
    },
    { operationId: 'searchPlaces', method: 'GET', outcome: 'ok', statusCode: 200, durationMs: 96, failure: null },
    { operationId: 'createAlert', method: 'POST', outcome: 'skipped', statusCode: null, durationMs: 0, failure: null },
  ],
  successRate: 0.75,
}

export const replayReport: ReplayReport = {
  fromVersionId: 12,
  toVersionId: 13,
  startedAt: before(10 * minute),
  endedAt: before(10 * minute - 900),
  calls: [
    ...Array.from({ length: 9 }, (_, i) => ({
      callId: i,
      operationId: 'getForecast',
      outcome: 'same' as const,
      statusBefore: 200,
      statusAfter: 200,
      differences: [],
      failure: null,
    })),
    {
      callId: 20,
      operationId: 'getHistory',
      outcome: 'different',
      statusBefore: 200,
      statusAfter: 200,
      differences: [
        { path: '/daily/0/precipitation', before: '4.2', after: '"4.2 mm"' },
        { path: '/daily/0/sunrise', before: '"06:12"', after: null },
      ],
      failure: null,
    },
    {
      callId: 21,
      operationId: 'searchPlaces',
      outcome: 'failed',
      statusBefore: 200,
      statusAfter: null,
      differences: [],
      failure: { code: 'ARGUMENT_MISSING', details: { names: 'language' } },
    },
  ],
}

export const details = (more: Partial<PluginDetails> = {}): PluginDetails => ({
  id: 'weather',
  license: 'Apache-2.0',
  server: 'https://api.open-meteo.example',
  signIn: { kind: 'none' },
  tools,
  models: [],
  configuration: [
    field('api_key', 'API key', 'secret', { chineseLabel: 'API 密钥', required: true, value: 'wx_1****9f3c' }),
    field('base_url', 'Server', 'url', { chineseLabel: '服务器', default: 'https://api.open-meteo.example' }),
    field('units', 'Units', 'select', {
      chineseLabel: '单位',
      value: 'metric',
      options: [
        { value: 'metric', label: 'Metric' },
        { value: 'imperial', label: 'Imperial' },
      ],
    }),
    field('contact', 'Contact address', 'text', { chineseLabel: '联系地址', maxLength: 120 }),
    field('cache', 'Keep answers for a minute', 'boolean', { chineseLabel: '缓存一分钟', value: 'true' }),
  ],
  versions: [
    version(13, '1.5.0', 12 * minute, { activatedAt: null, toolCount: 6, warningCount: 1 }),
    version(12, '1.4.0', 3 * day, {
      provenance: provenance({ at: before(3 * day), source: 'watched', by: 'console', sha256: hash('b') }),
    }),
    version(9, '1.3.2', 40 * day, { toolCount: 5, callableCount: 4, errorCount: 1 }),
  ],
  lastTest: null,
  lastReplay: null,
  recordedCalls: 11,
  watchedFolder: null,
  ...more,
})
const field = (
  name: string,
  label: string,
  kind: PluginDetails['configuration'][number]['kind'],
  more: Partial<PluginDetails['configuration'][number]>,
): PluginDetails['configuration'][number] => ({
  name,
  label,
  kind,
  required: false,
  default: null,
  options: [],
  maxLength: null,
  value: null,
  ...more,
})

export const diff: VersionDiff = {
  from: '1.4.0',
  to: '1.5.0',
  added: [tool('getMarine', 'GET', '/v1/marine', 'Waves and tides')],
  removed: [tool('deleteAlert', 'DELETE', '/v1/alerts/{id}', 'Forget an alert')],
  changed: [
    {
      operationId: 'getForecast',
      changes: [{ what: 'summary', kind: 'text', breaking: false, before: 'Forecast', after: 'Forecast for a place' }],
    },
    {
      operationId: 'searchPlaces',
      changes: [
        { what: 'parameter language', kind: 'required', breaking: true, before: null, after: 'string' },
        { what: 'answer /results/0/elevation', kind: 'type', breaking: true, before: 'number', after: 'string' },
      ],
    },
  ],
  breaking: true,
}

export const repairs: Repair[] = [
  {
    code: 'SUMMARY_MISSING',
    file: 'weather.yaml',
    line: 41,
    path: '/paths/~1v1~1archive/get/summary',
    before: null,
    after: '"What the weather was"',
  },
  {
    code: 'PARAMETER_UNTYPED',
    file: 'weather.yaml',
    line: 47,
    path: '/paths/~1v1~1archive/get/parameters/1',
    before: '{"name":"units","in":"query"}',
    after: '{"name":"units","in":"query","schema":{"type":"string"}}',
  },
]
export const sourceLines = `  /v1/archive:
    get:
      operationId: getHistory
      parameters:
        - name: place
          in: query
          schema: { type: string }
        - name: units
          in: query
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:`.split('\n')

const call = (callId: number, operationId: string, ago: number, more: Partial<PluginCall> = {}): PluginCall => ({
  callId,
  pluginId: 'weather',
  pluginName: 'Weather',
  operationId,
  at: before(ago),
  surface: 'invoke',
  method: 'GET',
  url: `https://api.open-meteo.example/v1/${operationId}?place=Hangzhou&key=wx_1****9f3c`,
  statusCode: 200,
  durationMs: 184,
  error: null,
  recorded: true,
  ...more,
})
export const calls: PluginCall[] = [
  call(9, 'getForecast', 20_000),
  call(8, 'getAirQuality', 2 * minute, { surface: 'mcp', statusCode: 429, error: 'UPSTREAM_FAILED', durationMs: 77 }),
  call(7, 'searchPlaces', 5 * minute, { surface: 'console', recorded: false, durationMs: 96 }),
  call(6, 'getHistory', 3 * hour, {
    surface: 'command',
    statusCode: null,
    error: 'UPSTREAM_TIMEOUT',
    durationMs: 30_000,
  }),
]
