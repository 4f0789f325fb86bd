import { type Dispatcher, Pool } from 'undici'

export interface Load {
  readonly requestsPerSecond: number
  /** Milliseconds of every request, sorted. */
  readonly times: readonly number[]
}
export const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0

/** The same request over so many kept-alive connections, each asking again when it was answered, for some milliseconds. */
export async function load(
  origin: string,
  request: Pick<Dispatcher.RequestOptions, 'path' | 'method' | 'headers' | 'body'>,
  connections: number,
  milliseconds: number,
): Promise<Load> {
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const times: number[] = []
  const end = performance.now() + milliseconds
  const from = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const asked = performance.now()
        const { statusCode, body } = await pool.request(request)
        await body.dump()
        if (statusCode !== 200) throw new Error(`answered ${statusCode}`)
        times.push(performance.now() - asked)
      }
    }),
  )
  const seconds = (performance.now() - from) / 1000
  await pool.close()
  return { requestsPerSecond: times.length / seconds, times: times.sort((a, b) => a - b) }
}
