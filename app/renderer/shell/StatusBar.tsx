import { useText } from '../i18n/language.ts'
import styles from './StatusBar.module.css'

export function StatusBar() {
  const t = useText()
  return <section className={styles['bar']} aria-label={t('shell.statusBar')} />
}
