import type { LineRow, LogRow } from './log-rows.ts'
import type { Query, SearchAnswer, SearchRequest } from './search-protocol.ts'

/** Lines handed to the worker at once. */
const PORTION = 4000
/** Milliseconds for one portion; an expression that needs longer is given up. */
export const PATIENCE = 2000

export interface SearchWorker {
  postMessage(request: SearchRequest): void
  onmessage: ((event: { data: SearchAnswer }) => void) | null
  terminate(): void
}
const startWorker = (): SearchWorker =>
  new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' }) as unknown as SearchWorker

export interface SearchResult {
  /** Places found in each line by its `seq`: start, end, start, end … */
  readonly places: ReadonlyMap<number, readonly number[]>
  /** The lines found, in order. */
  readonly lines: readonly number[]
  readonly excluded: ReadonlySet<number>
  /** The expression took too long and was given up. */
  readonly tooSlow: boolean
  readonly version: number
}
export const nothingFound: SearchResult = {
  places: new Map(),
  lines: [],
  excluded: new Set(),
  tooSlow: false,
  version: 0,
}

/** Looks through rows as they come, beside the page, and tells each portion's result. */
export function createLogSearch(onResult: (result: SearchResult) => void, start = startWorker) {
  let worker: SearchWorker | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let query: Query = { find: null, exclude: null }
  let waiting: LineRow[] = []
  let underWay: LineRow[] | null = null
  let lastSeq = 0
  let lastId = 0
  let version = 0
  let places = new Map<number, number[]>()
  let lines: number[] = []
  let excluded = new Set<number>()
  let tooSlow = false

  const tell = () => onResult({ places, lines, excluded, tooSlow, version: ++version })
  function stopWorker(): void {
    if (timer) clearTimeout(timer)
    timer = null
    worker?.terminate()
    worker = null
    underWay = null
  }
  function giveUp(): void {
    stopWorker()
    waiting = []
    tooSlow = true
    tell()
  }
  function sendNext(): void {
    if (underWay || waiting.length === 0 || tooSlow) return
    worker ??= start()
    worker.onmessage = ({ data }) => receive(data)
    underWay = waiting.splice(0, PORTION)
    timer = setTimeout(giveUp, PATIENCE)
    worker.postMessage({ id: ++lastId, query, texts: underWay.map((row) => row.ansi.plain) })
  }
  function receive({ id, found, excluded: left }: SearchAnswer): void {
    if (id !== lastId || !underWay) return
    if (timer) clearTimeout(timer)
    const rows = underWay
    underWay = null
    for (const index of left) excluded.add(rows[index]!.seq)
    for (let i = 0; i < found.length; i += 3) {
      const { seq } = rows[found[i]!]!
      const own = places.get(seq)
      if (own) own.push(found[i + 1]!, found[i + 2]!)
      else {
        places.set(seq, [found[i + 1]!, found[i + 2]!])
        lines.push(seq)
      }
    }
    tell()
    sendNext()
  }
  /** Forgets what is no longer held. */
  function dropBefore(firstSeq: number): void {
    if ((lines[0] ?? firstSeq) < firstSeq) {
      lines = lines.filter((seq) => seq >= firstSeq)
      for (const seq of places.keys()) if (seq < firstSeq) places.delete(seq)
    }
    for (const seq of excluded) {
      if (seq >= firstSeq) break
      excluded.delete(seq)
    }
  }

  return {
    /** Starts again with another query. */
    ask(next: Query, rows: readonly LogRow[]): void {
      stopWorker()
      query = next
      waiting = []
      lastSeq = 0
      places = new Map()
      lines = []
      excluded = new Set()
      tooSlow = false
      tell()
      this.add(rows)
    },
    /** Looks through the rows that came since. */
    add(rows: readonly LogRow[]): void {
      if (!query.find && !query.exclude) return
      const from = firstAfter(rows, lastSeq)
      for (const row of rows.slice(from)) if (row.kind === 'line') waiting.push(row)
      lastSeq = rows.at(-1)?.seq ?? lastSeq
      if (rows[0]) dropBefore(rows[0].seq)
      sendNext()
    },
    stop: stopWorker,
  }
}

/** Index of the first row with a greater `seq`; rows are in order. */
export function firstAfter(rows: readonly LogRow[], seq: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]!.seq <= seq) low = middle + 1
    else high = middle
  }
  return low
}
