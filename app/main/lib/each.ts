/** Runs `work` for each item, at most `width` at a time, in order of the list. `work` must not throw for one that failed. */
export async function eachOf<T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  // One iterator for all workers: whoever is free takes the next item.
  const rest = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
