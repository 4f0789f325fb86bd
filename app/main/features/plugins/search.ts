import type { ToolSummary } from '../../../shared/contracts/plugin-calls.ts'
import type { Db, Value } from '../../db/db.ts'

const MOST = 50
const MOST_WORDS = 8
type Found = ToolSummary & { readonly pluginId: string; readonly pluginName: string }

/**
 * Tools of what is in use whose words hold every word of the text; first those whose operation id is the first word, then
 * those that begin with it, then those that hold it. One look at each row: 20,000 take a few milliseconds, and parts of
 * words are found in any script.
 */
export function searchTools(db: Db, text: string, nameOf: (id: string) => string): Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS)
  const first = words[0] ?? ''
  const rows = db.all<ToolSummary & { pluginId: string }>(
    `SELECT t.id, t.operation_id AS operationId, t.summary, t.method, t.path, t.disabled, p.id AS pluginId
     FROM plugins p JOIN plugin_tools t ON t.version_id = p.active_version
     WHERE p.removed_at IS NULL AND p.disabled = 0 ${words.map(() => 'AND instr(t.words, ?) > 0').join(' ')}
     ORDER BY CASE instr(lower(t.operation_id), ?) WHEN 0 THEN 3 WHEN 1 THEN length(t.operation_id) > ? ELSE 2 END,
       t.disabled IS NOT NULL, length(t.operation_id), t.operation_id LIMIT ${MOST}`,
    ...([...words, first, first.length] satisfies Value[]),
  )
  return rows.map((row) => ({ ...row, pluginName: nameOf(row.pluginId) }))
}
