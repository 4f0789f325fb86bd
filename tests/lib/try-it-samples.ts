import type { CallResult, PluginCall, ToolSummary } from '../../app/shared/contracts/plugin-calls.ts'
import type { ToolDetails } from '../../app/shared/contracts/plugins.ts'
import { AppError } from '../../app/shared/errors.ts'
import { details, tool } from './plugin-details-samples.ts'
import type { ScriptedMain } from './scripted-main.ts'
import { before } from './scripted-platform.ts'
import { scriptPlugins } from './scripted-plugins.ts'

// One plugin whose tools need every kind of field, and answers of every kind.

export const tools: readonly ToolSummary[] = [
  tool('getForecast', 'GET', '/v1/forecast/{city}', 'Forecast for a place'),
  tool('createAlert', 'POST', '/v1/alerts', 'Tell me when the weather changes'),
  tool('uploadImage', 'POST', '/v1/images', 'Recognise the sky in a picture'),
  tool('ping', 'GET', '/v1/ping', 'Whether the service is there'),
  { ...tool('streamRadar', 'TRACE', '/v1/radar', 'Live radar'), disabled: 'METHOD_UNSUPPORTED' },
  { ...tool('oldReport', 'GET', '/v1/report', 'The report of before'), disabled: 'SCHEMA_RECURSIVE' },
]

const schemas: Readonly<Record<string, Record<string, unknown>>> = {
  getForecast: {
    type: 'object',
    required: ['city'],
    properties: {
      city: {
        type: 'string',
        description: 'Name of the place, in any language.',
        example: 'Hangzhou',
        'x-place': 'path',
      },
      days: { type: 'integer', minimum: 1, maximum: 14, default: 3, 'x-place': 'query' },
      units: { type: 'string', enum: ['metric', 'imperial'], default: 'metric', 'x-place': 'query' },
      hourly: { type: 'boolean', description: 'Hour by hour, not only by day.', 'x-place': 'query' },
      since: { type: 'string', format: 'date-time', 'x-place': 'query' },
      'X-Trace-Id': { type: 'string', deprecated: true, 'x-place': 'header' },
    },
  },
  createAlert: {
    type: 'object',
    required: ['name', 'where', 'condition'],
    properties: {
      name: { type: 'string', maxLength: 60, description: 'What the message is headed with.', 'x-place': 'body' },
      where: {
        type: 'object',
        required: ['latitude', 'longitude'],
        description: 'The place that is watched.',
        'x-place': 'body',
        properties: {
          latitude: { type: 'number', minimum: -90, maximum: 90 },
          longitude: { type: 'number', minimum: -180, maximum: 180 },
          area: {
            type: 'object',
            properties: {
              radius: {
                type: 'object',
                properties: { value: { type: 'number' }, unit: { enum: ['km', 'mi'] } },
              },
            },
          },
        },
      },
      condition: {
        'x-place': 'body',
        oneOf: [
          {
            title: 'Temperature',
            type: 'object',
            required: ['kind', 'below'],
            properties: { kind: { const: 'temperature' }, below: { type: 'number' } },
          },
          {
            title: 'Rain',
            type: 'object',
            required: ['kind', 'millimetres'],
            properties: { kind: { const: 'rain' }, millimetres: { type: 'number', exclusiveMinimum: 0 } },
          },
        ],
      },
      recipients: { type: 'array', maxItems: 5, items: { type: 'string', format: 'email' }, 'x-place': 'body' },
      message: { type: 'string', maxLength: 2000, description: 'In place of the usual text.', 'x-place': 'body' },
      labels: { type: 'object', additionalProperties: { type: 'string' }, 'x-place': 'body' },
    },
  },
  uploadImage: {
    type: 'object',
    required: ['image'],
    properties: {
      image: { type: 'string', format: 'binary', description: 'JPEG or PNG.', 'x-place': 'body' },
      note: { type: 'string', 'x-place': 'body' },
    },
  },
  ping: { type: 'object', properties: {} },
}

const examples: Readonly<Record<string, Record<string, unknown>>> = {
  getForecast: { city: 'Hangzhou', days: 3, units: 'metric' },
  createAlert: {
    name: 'Frost',
    where: { latitude: 30.27, longitude: 120.15 },
    condition: { kind: 'temperature', below: 0 },
    recipients: ['ops@example.com', 'garden@example.com'],
    labels: { team: 'garden' },
  },
}

export const toolDetails = (operationId: string): ToolDetails => {
  const summary = tools.find((one) => one.operationId === operationId)
  if (!summary) throw new AppError('TOOL_NOT_FOUND', { plugin: 'Weather', tool: operationId })
  return {
    ...summary,
    description:
      operationId === 'getForecast'
        ? 'Temperature, rain and wind of the next days for one place. The forecast is made anew every hour from the models of three services; where they differ, the range is given. Places outside of the covered area answer 404.'
        : '',
    schema: schemas[operationId] ?? { type: 'object', properties: {} },
    example: examples[operationId] ?? {},
    safe: summary.method === 'GET',
    response: null,
  }
}

const day = (offset: number) => ({
  date: `2026-03-${18 + offset}`,
  high: 17.4 - offset,
  low: 8.2 - offset,
  rain: { probability: 0.1 * offset, millimetres: offset },
  words: offset === 0 ? 'clear sky' : 'clouds from the west',
})
export const answer = (more: Partial<CallResult> = {}): CallResult => ({
  requestId: '7f3c9a52-0d1e-4c7b-9a54-1b7f0f6f2c11',
  ok: true,
  data: JSON.stringify({ place: { name: '杭州', latitude: 30.27 }, daily: [0, 1, 2].map(day), units: 'metric' }),
  dataCutFrom: null,
  failure: null,
  exchange: {
    method: 'GET',
    url: 'https://api.open-meteo.example/v1/forecast/Hangzhou?days=3&units=metric',
    requestHeaders: { accept: 'application/json', authorization: 'Bearer sk-1****9f2a', 'user-agent': 'Pilothouse' },
    requestBody: null,
    status: 200,
    responseHeaders: {
      'content-type': 'application/json; charset=utf-8',
      date: 'Wed, 18 Mar 2026 09:24:29 GMT',
      'x-ratelimit-remaining': '988',
    },
    responseBytes: 614,
  },
  dropped: [],
  attempts: 1,
  durationMs: 348,
  firstByteMs: 312,
  ...more,
})

export const unreachable = (): CallResult =>
  answer({
    ok: false,
    data: 'null',
    failure: {
      code: 'UPSTREAM_UNREACHABLE',
      details: { host: 'api.open-meteo.example', reason: 'connection refused' },
    },
    exchange: { ...answer().exchange!, status: null, responseHeaders: {}, responseBytes: 0 },
    attempts: 3,
    durationMs: 2410,
    firstByteMs: null,
  })

/** Close to the most that comes here: 1 MB of JSON. */
export const largeAnswer = (): CallResult =>
  answer({ data: JSON.stringify(Array.from({ length: 9000 }, (_, index) => ({ index, ...day(index % 10) }))) })

const call = (callId: number, more: Partial<PluginCall> = {}): PluginCall => ({
  callId,
  pluginId: 'weather',
  pluginName: 'Weather',
  operationId: 'getForecast',
  at: before((500 - callId) * 60_000),
  surface: 'console',
  method: 'GET',
  url: 'https://api.open-meteo.example/v1/forecast/Hangzhou?days=3',
  statusCode: 200,
  durationMs: 300 + callId,
  error: null,
  recorded: true,
  ...more,
})
export const calls: readonly PluginCall[] = [
  call(499),
  call(498, { surface: 'mcp', statusCode: 503, error: 'UPSTREAM_FAILED', durationMs: 1240 }),
  call(497, { surface: 'invoke', recorded: false }),
  call(496, { operationId: 'createAlert', method: 'POST' }),
  call(440, { surface: 'debug', statusCode: null, error: 'UPSTREAM_TIMEOUT', durationMs: 30_000 }),
]

/** The plugins page with a Weather whose tools can be tried; calls answer with `result`. */
export function scriptTryIt(main: ScriptedMain, result: () => CallResult = answer) {
  const scripted = scriptPlugins(main)
  main.emit('plugins', 'details', { kind: 'details', details: { ...details(), id: 'weather', tools: [...tools] } })
  main.emit('plugins', 'calls', { kind: 'snapshot', calls: [...calls] })
  main.answer('plugins', 'tool', (input) => toolDetails((input as { operation: string }).operation))
  main.answer('plugins', 'call', () => result())
  main.answer('plugins', 'cancelCall', () => undefined)
  main.answer('plugins', 'code', (input) => {
    const given = JSON.stringify((input as { arguments: unknown }).arguments)
    return {
      curl: `curl -sS 'http://127.0.0.1:8000/api/plugin/invoke/weather_cn/getForecast' \\\n  -H 'Content-Type: application/json' \\\n  -H 'Authorization: Bearer YOUR_TOKEN' \\\n  --data '${given}'`,
      fetch: `const response = await fetch('http://127.0.0.1:8000/api/plugin/invoke/weather_cn/getForecast', {\n  method: 'POST',\n  body: JSON.stringify(${given}),\n})`,
      python: `import requests\n\nresponse = requests.post(\n    "http://127.0.0.1:8000/api/plugin/invoke/weather_cn/getForecast",\n    json=${given},\n)`,
    }
  })
  main.answer('plugins', 'recordedCall', () => ({ arguments: '{"city":"Ningbo","days":7}', answer: '{}' }))
  return scripted
}
