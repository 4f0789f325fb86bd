import type { Decision } from '../../shared/contracts/routing.ts'
import { table } from './table.ts'
import { parse, wholeNumber } from './usage.ts'
import { print, printJson, within, words } from './verbs.ts'

/** `pilothouse route FEATURE`: what would happen to a request. Ends with 1 where nothing can serve it. */
export async function route(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      model: { type: 'string' },
      tokens: { type: 'string', default: '0' },
    },
  })
  const [feature = ''] = words('route', ['the name of a feature'], positionals)
  const tokens = wholeNumber('--tokens', values.tokens, 0, 100_000_000)
  const decision = await within(values.data, ({ rpc }) =>
    rpc.routing.ask({ feature, model: values.model ?? null, tokens, draft: null }),
  )
  if (values.json) printJson(decision)
  else print(decisionText(decision))
  if (decision.selected === null) process.exitCode = 1
}

/** The order in which keys would be tried, then why the others would not. */
export function decisionText({
  feature,
  revision,
  strategy,
  selected,
  fallbacks,
  rejected,
  leastBad,
}: Decision): string {
  const order = selected === null ? [] : [selected, ...fallbacks]
  const rows = [
    ...order.map((one, i) => [String(i + 1), one.keyName, one.vendor, one.service, one.model, one.tier, '']),
    ...rejected.map(({ keyName, vendor, service, model, tier, reason, until }) => [
      ...['-', keyName ?? '', vendor, service, model, tier],
      until === null ? reason : `${reason} until ${new Date(until).toISOString()}`,
    ]),
  ]
  return [
    `${feature}, revision ${revision}, ${strategy}`,
    ...(selected === null ? ['Nothing can serve it now.'] : []),
    ...(leastBad ? ['All are resting; the least bad is tried once.'] : []),
    ...(rows.length > 0 ? [table(['#', 'KEY', 'VENDOR', 'SERVICE', 'MODEL', 'TIER', 'WHY NOT'], rows)] : []),
  ].join('\n')
}
