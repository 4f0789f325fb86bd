import type { JobRow } from '../../shared/contracts/gateway.ts'
import { ago, table } from './table.ts'
import { parse, wholeNumber } from './usage.ts'
import { doVerb, print, printJson, within, words } from './verbs.ts'

const data = { type: 'string' } as const
const json = { type: 'boolean', default: false } as const

/** `pilothouse jobs …` */
export const jobs = (args: string[]): Promise<void> => doVerb('jobs', { ls, show }, args)

async function ls(args: string[]): Promise<void> {
  const options = { data, json, limit: { type: 'string', default: '50' } } as const
  const { values, positionals } = parse({ args, allowPositionals: true, options })
  words('jobs ls', [], positionals)
  const limit = wholeNumber('--limit', values.limit, 1, 2000)
  const newest = await within(values.data, ({ rpc }) => rpc.gateway.listJobs({ limit }))
  if (values.json) return printJson(newest)
  if (newest.length === 0) return void print('There are no jobs.')
  print(table(['ID', 'STATE', 'FEATURE', 'MODEL', 'KEY', 'CALLER', 'BEGAN'], newest.map(cells)))
}
const cells = ({ id, state, feature, model, key, caller, at }: JobRow): string[] => [
  ...[id, state, feature, model, key ?? '', caller ?? '', `${ago(at)} ago`],
]

async function show(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, allowPositionals: true, options: { data, json } })
  const [id = ''] = words('jobs show', ['a job'], positionals)
  const job = await within(values.data, ({ rpc }) => rpc.gateway.findJob({ id }))
  if (values.json) return printJson(job)
  const time = (milliseconds: number) => new Date(milliseconds).toISOString()
  const lines = [
    ['state', job.state],
    ['feature', job.feature],
    ['model', job.model],
    ['key', job.key ?? ''],
    ['caller', job.caller ?? ''],
    ['began', time(job.at)],
    [job.state === 'submitting' || job.state === 'running' ? 'changed' : 'ended', time(job.updatedAt)],
    ...(job.error === null ? [] : [['error', job.error]]),
    ...(job.result === null ? [] : [['result', JSON.stringify(job.result)]]),
  ]
  print(table(['id', job.id], lines))
}
