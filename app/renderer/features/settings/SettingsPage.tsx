import { SearchX } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useRoute } from 'wouter'
import { useText } from '../../i18n/language.ts'
import { useHost } from '../../shell/mirror-stores.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Toolbar } from '../../ui/Toolbar.tsx'
import { AppearanceSection } from './AppearanceSection.tsx'
import { AuditSection } from './AuditSection.tsx'
import { ConsoleSection } from './ConsoleSection.tsx'
import { DataSection } from './DataSection.tsx'
import { DockerSection } from './DockerSection.tsx'
import { LogSection } from './LogSection.tsx'
import { PlatformSection } from './PlatformSection.tsx'
import styles from './Settings.module.css'
import { SupportSection } from './SupportSection.tsx'
import { findParts, type PartKey, type SectionKey, sectionsOf } from './settings-search.ts'
import { VaultSection } from './VaultSection.tsx'

const contents: Record<SectionKey, (found: ReadonlySet<PartKey>) => React.ReactNode> = {
  appearance: (found) => <AppearanceSection found={found} />,
  docker: () => <DockerSection />,
  vault: (found) => <VaultSection found={found} />,
  localPlatform: (found) => <PlatformSection found={found} />,
  console: (found) => <ConsoleSection found={found} />,
  data: (found) => <DataSection found={found} />,
  audit: () => <AuditSection />,
  log: () => <LogSection />,
  support: (found) => <SupportSection found={found} />,
}
const idOf = (section: string) => `settings-${section}`

/** One page; `#/settings/audit` comes into view at that section. */
export function SettingsPage() {
  const t = useText()
  const capabilities = useHost(({ info }) => info?.capabilities ?? null)
  const [query, setQuery] = useState('')
  const [, params] = useRoute('/settings/:section?')
  const current = params?.section
  const body = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': { label: t('settings.search'), run: () => field.current?.focus() } }, t('shell.settings'))
  useEffect(() => {
    // Not scrollIntoView, which also scrolls the frame around the page.
    const section = current && document.getElementById(idOf(current))
    if (section) body.current?.scrollTo({ top: section.offsetTop })
  }, [current])
  const found = findParts(query, t, capabilities)
  const shown = sectionsOf(found)
  return (
    <>
      <Toolbar>
        <div className={styles['grow']}>
          <SearchField ref={field} label={t('settings.search')} value={query} onChange={setQuery} shortcut="/" />
        </div>
      </Toolbar>
      <div className={styles['page']}>
        <nav className={styles['nav']} aria-label={t('settings.sections')}>
          {shown.map((section) => (
            <a key={section} href={`#/settings/${section}`} aria-current={section === current ? 'true' : undefined}>
              {t(`settings.${section}`)}
            </a>
          ))}
        </nav>
        <div ref={body} className={styles['body']}>
          {shown.map((section) => (
            <section
              key={section}
              id={idOf(section)}
              className={styles['section']}
              aria-labelledby={`${idOf(section)}-title`}
            >
              <h2 id={`${idOf(section)}-title`}>{t(`settings.${section}`)}</h2>
              {contents[section](found)}
            </section>
          ))}
          {shown.length === 0 && (
            <EmptyState
              icon={SearchX}
              title={t('settings.nothingTitle')}
              action={<Button onClick={() => setQuery('')}>{t('common.clear')}</Button>}
            >
              {t('settings.nothingText')}
            </EmptyState>
          )}
        </div>
      </div>
    </>
  )
}
