import { useCallback, useEffect, useRef, useState } from 'react'
import { rpc, useEvent } from '../../rpc/rpc.ts'
import { createLogRows, type LogRows } from './log-rows.ts'
import { createLogSearch, nothingFound, type SearchResult } from './log-search.ts'
import { type Pattern, patternOf, type Query } from './search-protocol.ts'

/** Lines the page begins with. */
const TAIL = 1000
/** Milliseconds between two renderings: a flood of lines must leave time for clicks. */
const PERIOD = 80

/** The rows of one service's log, for as long as the component is on screen. Give it a key per service. */
export function useLog(id: string): LogRows {
  const [log] = useState(createLogRows)
  const [view, setView] = useState(log.view)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const drawn = useRef(0)
  useEffect(() => () => clearTimeout(timer.current ?? undefined), [])
  const draw = useCallback(() => {
    timer.current = null
    drawn.current = performance.now()
    setView(log.view())
  }, [log])
  useEvent(rpc.services.onLogs, { id, tail: TAIL }, (update) => {
    log.apply(update)
    timer.current ??= setTimeout(draw, Math.max(0, drawn.current + PERIOD - performance.now()))
  })
  return view
}

/** What the operator typed to find or to leave out. */
export interface SearchDraft {
  readonly text: string
  readonly exclude: string
  readonly isRegex: boolean
}
export interface LogSearch extends SearchResult {
  /** Whether something is looked for. */
  readonly active: boolean
  /** What is wrong with an expression. */
  readonly error: string | null
}

/** Looks through the rows in a worker; a draft that is no expression keeps nothing found and says why. */
export function useLogSearch(view: LogRows, draft: SearchDraft): LogSearch {
  const [result, setResult] = useState(nothingFound)
  const [search] = useState(() => createLogSearch(setResult))
  const rows = useRef(view.rows)
  rows.current = view.rows
  const { text, exclude, isRegex } = draft
  const { query, error } = queryOf(text, exclude, isRegex)
  const key = JSON.stringify(query)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a query is the same when it says the same
  useEffect(() => search.ask(query, rows.current), [search, key])
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are mutated; their version tells
  useEffect(() => search.add(view.rows), [search, view.version])
  useEffect(() => search.stop, [search])
  return { ...result, active: query.find !== null, error }
}

function queryOf(text: string, exclude: string, isRegex: boolean): { query: Query; error: string | null } {
  let error: string | null = null
  const pattern = (typed: string): Pattern | null => {
    const found = patternOf(typed, isRegex)
    if (found === null || !('error' in found)) return found
    error ??= found.error
    return null
  }
  const query = { find: pattern(text), exclude: pattern(exclude) }
  return { query, error }
}
