import { lazy, Suspense, useId, useRef } from 'react'
import styles from './Chart.module.css'
import { useWidth } from './use-width.ts'

// The chart library weighs half of what the page begins with: only who looks at a chart loads it.
const ChartPlot = lazy(async () => ({ default: (await import('./ChartPlot.tsx')).ChartPlot }))

/** One bar of a chart: an hour, a day. */
export interface ChartBar {
  readonly label: string
  readonly value: number
  /** The part of `value` that failed. */
  readonly bad?: number
}

/**
 * Bars over time that start at zero; what failed stands at their foot, and where nothing was there is a gap. The mouse
 * and the arrow keys tell each bar; who cannot see them reads the same as a table, beside the chart or behind it.
 */
export function Chart({
  bars,
  label,
  write,
  tick,
  top: topWords,
  table,
}: {
  readonly bars: readonly ChartBar[]
  /** What is counted, for how long: stands above the axis. */
  readonly label: string
  /** What one bar says, without its label. */
  readonly write: (bar: ChartBar) => string
  /** Writes a height at the axis, with its unit where it has one, in some eight characters. */
  readonly tick: (value: number) => string
  /** Says the height of the highest. */
  readonly top: (value: number) => string
  /** `beside`: the page shows the same figures as a table. `behind`: nobody but a screen reader sees one. */
  readonly table: 'beside' | 'behind'
}) {
  const plot = useRef<HTMLDivElement>(null)
  const width = useWidth(plot)
  const describedBy = useId()
  const top = Math.max(0, ...bars.map(({ value }) => value))
  return (
    <figure className={styles['chart']}>
      <figcaption className={styles['caption']}>
        <span>{label}</span>
        <span id={describedBy}>{top > 0 && topWords(top)}</span>
      </figcaption>
      <div ref={plot} className={styles['plot']}>
        <Suspense fallback={null}>
          <ChartPlot {...{ bars, label, write, tick, top, width, describedBy }} />
        </Suspense>
      </div>
      {table === 'behind' && (
        <div className={styles['behind']}>
          <table>
            <caption>{label}</caption>
            <tbody>
              {bars
                .filter(({ value }) => value > 0)
                .map((bar) => (
                  <tr key={bar.label}>
                    <th scope="row">{bar.label}</th>
                    <td>{write(bar)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      )}
    </figure>
  )
}
