import { useText } from '../i18n/language.ts'
import { classes } from '../ui/classes.ts'
import { type Page, pages } from './pages.ts'
import styles from './Rail.module.css'

export function Rail({ current }: { readonly current: string }) {
  const t = useText()
  return (
    <nav className={styles['rail']} aria-label={t('shell.pages')}>
      {pages.map((page) => (
        <RailLink key={page.key} page={page} current={page.key === current} />
      ))}
    </nav>
  )
}

const none = () => 0

function RailLink({ page, current }: { readonly page: Page; readonly current: boolean }) {
  const t = useText()
  const { icon: Icon, useAttention = none } = page
  const attention = useAttention()
  return (
    <a
      href={`#${page.path}`}
      className={classes(styles['link'], current && styles['current'])}
      aria-current={current ? 'page' : undefined}
    >
      <Icon size={16} strokeWidth={1.5} aria-hidden />
      <span className={styles['label']}>{t(page.titleKey)}</span>
      {attention > 0 && (
        <span className={styles['badge']} role="img" aria-label={t('shell.attention', { count: attention })}>
          {attention > 99 ? '99+' : attention}
        </span>
      )}
    </a>
  )
}
