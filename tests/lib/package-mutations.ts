import { writeZip, type ZipEntry } from './zip-writer.ts'

/** Whole numbers below `below`, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}
type Random = ReturnType<typeof seededRandom>
const pick = <Value>(random: Random, values: readonly Value[]): Value => values[random(values.length)]!

const openapi = `openapi: 3.0.1
info: { title: Weather, description: 天气, version: v1 }
servers: [{ url: https://api.example.com }]
paths:
  /weather/{city}:
    get:
      operationId: getWeather
      summary: Weather
      parameters:
        - { name: city, in: path, required: true, schema: { type: string } }
      responses:
        '200': { description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/Day' } } } }
components:
  schemas:
    Day: &day { type: object, properties: { t: { type: number }, next: { $ref: '#/components/schemas/Day' } } }
`
const coze = {
  'plugin_meta.yaml': `- plugin_id: 1
  product_id: 2
  version: v1.0.0
  openapi_doc_file: weather.yaml
  plugin_type: 1
  manifest:
    schema_version: v1
    name_for_model: weather
    name_for_human: 天气
    description_for_model: Weather
    description_for_human: 天气
    auth: { type: service_http, key: '', sub_type: token/api_key, payload: '{"key":"k","service_token":"t","location":"Header"}' }
    common_params: { body: [], header: [{ name: User-Agent, value: x }], path: [], query: [] }
    api: { type: openapi }
  tools: [{ tool_id: 11, deprecated: false, method: get, sub_url: '/weather/{city}' }]
`,
  'weather.yaml': openapi,
}
const xpkg = {
  'manifest.json': JSON.stringify({
    ...{
      id: 'a',
      name: '模型',
      version: '1.0.0',
      provider: 'openai-compatible',
      description: 'd',
      author: 'a',
      license: 'MIT',
    },
    capabilities: [{ type: 'chat', models: ['m', { id: 'n' }] }],
    checksum: { 'README.md': 'sha256:00' },
    signature: { algorithm: 'ed25519', public_key: 'A'.repeat(43), signature: 'A'.repeat(86) },
  }),
  'config.schema.json':
    '{"type":"object","required":["k"],"properties":{"k":{"type":"string","secret":true},"n":{"enum":[1]}}}',
  'README.md': '# x',
  'plugin.so': 'x',
}
const dify = {
  'manifest.yaml': 'name: a\nauthor: b\nversion: 0.0.1\nplugins: { models: [provider/a.yaml] }\n',
  'provider/a.yaml': `provider: a
label: { en_US: A, zh_Hans: 甲 }
supported_model_types: [llm, text-embedding]
configurate_methods: [predefined-model]
provider_credential_schema:
  credential_form_schemas:
    - { variable: k, type: secret-input, required: true, label: { en_US: K } }
    - { variable: s, type: select, options: [{ value: x }], show_on: [{ variable: k, value: y }] }
models: { llm: { position: models/llm/_position.yaml, predefined: ['models/llm/*.yaml'] } }
`,
  'models/llm/_position.yaml': '- m\n- n\n',
  'models/llm/m.yaml':
    'model: m\nmodel_type: llm\nmodel_properties: { mode: chat, context_size: 8 }\npricing: { input: "1", unit: "0.1", currency: RMB }\n',
}
const postman = JSON.stringify({
  info: { name: 'Weather', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  variable: [
    { key: 'base', value: 'http://h' },
    { key: 'b', value: '{{base}}{{b}}' },
  ],
  item: [
    {
      name: 'folder',
      item: [
        {
          name: 'call',
          request: {
            method: 'POST',
            auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{b}}' }] },
            url: {
              raw: '{{base}}/a/:id?q={{q}}',
              host: ['{{base}}'],
              path: ['a', ':id'],
              query: [{ key: 'q', value: '1' }],
            },
            body: { mode: 'raw', raw: '{"n": {{n}}}' },
          },
        },
      ],
    },
  ],
})
const curl = `curl -X POST 'https://h.example.com/a/{id}?q=1' \\
  -H "Authorization: Bearer $TOKEN" -u a:b --data-raw $'{"a":"\\u5929\\n"}' -F f=@x | jq .`

/** Small packages of every kind, valid as they stand. */
export const folders: readonly Readonly<Record<string, string>>[] = [coze, xpkg, dify]
export const texts: readonly string[] = [openapi, postman, curl, coze['plugin_meta.yaml'], xpkg['manifest.json']]

const oddities = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    "'",
    '\n',
    '\t',
    '- ',
    '&a ',
    '*a',
    '<<: *a',
    '!!js ',
    '|',
    '>',
    '#',
    '\\',
    '\0',
    '\uFEFF',
  ],
  ...[
    '"$ref": "#"',
    "$ref: '#/paths'",
    '../',
    '__proto__',
    'constructor',
    'null',
    'true',
    '-1',
    '1e999',
    '9'.repeat(400),
  ],
  ...[
    '{{a}}',
    '\uD800',
    'æ’ä»¶',
    '天',
    '{'.repeat(5000),
    '['.repeat(5000),
    '&a [*a,*a]\n',
    ' '.repeat(300),
    'a'.repeat(70_000),
  ],
]
/** A text with some of it moved, doubled, lost or replaced. */
export function mutateText(text: string, random: Random): string {
  let mutated = text
  for (let left = random(4) + 1; left > 0; left--) {
    const at = random(mutated.length + 1)
    const to = Math.min(mutated.length, at + random(40))
    const piece = mutated.slice(at, to)
    const changed = pick(random, [
      pick(random, oddities),
      '',
      piece + piece,
      pick(random, texts).slice(0, random(200)),
      piece.toUpperCase(),
    ])
    mutated = mutated.slice(0, at) + changed + mutated.slice(random(3) ? to : at)
  }
  return mutated
}

/** Bytes with bits turned, fields overwritten, pieces lost, doubled or put in. */
export function mutateBytes(bytes: Uint8Array, random: Random): Buffer {
  let mutated = Buffer.from(bytes)
  for (let left = random(6) + 1; left > 0 && mutated.length > 0; left--) {
    const at = placeIn(mutated, random)
    const length = random(30)
    switch (random(6)) {
      case 0:
        mutated[at]! ^= 1 << random(8)
        break
      case 1:
        mutated[at] = random(256)
        break
      case 2: {
        const size = pick(random, [1, 2, 4, 8])
        mutated.fill(pick(random, [0, 0xff, 0x7f, 0x80, 1]), at, Math.min(mutated.length, at + size))
        break
      }
      case 3:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + length)])
        break
      case 4:
        mutated = Buffer.concat([mutated.subarray(0, at + length), mutated.subarray(at)])
        break
      default:
        mutated = random(4) ? mutated : mutated.subarray(0, at)
    }
  }
  return mutated
}
/** Half of the time inside a header of a zip, where a change means most. */
function placeIn(bytes: Buffer, random: Random): number {
  if (random(2)) return random(bytes.length)
  const header = bytes.indexOf('PK', random(bytes.length))
  return header === -1 ? random(bytes.length) : Math.min(bytes.length - 1, header + random(46))
}

/** A zip of files whose headers may lie. */
export function lyingZip(files: Readonly<Record<string, string>>, random: Random): Buffer {
  const lies: (() => Partial<ZipEntry>)[] = [
    () => ({
      name: pick(random, [
        '../x',
        '/x',
        'C:\\x',
        'a\0b',
        'x/'.repeat(100),
        '',
        '.',
        'CON',
        'manifest.json',
        'MANIFEST.JSON',
      ]),
    }),
    () => ({ mode: pick(random, [0o120777, 0o020666, 0o010666, 0o140777, 0o040755]) }),
    () => ({ size: pick(random, [0, 1, 0xffff_ffff, 0x7fff_ffff]) }),
    () => ({ packedSize: pick(random, [0, 1, 0xffff_ffff, 100_000]) }),
    () => ({ crc: random(0xffff_ffff) }),
    () => ({ method: pick(random, [0, 1, 8, 12, 93, 99]) }),
    () => ({ flags: random(0x1_0000) }),
    () => ({ offset: random(0xffff_ffff) }),
    () => ({ localName: 'other' }),
    () => ({ data: Buffer.alloc(random(3_000_000)) }),
    () => ({ extra: Buffer.from([1, 0, random(40), 0, ...Array.from({ length: random(40) }, () => random(256))]) }),
  ]
  const entries: ZipEntry[] = Object.entries(files).map(([name, data]) => ({
    ...{ name, data: random(3) ? data : mutateText(data, random), store: random(2) === 0 },
    ...(random(6) ? {} : pick(random, lies)()),
  }))
  const count = random(8) ? undefined : random(65_536)
  const zip64 = random(8)
    ? undefined
    : { count: BigInt(random(5)), offset: BigInt(random(2 ** 31)) ** BigInt(random(3)) }
  return writeZip(entries, { ...(count === undefined ? {} : { count }), ...(zip64 ? { zip64 } : {}) })
}

/** The n-th input of a seed: a zip or a document. */
export function inputOf(seed: number, n: number): Buffer {
  const random = seededRandom(seed * 1_000_003 + n)
  if (random(2)) {
    const zip = lyingZip(pick(random, folders), random)
    return random(2) ? zip : mutateBytes(zip, random)
  }
  const text = mutateText(pick(random, texts), random)
  const encoded = pick(random, [
    () => Buffer.from(text),
    () => Buffer.from(text),
    () => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    () => Buffer.from(text, 'utf16le').swap16(),
    () => Buffer.from(new TextDecoder('windows-1252').decode(Buffer.from(text))),
  ])()
  return random(2) ? encoded : mutateBytes(encoded, random)
}
