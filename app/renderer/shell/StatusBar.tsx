import { Languages, Moon, Sun } from 'lucide-react'
import { PlatformStatus } from '../features/platform/PlatformStatus.tsx'
import { useText } from '../i18n/language.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { isDark, switchLanguage, toggleTheme } from './appearance.ts'
import { useSettings } from './mirror-stores.ts'
import styles from './StatusBar.module.css'
import { DockerStatus } from './status/DockerStatus.tsx'
import { NoticeList } from './status/NoticeList.tsx'
import { TaskList } from './status/TaskList.tsx'

/** What is true everywhere, in one line: it never lies and never blocks. */
export function StatusBar() {
  const t = useText()
  useSettings()
  return (
    <section className={styles['bar']} aria-label={t('shell.statusBar')}>
      <DockerStatus />
      <PlatformStatus />
      <TaskList />
      <span className={styles['space']} />
      <NoticeList />
      <button type="button" className={styles['item']} onClick={switchLanguage} title={t('shell.otherLanguageHint')}>
        <Languages size={14} strokeWidth={1.5} aria-hidden />
        {t('shell.otherLanguage')}
      </button>
      <IconButton
        icon={isDark() ? Sun : Moon}
        label={isDark() ? t('shell.themeLight') : t('shell.themeDark')}
        onClick={toggleTheme}
      />
    </section>
  )
}
