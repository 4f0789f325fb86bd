import { createDecipheriv, scryptSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { cpuMs } from '../../../../tests/lib/cpu-time.ts'
import { NewKey } from './key-fields.ts'
import { codeOf, me, openKeys } from './test-world.ts'

const env = `# keys of the old machine
OPENAI_API_KEY="sk-test-openai-0123456789"
export DASHSCOPE_API_KEY=sk-test-dashscope-0123 # Beijing
DEEPSEEK_API_KEY='sk-test-deepseek-012345'
OPENAI_API_KEY_2=sk-test-openai-0123456789
NEMO_API_KEY=sk-test-nemo-0123456789
LOCAL_BASE_URL=http://127.0.0.1:11434/v1
LOCAL_API_KEY=ollama
MISTRAL_API_KEY=
GROQ_API_KEY=two words
PATH=/usr/bin
`

test('a .env file is looked at first, then taken in; what cannot be is told by line', async () => {
  const world = await openKeys()
  await world.add({ name: 'OpenAI', secret: 'sk-test-main' })
  const preview = await world.handlers.importText({ format: 'env', text: env, apply: false }, me)
  const untouched = world.list().length
  const applied = await world.handlers.importText({ format: 'env', text: env, apply: true }, me)
  const again = await world.handlers.importText({ format: 'env', text: env, apply: true }, me)
  const row = (
    name: string,
    vendor: string | null,
    service: string,
    outcome: string,
    reason: string | null = null,
  ) => ({
    ...{ name, vendor, service, outcome, reason },
  })

  expect(preview.keys.map(({ maskedSecret, tier, ...rest }) => rest)).toEqual([
    row('OpenAI 2', 'openai', 'gpt-4', 'added'),
    row('DashScope', 'aliyun', 'qwen', 'added'),
    row('DeepSeek', 'openai-compatible', 'deepseek', 'added'),
    row('OpenAI 2', 'openai', 'gpt-4', 'duplicate', 'OpenAI 2'),
    row(
      'NEMO_API_KEY',
      null,
      '',
      'unreadable',
      'line 6: NEMO is no known vendor; NEMO_BASE_URL would say where it answers',
    ),
    row('local', 'openai-compatible', 'local', 'added'),
    row('Groq', 'openai-compatible', 'groq', 'unreadable', 'line 10: the key has blanks, or is no ASCII'),
  ])
  expect([untouched, applied, again.keys.map(({ outcome }) => outcome)]).toEqual([
    2,
    preview,
    ['duplicate', 'duplicate', 'duplicate', 'duplicate', 'unreadable', 'duplicate', 'unreadable'],
  ])
  expect([...world.table.values()].slice(2).map(({ name, baseUrl, secret }) => [name, baseUrl, secret])).toEqual([
    ['OpenAI 2', null, 'sk-test-openai-0123456789'],
    ['DashScope', null, 'sk-test-dashscope-0123'],
    ['DeepSeek', 'https://api.deepseek.com/v1', 'sk-test-deepseek-012345'],
    ['local', 'http://127.0.0.1:11434/v1', 'ollama'],
  ])
})

test('what looks like a key and is none is told, and so is a word that says neither yes nor no', async () => {
  const world = await openKeys()
  const reasons = async (format: 'env' | 'csv', text: string) =>
    (await world.handlers.importText({ format, text, apply: true }, me)).keys.map(
      ({ outcome, reason }) => reason ?? outcome,
    )
  const env =
    'OPENAI_API_KEY_FILE=/run/secrets/openai\nOPENAI_API_KEYS=sk-test-a,sk-test-b\nOPENAI_API_KEY_B=sk-test-b\n'
  const line = (name: string, said: string) => `openai,${name},sk-test-${name},${said}`
  const csv = ['vendor,key_name,api_key,enabled', line('one', 'off'), line('two', 'perhaps'), line('three', '')]
  expect([await reasons('env', env), await reasons('csv', csv.join('\n'))]).toEqual([
    ['line 1: OPENAI_API_KEY_FILE does not hold one key', 'line 2: OPENAI_API_KEYS does not hold one key', 'added'],
    ['added', 'line 3: enabled: neither yes nor no', 'added'],
  ])
  expect(world.list().flatMap(({ name, state }) => (state.kind === 'disabled' ? [name] : []))).toEqual(['one'])
})

test('a table names its columns as the HTTP interface does', async () => {
  const world = await openKeys()
  const csv = `\uFEFFvendor,Key_Name,api_key,tier,monthly_budget,expires_at,note,enabled
openai,"Main, big",sk-test-a-0123456789,backup,12.5,2027-01-01,"two
lines",yes
nobody,Wrong,sk-test-b-0123456789,,,,,

aliyun,Off,sk-test-c-0123456789,,,,,no
`
  const { keys } = await world.handlers.importText({ format: 'csv', text: csv, apply: true }, me)
  expect({
    keys,
    kept: world
      .list()
      .slice(1)
      .map((key) => [key.name, key.tier, key.monthlyBudget, key.expiresAt, key.state.kind]),
    refused: [
      await codeOf(() => world.handlers.importText({ format: 'csv', text: 'vendor,api_key\n', apply: false }, me)),
      await codeOf(() =>
        world.handlers.importText({ format: 'csv', text: 'vendor,key_name,api_key\nopenai,"x', apply: false }, me),
      ),
    ],
  }).toEqual({
    keys: [
      {
        ...{ name: 'Main, big', vendor: 'openai', service: 'default', tier: 'backup' },
        ...{ maskedSecret: 'sk-t****6789', outcome: 'added', reason: null },
      },
      {
        ...{ name: 'Wrong', vendor: null, service: '', tier: '', maskedSecret: '', outcome: 'unreadable' },
        reason: expect.stringMatching(/^line 4: vendor: Invalid option/),
      },
      {
        ...{ name: 'Off', vendor: 'aliyun', service: 'default', tier: 'primary' },
        ...{ maskedSecret: 'sk-t****6789', outcome: 'added', reason: null },
      },
    ],
    kept: [
      ['Main, big', 'backup', 12_500_000, Date.UTC(2027, 0, 1), 'ready'],
      ['Off', 'primary', null, null, 'disabled'],
    ],
    refused: ['KEY_FILE_UNREADABLE', 'KEY_FILE_UNREADABLE'],
  })
})

test('channels of one-api: many keys in one, priorities as tiers, those that speak otherwise left out', async () => {
  const world = await openKeys()
  const channel = (type: number, name: string, key: string, more = {}) => ({
    ...{ type, name, key, base_url: '', models: 'a,b', priority: 0, weight: 0, status: 1, ...more },
  })
  const channels = [
    channel(1, 'Two', 'sk-test-1-0123456789\nsk-test-2-0123456789', { priority: 10, weight: 5 }),
    channel(1, 'Proxy', 'sk-test-3-0123456789', { base_url: 'https://proxy.test' }),
    channel(17, ' A\u0000\r\nli\n', 'sk-test-4-0123456789', { priority: -1, status: 2 }),
    channel(14, 'Claude', 'sk-test-5-0123456789'),
    channel(8, 'Nowhere', 'sk-test-6-0123456789'),
    { name: 'No type' },
  ]
  const text = JSON.stringify({ success: true, data: channels }, null, 1)
  const { keys } = await world.handlers.importText({ format: 'one-api', text, apply: true }, me)
  expect(keys.map(({ name, outcome, reason }) => [name, outcome, reason])).toEqual([
    ['Two 1', 'added', null],
    ['Two 2', 'added', null],
    ['Proxy', 'added', null],
    ['A li', 'added', null],
    ['Claude', 'unreadable', 'line 1: Anthropic (type 14) speaks a dialect that is not known here'],
    ['Nowhere', 'unreadable', 'line 1: channels of type 8 need a base_url'],
    ['channel 6', 'unreadable', expect.stringMatching(/^line 1: type: /)],
  ])
  const kept = world.list().slice(1)
  expect(kept.map((key) => [key.name, key.vendor, key.baseUrl, key.tier, key.weight, key.state.kind])).toEqual([
    ['Two 1', 'openai', null, 'primary', 5, 'ready'],
    ['Two 2', 'openai', null, 'primary', 5, 'ready'],
    ['Proxy', 'openai-compatible', 'https://proxy.test/v1', 'backup', 1, 'ready'],
    ['A li', 'aliyun', null, 'tier 3', 1, 'disabled'],
  ])
  expect(await codeOf(() => world.handlers.importText({ format: 'one-api', text: '[\n{]', apply: false }, me))).toBe(
    'KEY_FILE_UNREADABLE',
  )
})

test('names that a channel, or a table, has for models come with its key; a mapping that is none is told', async () => {
  const world = await openKeys()
  const channel = (name: string, model_mapping: unknown) => ({
    ...{ type: 1, name, key: `sk-test-${name}-0123456789`, model_mapping },
  })
  const text = JSON.stringify([
    channel('Text', '{"gpt-4": "gpt-6-luna"}'),
    channel('Object', { 'gpt-4': 'gpt-6-sol' }),
    channel('Empty', ' '),
    channel('None', null),
    channel('Broken', '{"gpt-4":'),
    channel('Twice', { a: 'b', A: 'c' }),
    channel('Control', { 'a\u0000b': 'c' }),
  ])
  const { keys } = await world.handlers.importText({ format: 'one-api', text, apply: true }, me)
  const csv = 'vendor,key_name,api_key,model_mapping\nopenai,Table,sk-test-table-0123,"{""gpt-4"":""gpt-6-terra""}"'
  await world.handlers.importText({ format: 'csv', text: csv, apply: true }, me)
  await world.handlers.export({ passphrase: 'correct horse' }, me)
  const other = await openKeys()
  const saved = world.saved[0]!.bytes.toString()
  const own = { format: 'pilothouse', text: saved, passphrase: 'correct horse', apply: true } as const
  await other.handlers.importText(own, me)
  const mappings = (list: ReturnType<typeof world.list>) => list.slice(1).map((key) => [key.name, key.modelMapping])
  expect({
    refused: keys.slice(4).map(({ outcome, reason }) => [outcome, reason]),
    kept: mappings(world.list()),
    same: mappings(other.list()),
    told: [...world.table.values()].map(({ modelMapping }) => modelMapping).slice(1, 3),
  }).toEqual({
    refused: [
      ['unreadable', expect.stringMatching(/^line 1: model_mapping: Invalid input/)],
      ['unreadable', 'line 1: model_mapping: expected each model once, whatever its case'],
      ['unreadable', expect.stringMatching(/^line 1: model_mapping/)],
    ],
    kept: [
      ['Text', { 'gpt-4': 'gpt-6-luna' }],
      ['Object', { 'gpt-4': 'gpt-6-sol' }],
      ...[
        ['Empty', {}],
        ['None', {}],
      ],
      ['Table', { 'gpt-4': 'gpt-6-terra' }],
    ],
    same: mappings(world.list()),
    told: [{ 'gpt-4': 'gpt-6-luna' }, { 'gpt-4': 'gpt-6-sol' }],
  })
})

test('numbers of vendors mean what the program that exported them means', async () => {
  const world = await openKeys()
  const of = async (type: number, more: object) => {
    const text = JSON.stringify([{ type, name: `T${type}`, key: `sk-test-${type}-0123456789`, ...more }])
    const { keys } = await world.handlers.importText({ format: 'one-api', text, apply: false }, me)
    return [keys[0]!.service, keys[0]!.outcome, keys[0]!.reason]
  }
  const newApi = { auto_ban: 1 }
  expect([await of(36, {}), await of(43, newApi), await of(26, {}), await of(26, newApi)]).toEqual([
    ['deepseek', 'added', null],
    ['deepseek', 'added', null],
    ['baichuan', 'added', null],
    ['zhipu', 'added', null],
  ])
  expect([
    await of(36, newApi),
    await of(47, newApi),
    await of(47, { ...newApi, base_url: 'http://gpu.test' }),
  ]).toEqual([
    ['', 'unreadable', 'line 1: Suno (type 36) speaks a dialect that is not known here'],
    ['', 'unreadable', 'line 1: channels of type 47 need a base_url'],
    ['default', 'added', null],
  ])
})

test('whatever can be exported comes back: thousands of keys', async () => {
  const world = await openKeys()
  const csv = (from: number) =>
    ['vendor,service,key_name,api_key']
      .concat(Array.from({ length: 900 }, (_, i) => `openai,gpt-4,K${from + i},sk-test-many-${from + i}`))
      .join('\n')
  for (const from of [0, 900]) await world.handlers.importText({ format: 'csv', text: csv(from), apply: true }, me)
  await world.handlers.export({ passphrase: 'correct horse' }, me)
  const other = await openKeys()
  const { keys } = await other.handlers.importText(
    { format: 'pilothouse', text: world.saved[0]!.bytes.toString(), passphrase: 'correct horse', apply: true },
    me,
  )
  expect(keys.filter(({ outcome }) => outcome === 'added').length).toBe(1800)
})

test('an export opens with its passphrase alone, as a list that the HTTP interface takes', async () => {
  const world = await openKeys()
  await world.add({ secret: 'sk-test-exported', monthlyBudget: 2_500_000 })
  await world.handlers.export({ passphrase: 'correct horse' }, me)
  const { name, bytes } = world.saved[0]!
  const text = bytes.toString()
  const { salt, nonce, tag, data, ...head } = JSON.parse(text)
  const opened = (passphrase: string) => {
    const [bytes, at, mark] = [data, nonce, tag].map((part: string) => Buffer.from(part, 'base64'))
    const { N, r, p } = head
    const key = scryptSync(passphrase, Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 2 ** 28 })
    const decipher = createDecipheriv('aes-256-gcm', key, at!).setAAD(Buffer.from(JSON.stringify(head)))
    return JSON.parse(decipher.setAuthTag(mark!).update(bytes!, undefined, 'utf8') + decipher.final('utf8')).keys
  }
  const keys = opened('correct horse')
  expect({ name, leaked: text.includes('sk-test'), keys: keys.map((key: unknown) => NewKey.parse(key)) }).toEqual({
    name: expect.stringMatching(/^pilothouse-keys-\d{4}-\d\d-\d\d\.json$/),
    leaked: false,
    keys: [
      expect.objectContaining({ vendor: 'sandbox', api_key: 'sandbox' }),
      expect.objectContaining({ key_name: 'Main', api_key: 'sk-test-exported', monthly_budget: 2_500_000 }),
    ],
  })
  expect(() => opened('wrong horse')).toThrow()
  expect(world.audited().at(-1)).toMatchObject({ action: 'key.export', after: '{"count":2}' })
})

test('another console takes an export in with its passphrase alone, and shows before what would become of each key', async () => {
  const world = await openKeys()
  const spare = await world.add({ name: 'Spare', secret: 'sk-test-exported-2', monthlyBudget: 2_500_000, rpm: 60 })
  await world.add({ secret: 'sk-test-exported-1' })
  await world.add({ secret: 'sk-test-exported-3', name: 'Of\r\nold\ufffd' })
  await world.handlers.disable({ ids: [spare], reason: 'spare' }, me)
  await world.handlers.export({ passphrase: 'correct horse' }, me)
  const text = world.saved[0]!.bytes.toString()
  const other = await openKeys()
  await other.add({ secret: 'sk-test-exported-1', name: 'Known' })
  await other.add({ secret: 'sk-test-other', name: 'Spare' })
  const take = async (apply: boolean, passphrase?: string, changed = text) =>
    await codeOf(() => other.handlers.importText({ format: 'pilothouse', text: changed, passphrase, apply }, me))
  const turned = (change: object) => JSON.stringify({ ...JSON.parse(text), ...change })
  const refused = [
    await take(true, 'wrong horse'),
    await take(true),
    await take(true, 'correct horse', turned({ p: 2 })),
    await take(true, 'correct horse', turned({ data: 'AAAA' })),
    await take(true, 'correct horse', turned({ N: 2 ** 30 })),
    await take(true, 'correct horse', turned({ N: 70_000 })),
    await take(true, 'correct horse', turned({ salt: 'A'.repeat(4_900_000) })),
    await take(true, 'correct horse', '{"format":"pilothouse-keys"}'),
  ]
  const preview = await take(false, 'correct horse')
  const before = other.list().length
  const done = await take(true, 'correct horse')
  const [added] = other.list().filter(({ name }) => name === 'Spare 2')

  expect({
    refused,
    preview,
    same: JSON.stringify(preview) === JSON.stringify(done),
    counts: [before, other.list().length],
    added: [added?.state.kind, added?.monthlyBudget, added?.rpm, added && other.table.get(added.id)?.secret],
  }).toEqual({
    refused: [...Array(4).fill('KEY_FILE_PASSPHRASE'), ...Array(4).fill('KEY_FILE_UNREADABLE')],
    preview: {
      keys: [
        expect.objectContaining({ name: 'Sandbox', outcome: 'duplicate', reason: 'Sandbox' }),
        expect.objectContaining({ name: 'Spare 2', outcome: 'added', maskedSecret: '****' }),
        expect.objectContaining({ name: 'Main', outcome: 'duplicate', reason: 'Known' }),
        expect.objectContaining({ name: 'Of old', outcome: 'added' }),
      ],
    },
    same: true,
    counts: [3, 5],
    added: ['disabled', 2_500_000, 60, 'sk-test-exported-2'],
  })
})

test('texts that are made to take long are read or refused at once', async () => {
  const world = await openKeys()
  const [blanks, quotes] = [' '.repeat(4_900_000), '"'.repeat(4_900_000)]
  const many = Array.from({ length: 1001 }, (_, i) => `OPENAI_API_KEY_${i}=sk-test-${i}`).join('\n')
  const channels = JSON.stringify([{ type: 1, key: 'a\n'.repeat(400_000) }])
  const tries = [
    ...[blanks, quotes, `A_API_KEY=${blanks}`, `A_API_KEY="${quotes}`].map((text) => ['env', text] as const),
    ...[['env', many] as const, ['csv', quotes] as const, ['csv', `vendor,key_name,api_key\n${blanks}`] as const],
    ...[['one-api', channels] as const, ['one-api', '['.repeat(1_500_000)] as const],
  ]
  const begun = cpuMs()
  const outcomes: unknown[] = []
  for (const [format, text] of tries) {
    const read = await codeOf(() => world.handlers.importText({ format, text, apply: false }, me))
    outcomes.push(typeof read === 'string' ? read : 'read')
  }
  expect(outcomes).toEqual([
    ...['read', 'read', 'read', 'read', 'KEY_FILE_UNREADABLE', 'KEY_FILE_UNREADABLE', 'read'],
    ...['KEY_FILE_UNREADABLE', 'KEY_FILE_UNREADABLE'],
  ])
  expect(cpuMs() - begun).toBeLessThan(5000)
})
