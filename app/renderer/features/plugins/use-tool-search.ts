import { useEffect, useState } from 'react'
import { rpc } from '../../rpc/rpc.ts'

/** Milliseconds without a key before main is asked. */
const pause = 120
const none: ReadonlyMap<string, string> = new Map()

/** Plugins that have a tool with these words, and the first such tool; main knows the tools, the list does not. */
export function useToolSearch(words: readonly string[]): ReadonlyMap<string, string> {
  const text = words.join(' ').slice(0, 256)
  const [answer, setAnswer] = useState({ text: '', found: none })
  useEffect(() => {
    if (text.length < 2) return
    let current = true
    const timer = setTimeout(() => {
      // The list is filtered by what it shows in any case, so a search that fails is only fewer hits.
      rpc.plugins.search({ text }).then(
        ({ tools }) => {
          if (!current) return
          const found = new Map<string, string>()
          for (const { pluginId, operationId } of tools) if (!found.has(pluginId)) found.set(pluginId, operationId)
          setAnswer({ text, found })
        },
        () => {},
      )
    }, pause)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  return answer.text === text && text.length >= 2 ? answer.found : none
}
