import { Bar, BarChart, CartesianGrid, Tooltip, type TooltipContentProps, XAxis, YAxis } from 'recharts'
import styles from './Chart.module.css'
import type { ChartBar } from './Chart.tsx'

const height = 96
// The library's own grey fails on dark. Variables, so that a change of the theme asks nothing of the chart.
const text = { fill: 'var(--text-2)', fontSize: 11 }
const line = { stroke: 'var(--line-strong)' }
// One width for all, so that charts below each other share their hours; "$0.000004" fits.
const axisWidth = 72

/** The drawing inside a chart, by recharts. It is as wide as it is told and measures nothing but the words at its foot. */
export function ChartPlot({
  bars,
  label,
  write,
  tick,
  top,
  width,
  describedBy,
}: {
  readonly bars: readonly ChartBar[]
  readonly label: string
  readonly write: (bar: ChartBar) => string
  readonly tick: (value: number) => string
  /** The highest value. */
  readonly top: number
  readonly width: number
  /** The element that describes the chart further. */
  readonly describedBy: string
}) {
  const data = bars.map((bar) => {
    const bad = Math.min(bar.bad ?? 0, bar.value)
    return { label: bar.label, bad, good: bar.value - bad }
  })
  const told = ({ active, activeIndex }: Pick<TooltipContentProps, 'active' | 'activeIndex'>) => {
    const bar = active ? bars[Number(activeIndex)] : undefined
    return bar && <p className={styles['told']} role="status">{`${bar.label} · ${write(bar)}`}</p>
  }
  // A part that is there is seen, however small.
  const seen = (of: 'good' | 'bad') => (_: unknown, index: number) => (data[index]?.[of] ? 1 : 0)
  return (
    <BarChart
      data={data}
      width={width}
      height={height}
      margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
      barCategoryGap="20%"
      role="img"
      aria-label={label}
      aria-describedby={describedBy}
    >
      {top > 0 && <CartesianGrid vertical={false} stroke="var(--line)" />}
      <XAxis
        dataKey="label"
        height={20}
        tick={text}
        tickLine={false}
        axisLine={line}
        interval="equidistantPreserveStart"
        minTickGap={12}
      />
      <YAxis
        width={axisWidth}
        tick={text}
        tickLine={false}
        axisLine={false}
        tickFormatter={tick}
        allowDecimals={false}
        tickCount={3}
        interval={0}
        {...(top === 0 && { domain: [0, 1], ticks: [0] })}
      />
      <Tooltip
        content={told}
        cursor={{ fill: 'var(--surface-2)', stroke: 'none' }}
        position={{ y: 0 }}
        isAnimationActive={false}
      />
      <Bar
        dataKey="bad"
        stackId="bar"
        fill="var(--fail)"
        maxBarSize={32}
        minPointSize={seen('bad')}
        isAnimationActive={false}
      />
      <Bar
        dataKey="good"
        stackId="bar"
        fill="var(--accent)"
        maxBarSize={32}
        minPointSize={seen('good')}
        isAnimationActive={false}
      />
    </BarChart>
  )
}
