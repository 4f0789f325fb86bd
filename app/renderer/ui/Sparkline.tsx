import styles from './Sparkline.module.css'

export interface Point {
  /** Milliseconds. */
  readonly time: number
  readonly value: number
}

const height = 24
const width = 120

/** A line over time that starts at zero. Where nothing was measured for longer than `gap` it is interrupted. */
export function Sparkline({
  points,
  from,
  to,
  max,
  label,
  gap = 5000,
}: {
  readonly points: readonly Point[]
  readonly from: number
  readonly to: number
  /** The top of the scale; without it, the highest value shown. */
  readonly max?: number | undefined
  readonly label: string
  readonly gap?: number
}) {
  const shown = points.filter(({ time }) => time >= from && time <= to)
  const top = Math.max(max ?? 0, ...(max === undefined ? shown.map(({ value }) => value) : []), Number.EPSILON)
  const x = (time: number) => ((time - from) / Math.max(1, to - from)) * width
  const y = (value: number) => height - 1 - (Math.min(value, top) / top) * (height - 2)
  const path = shown.map(({ time, value }, index) => {
    const previous = shown[index - 1]
    const draw = previous && time - previous.time <= gap ? 'L' : 'M'
    return `${draw}${x(time).toFixed(1)} ${y(value).toFixed(1)}`
  })
  return (
    <svg
      className={styles['sparkline']}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${height - 0.5}H${width}`} className={styles['base']} />
      <path d={path.join('')} className={styles['line']} />
    </svg>
  )
}
