import { useText } from '../i18n/language.ts'
import styles from './Sparkline.module.css'

export interface Point {
  /** Milliseconds. */
  readonly time: number
  readonly value: number
}

const height = 24
const width = 120

/**
 * A line over time that starts at zero, above an axis that says how far it reaches. Where nothing was measured for
 * longer than `gap` it is interrupted; a reading that stands alone is a dot.
 */
export function Sparkline({
  points,
  from,
  to,
  max,
  label,
  write,
  gap = 5000,
}: {
  readonly points: readonly Point[]
  readonly from: number
  readonly to: number
  /** The top of the scale; without it, the highest value shown. */
  readonly max?: number | undefined
  readonly label: string
  /** Writes the top of the scale. */
  readonly write: (value: number) => string
  readonly gap?: number
}) {
  const t = useText()
  const shown = points.filter(({ time }) => time >= from && time <= to)
  const top = Math.max(max ?? 0, ...(max === undefined ? shown.map(({ value }) => value) : []), Number.EPSILON)
  const x = (time: number) => ((time - from) / Math.max(1, to - from)) * width
  const y = (value: number) => height - 1 - (Math.min(value, top) / top) * (height - 2)
  const joined = (a: Point | undefined, b: Point | undefined) => a && b && b.time - a.time <= gap
  const at = ({ time, value }: Point) => `${x(time).toFixed(1)} ${y(value).toFixed(1)}`
  const line = shown.map((point, index) => `${joined(shown[index - 1], point) ? 'L' : 'M'}${at(point)}`)
  const alone = shown.filter((point, index) => !joined(shown[index - 1], point) && !joined(point, shown[index + 1]))
  return (
    <div>
      <svg
        className={styles['sparkline']}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path d={`M0 ${height - 0.5}H${width}`} className={styles['base']} />
        <path d={line.join('')} className={styles['line']} />
        {/* A line without a length, whose round ends make a dot that the stretched picture does not distort. */}
        <path d={alone.map((point) => `M${at(point)}h0`).join('')} className={styles['dot']} />
      </svg>
      <div className={styles['axis']}>
        <span>{t('common.chartSpan', { count: Math.round((to - from) / 60_000) })}</span>
        {shown.length > 0 && <span>{t('common.chartTop', { value: write(top) })}</span>}
      </div>
    </div>
  )
}
