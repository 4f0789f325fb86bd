import { Vendor } from '../../../../shared/contracts/keys.ts'
import { AppError } from '../../../../shared/errors.ts'
import { fromJson } from '../../../lib/json.ts'
import { factsOfNew, faultsOf, NewKey } from '../key-fields.ts'
import { type FoundKey, MOST_KEYS } from './import-types.ts'

const numbers = new Set(['weight', 'rpm', 'tpm', 'concurrency', 'monthly_budget'])

/** A table whose head names the fields as the HTTP interface does; `enabled` may be among them. Fails with KEY_FILE_UNREADABLE. */
export function readCsv(text: string): FoundKey[] {
  const [head, ...rows] = records(text.replace(/^\uFEFF/, ''))
  const names = head?.cells.map((name) => name.trim().toLowerCase()) ?? []
  const missing = ['vendor', 'key_name', 'api_key'].filter((name) => !names.includes(name))
  if (missing.length > 0) throw unreadable(1, `the head does not name ${missing.join(', ')}`)
  return rows.map(({ line, cells }): FoundKey => {
    const given = Object.fromEntries(
      names.flatMap((name, i) => {
        const cell = cells[i]?.trim() ?? ''
        // An empty cell says nothing.
        if (cell === '') return []
        if (name === 'model_mapping') return [[name, fromJson(cell) ?? cell]]
        return [[name, numbers.has(name) || (name === 'expires_at' && /^\d{9,}$/.test(cell)) ? Number(cell) : cell]]
      }),
    )
    const key = NewKey.safeParse(given)
    const said = String(given['enabled'] ?? 'true')
    const enabled = yes.test(said)
    if (key.success && (enabled || no.test(said)))
      return { kind: 'key', line, facts: factsOfNew(key.data), secret: key.data.api_key, enabled }
    const reason = key.success
      ? 'enabled: neither yes nor no'
      : faultsOf(key.error)
          .map(({ field, reason: fault }) => `${field}: ${fault}`)
          .join('; ')
    const vendor = Vendor.safeParse(given['vendor'])
    const name = String(given['key_name'] ?? '').slice(0, 120)
    return { kind: 'unreadable', line, name, vendor: vendor.success ? vendor.data : null, reason }
  })
}

const yes = /^(?:true|yes|y|on|1|enabled|是)$/i
const no = /^(?:false|no|n|off|0|disabled|否)$/i

const unreadable = (line: number, reason: string) => new AppError('KEY_FILE_UNREADABLE', { line, reason })

interface TableRow {
  readonly line: number
  readonly cells: readonly string[]
}
/** RFC 4180: cells in quotes may hold commas, line ends and doubled quotes. Empty lines are left out. */
function records(text: string): TableRow[] {
  const found: TableRow[] = []
  let cells: string[] = []
  let cell = ''
  let quoted = false
  let line = 1
  let begin = 1
  const end = () => {
    cells.push(cell)
    if (cells.some((one) => one.trim() !== '')) found.push({ line: begin, cells })
    if (found.length > MOST_KEYS + 1) throw unreadable(line, `more than ${MOST_KEYS} keys`)
    cells = []
    cell = ''
  }
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '\n') line++
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[i + 1] === '"') cell += text[++i]!
      else quoted = false
    } else if (char === '"' && cell.trim() === '') {
      quoted = true
      cell = ''
    } else if (char === ',') {
      if (cells.push(cell) > 100) throw unreadable(begin, 'more than 100 columns')
      cell = ''
    } else if (char === '\n') {
      end()
      begin = line
    } else if (char !== '\r') cell += char
  }
  if (quoted) throw unreadable(begin, 'a quote is not closed')
  end()
  return found
}
