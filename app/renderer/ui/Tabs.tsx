import { classes } from './classes.ts'
import styles from './Tabs.module.css'

export interface Tab {
  readonly key: string
  readonly label: string
  /** Starts with `#/`: every tab has an address of its own. */
  readonly href: string
}

/** Tabs that are addresses, so they are links: Back works, and a tab can be opened beside. */
export function Tabs({
  tabs,
  active,
  label,
}: {
  readonly tabs: readonly Tab[]
  readonly active: string
  readonly label: string
}) {
  return (
    <nav aria-label={label} className={styles['tabs']}>
      {tabs.map((tab) => (
        <a
          key={tab.key}
          href={tab.href}
          aria-current={tab.key === active ? 'page' : undefined}
          className={classes(styles['tab'], tab.key === active && styles['active'])}
        >
          {tab.label}
        </a>
      ))}
    </nav>
  )
}
