/**
 * What a decision has to look at of every key and candidate, side by side in memory: a thousand objects spread over the
 * heap cost more to fetch than to judge. A standing has one place on it and keeps it up to date.
 */
export interface Board {
  /** Until then nothing but a large request can stand in the way; -Infinity where something may. */
  clearUntil: Float64Array
  /** Tokens that surely fit into the minute. */
  room: Float64Array
  /** Grows with every change. */
  versions: Float64Array
  /** Milliseconds; 0 where nothing is known. */
  latency: Float64Array
  running: Float64Array
  /** Grows with every change of `latency` or `running`. */
  changes: number
  /** A place for a new standing; 40 bytes, never given to another. */
  take(): number
}

const FIRST_SIZE = 64

export function createBoard(): Board {
  let used = 0

  const grown = (column: Float64Array): Float64Array => {
    const larger = new Float64Array(column.length * 2)
    larger.set(column)
    return larger
  }

  const board: Board = {
    clearUntil: new Float64Array(FIRST_SIZE),
    room: new Float64Array(FIRST_SIZE),
    versions: new Float64Array(FIRST_SIZE),
    latency: new Float64Array(FIRST_SIZE),
    running: new Float64Array(FIRST_SIZE),
    changes: 0,
    take() {
      const place = used++
      if (place >= board.clearUntil.length) {
        board.clearUntil = grown(board.clearUntil)
        board.room = grown(board.room)
        board.versions = grown(board.versions)
        board.latency = grown(board.latency)
        board.running = grown(board.running)
      }
      return place
    },
  }
  return board
}
