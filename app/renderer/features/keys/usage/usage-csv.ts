import type { UsageRow } from '../../../../shared/contracts/gateway.ts'
import { Currency } from '../../../../shared/contracts/keys.ts'
import { million } from '../key-figures.ts'
import type { By } from './usage-view.ts'

/** The rows as a spreadsheet takes them: names of columns in English, so that a script finds them in any language. */
export function usageCsv(rows: readonly UsageRow[], by: By): string {
  const head = [by, 'label', 'requests', 'errors', 'input_tokens', 'output_tokens', 'images']
  const costs = Currency.options.map((currency) => `cost_${currency.toLowerCase()}`)
  const lines = rows.map((row) => [
    cell(row.group),
    cell(row.label),
    ...[row.requests, row.errors, row.inputTokens, row.outputTokens, row.images],
    ...Currency.options.map((currency) => amountOf(row, currency)),
    Math.round(row.averageMs),
    row.firstTokenMs === null ? '' : Math.round(row.firstTokenMs),
  ])
  return [[...head, ...costs, 'average_ms', 'first_token_ms'], ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

const amountOf = ({ cost }: UsageRow, currency: Currency): number =>
  cost.reduce((sum, one) => sum + (one.currency === currency ? one.amount : 0), 0) / million

/** Names come from callers: one that a spreadsheet would take for a formula is marked as text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Hands a text to the browser as a file. The mark at its front tells spreadsheets that it is UTF-8. */
export function saveText(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Not at once: the browser begins to read after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
