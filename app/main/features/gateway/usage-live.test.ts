// biome-ignore-all lint/style/noRestrictedImports: tests build what stands around the feature.
import { expect, test } from 'vitest'
import { fakeHost } from '../../../../tests/lib/fake-host.ts'
import { row as sampleRow } from '../../../../tests/lib/keys-samples.ts'
import type { UsageQuestion, UsageRow } from '../../../shared/contracts/gateway.ts'
import type { Caller } from '../../../shared/rpc/contract.ts'
import type { UseRecord } from '../../platform/gateway/gateway-messages.ts'
import { createJournal } from '../../platform/gateway/journal.ts'
import { lineOf } from '../../platform/gateway/journal-line.ts'
import { openStoreWorld } from '../routing/test-world.ts'
import { createGatewayStore } from './gateway.ts'
import { csvName, usageCsv } from './usage-csv.ts'

const me: Caller = { actor: 'browser' }
const small = { requests: 10, errors: 0, inputTokens: 0, outputTokens: 0, cost: [], averageMs: 1.4, firstTokenMs: null }
const row = (group: string, more: Partial<UsageRow> = {}) => sampleRow(group, { ...small, ...more })
const day = 24 * 3_600_000
const question: UsageQuestion = { from: Date.UTC(2026, 2, 12), to: Date.UTC(2026, 2, 19), by: 'model' }

test('a use that main is told of reaches the page that looks at its range', async () => {
  const world = openStoreWorld()
  const saved: string[] = []
  const host = {
    ...fakeHost(),
    async saveFile(name: string, type: string, source: () => AsyncIterable<Uint8Array>) {
      const parts: Uint8Array[] = []
      for await (const part of source()) parts.push(part)
      saved.push(name, type, Buffer.concat(parts).toString())
      return { kind: 'saved' as const, file: name }
    },
  }
  const nothing = () => {}
  const store = createGatewayStore({
    ...{ ...world, host, liveEveryMs: 1, keyName: () => null },
    ...{ keepDecisions: nothing, applyHealth: nothing, applyFailures: nothing, applyUses: nothing },
  })
  const told = Promise.withResolvers<readonly UsageRow[]>()
  const leave = store.handlers.onUsage(
    ({ rows }) => {
      if (rows.length > 0) told.resolve(rows)
      return true
    },
    question,
    me,
  )
  const use: UseRecord = {
    ...{ id: 'u', at: question.from, feature: 'chat', model: '=1+1', keyId: null, vendor: null, tokenId: null },
    ...{ statusCode: 200, failed: false, inputTokens: 1, outputTokens: 2, images: 0, cost: 2_500_000 },
    ...{ currency: 'CNY', durationMs: 7, firstTokenMs: null },
  }
  const journal = createJournal({ folder: world.journalFolder, lost: nothing })
  journal.append(lineOf(use, [], null, null))
  journal.close()
  await store.recordGateway({ health: [], failures: [], tokensUsed: [] })
  expect((await told.promise).map(({ label, requests }) => [label, requests])).toEqual([['=1+1', 1]])
  leave()
  expect(await store.handlers.exportUsage(question, me)).toEqual({
    kind: 'saved',
    file: 'pilothouse-usage-model-2026-03-12-2026-03-18.csv',
  })
  expect(saved.slice(1)).toEqual([
    'text/csv; charset=utf-8',
    '\ufeffmodel,label,requests,errors,input_tokens,output_tokens,images,cost_usd,cost_cny,unpriced,average_ms,first_token_ms\r\n' +
      "'=1+1,'=1+1,1,0,1,2,0,0,2.5,0,7,\r\n",
  ])
  store.stop()
})

test('a CSV quotes what must be quoted and holds no formulas', () => {
  const labels = ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '＝1', 'a=1', 'line\nbreak', '']
  const rows = [
    row('a,"b"', { label: '=1+1', cost: [{ currency: 'CNY', amount: 1_500_000 }], unpriced: 14 }),
    row('模型', { firstTokenMs: 20.6 }),
  ]
  const cells = usageCsv(
    labels.map((label) => row('m', { label })),
    'model',
  )
  expect({
    text: usageCsv(rows, 'model').split('\r\n'),
    labels: cells
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.slice(2, line.indexOf(',10,'))),
    name: csvName({ ...question, to: question.from + day, by: 'caller' }),
  }).toEqual({
    text: [
      '\ufeffmodel,label,requests,errors,input_tokens,output_tokens,images,cost_usd,cost_cny,unpriced,average_ms,first_token_ms',
      '"a,""b""",\'=1+1,10,0,0,0,0,0,1.5,14,1,',
      '模型,模型,10,0,0,0,0,0,0,0,1,21',
      '',
    ],
    labels: ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "' =1", "'\t=1", "'＝1", 'a=1', '"line\nbreak"', ''],
    name: 'pilothouse-usage-caller-2026-03-12-2026-03-12.csv',
  })
})
