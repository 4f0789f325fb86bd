import type { ReactNode } from 'react'
import { type Mark, StateMark } from '../StateMark.tsx'
import styles from './GroupLine.module.css'

export interface MarkCount {
  readonly mark: Mark
  readonly count: number
  /** The same in words. */
  readonly words: string
}

/** The header of a group of rows: its name, how many of its rows are how, and what can be done to all of them. */
export function GroupLine({
  name,
  counts = [],
  text,
  children,
}: {
  readonly name: string
  readonly counts?: readonly MarkCount[]
  /** What else is to be said of the group. */
  readonly text?: string | undefined
  readonly children?: ReactNode
}) {
  return (
    <span className={styles['line']}>
      <span className={styles['name']} title={name}>
        {name}
      </span>
      <span className={styles['counts']}>
        {counts
          .filter(({ count }) => count > 0)
          .map(({ mark, count, words }) => (
            <span key={mark} className={styles['count']} title={words}>
              <StateMark state={mark} label={words} />
              <span aria-hidden>{count}</span>
            </span>
          ))}
        {text && <span>{text}</span>}
      </span>
      {children}
    </span>
  )
}
