import { classes } from '../../ui/classes.ts'
import styles from './Keys.module.css'

/** How much of a limit is used, as a thin line: it warns from four fifths on, and is full beyond the whole. */
export function Bar({ share, label }: { readonly share: number; readonly label: string }) {
  const tone = share >= 1 ? 'barFull' : share >= 0.8 ? 'barNear' : null
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers draw a <meter> in their own way, never two pixels high
    <span
      role="meter"
      aria-label={label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      className={classes(styles['bar'], tone && styles[tone])}
    >
      <span style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
    </span>
  )
}
