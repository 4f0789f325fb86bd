import type { UsageQuestion, UsageRow } from '../../../shared/contracts/gateway.ts'
import { Currency } from '../../../shared/contracts/keys.ts'

const MILLION = 1_000_000

/** The rows as a spreadsheet takes them (RFC 4180): columns in English, so that a script finds them in any language. */
export function usageCsv(rows: readonly UsageRow[], by: UsageQuestion['by']): string {
  const head = [by, 'label', 'requests', 'errors', 'input_tokens', 'output_tokens', 'images']
  const costs = Currency.options.map((currency) => `cost_${currency.toLowerCase()}`)
  const lines = rows.map((row) => [
    cell(row.group),
    cell(row.label),
    ...[row.requests, row.errors, row.inputTokens, row.outputTokens, row.images],
    ...Currency.options.map((currency) => amountOf(row, currency)),
    row.unpriced,
    Math.round(row.averageMs),
    row.firstTokenMs === null ? '' : Math.round(row.firstTokenMs),
  ])
  const all = [[...head, ...costs, 'unpriced', 'average_ms', 'first_token_ms'], ...lines]
  // The mark at its front tells spreadsheets that it is UTF-8.
  return `\ufeff${all.map((line) => `${line.join(',')}\r\n`).join('')}`
}

/** "usage-model-2026-03-12-2026-03-18.csv": the first and the last day, of UTC as they are kept. */
export const csvName = ({ from, to, by }: UsageQuestion): string =>
  `pilothouse-usage-${by}-${day(from)}-${day(to - 1)}.csv`

const day = (time: number) => new Date(time).toISOString().slice(0, 10)

const amountOf = ({ cost }: UsageRow, currency: Currency): number =>
  cost.reduce((sum, one) => sum + (one.currency === currency ? one.amount : 0), 0) / MILLION

/** Names come from callers: one that a spreadsheet would take for a formula is marked as text. */
function cell(text: string): string {
  const safe = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
