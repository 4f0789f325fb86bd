import type { Sample } from '../../../shared/contracts/services.ts'

/** Ten minutes of one a second. */
const SIZE = 600

/** The newest readings of one service, 14 KB whatever happens. */
export function createSampleRing() {
  const values = new Float64Array(SIZE * 3)
  let count = 0
  const at = (index: number): Sample => {
    const from = (index % SIZE) * 3
    return { time: values[from]!, cpuPercent: values[from + 1]!, memoryBytes: values[from + 2]! }
  }
  return {
    push({ time, cpuPercent, memoryBytes }: Sample): void {
      values.set([time, cpuPercent, memoryBytes], (count++ % SIZE) * 3)
    },
    newest: (): Sample | null => (count === 0 ? null : at(count - 1)),
    /** Oldest first. */
    all: (): Sample[] => Array.from({ length: Math.min(count, SIZE) }, (_, n) => at(Math.max(0, count - SIZE) + n)),
  }
}
export type SampleRing = ReturnType<typeof createSampleRing>
