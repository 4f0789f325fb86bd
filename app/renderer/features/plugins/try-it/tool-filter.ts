import type { ToolSummary } from '../../../../shared/contracts/plugin-calls.ts'
import { describeFinding } from '../../../../shared/contracts/plugin-finding-texts.ts'
import type { SpokenLanguage } from '../../../../shared/errors.ts'

/** Tools that have every word of the text in their name, method, path or summary. */
export function filterTools(tools: readonly ToolSummary[], text: string): readonly ToolSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return tools
  return tools.filter(({ operationId, summary, method, path }) => {
    const all = `${operationId} ${method} ${path} ${summary}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
}

/**
 * Why a tool cannot be called. Of its finding only the code is known here: a sentence that needs more than the tool
 * itself tells gives way to the code, and the finding is a click away.
 */
export function disabledReason({ disabled, method, path }: ToolSummary, language: SpokenLanguage): string {
  const code = disabled ?? ''
  const { sentence } = describeFinding({ code, details: { method, path }, fixable: false }, language)
  return /\{\w+\}/.test(sentence) ? code : sentence
}
