import { useState } from 'react'
import type { StoreState } from '../../../shared/contracts/store.ts'
import { useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { run } from '../../shell/run.ts'
import { usePageTitle } from '../../shell/title.ts'
import { Button } from '../../ui/Button.tsx'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { Mono } from '../../ui/Mono.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { BackupLine } from './DataSection.tsx'
import { LogSection } from './LogSection.tsx'
import { startEmpty } from './restore.tsx'
import styles from './Settings.module.css'

/** In place of every page while the database is damaged: what is wrong, and the two ways out of it. */
export function RecoveryPage({ state }: { readonly state: Extract<StoreState, { kind: 'damaged' }> }) {
  const t = useText()
  usePageTitle(t('settings.repair'))
  const [busy, setBusy] = useState<string | null>(null)
  const { file, reason, backups } = state
  const restore = async (name: string) => {
    setBusy(name)
    await run(rpc.store.restore({ name }))
    setBusy(null)
  }
  return (
    <div className={styles['recovery']}>
      <div role="alert">
        <h2 className={styles['recoveryTitle']}>
          <StateMark state="fail" /> {t('settings.damagedTitle')}
        </h2>
        <p>{t('settings.damagedText')}</p>
      </div>
      <KeyValue
        items={[
          { key: 'file', label: t('settings.databaseFile'), value: <Mono>{file}</Mono>, copy: file },
          { key: 'reason', label: t('settings.damagedReason'), value: reason, copy: reason },
        ]}
      />
      <section>
        <h3>{t('settings.damagedBackups')}</h3>
        {backups.length === 0 && <p className={styles['hint']}>{t('settings.damagedNoBackups')}</p>}
        <ul className={styles['backups']} aria-label={t('settings.backups')}>
          {backups.map((backup, index) => (
            <BackupLine key={backup.name} backup={backup}>
              <Button
                variant={index === 0 ? 'primary' : 'plain'}
                label={t('settings.restoreNamed', { name: backup.name })}
                busy={busy === backup.name}
                disabled={busy !== null && busy !== backup.name}
                onClick={() => void restore(backup.name)}
              >
                {t('settings.damagedRestore')}
              </Button>
            </BackupLine>
          ))}
        </ul>
      </section>
      <section>
        <h3>{t('settings.emptyTitle')}</h3>
        <p className={styles['hint']}>{t('settings.emptyText')}</p>
        <Button variant="danger" disabled={busy !== null} onClick={() => void startEmpty()}>
          {t('settings.emptyStart')}
        </Button>
      </section>
      <p className={styles['hint']}>{t('settings.damagedKept')}</p>
      <section>
        <h3>{t('settings.log')}</h3>
        <LogSection />
      </section>
    </div>
  )
}
