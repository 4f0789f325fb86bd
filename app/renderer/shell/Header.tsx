import { Search } from 'lucide-react'
import { useText } from '../i18n/language.ts'
import { Keys } from '../ui/Keys.tsx'
import styles from './Header.module.css'
import { openPalette } from './palette/palette-store.ts'

export function Header({ title }: { readonly title: string }) {
  const t = useText()
  return (
    <header className={styles['header']}>
      <h1 className={styles['title']}>{title}</h1>
      <button type="button" className={styles['search']} onClick={openPalette} aria-haspopup="dialog">
        <Search size={14} strokeWidth={1.5} aria-hidden />
        <span>{t('shell.search')}</span>
        <Keys keys="Mod+K" />
      </button>
    </header>
  )
}
