import type { ReactNode } from 'react'
import styles from './Badge.module.css'
import { classes } from './classes.ts'
import type { Tone } from './ToneMark.tsx'

/** A short word or number about the thing beside it. */
export function Badge({ tone, children }: { readonly tone?: Tone | undefined; readonly children: ReactNode }) {
  return <span className={classes(styles['badge'], tone && styles[tone])}>{children}</span>
}
