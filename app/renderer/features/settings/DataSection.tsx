import { DatabaseBackup } from 'lucide-react'
import { useState } from 'react'
import type { Backup, StoreState } from '../../../shared/contracts/store.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { useHost, useStoreState } from '../../shell/mirror-stores.ts'
import { run } from '../../shell/run.ts'
import { toast } from '../../shell/toasts.ts'
import { Button } from '../../ui/Button.tsx'
import { bytes, dateTime } from '../../ui/format.ts'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { Mono } from '../../ui/Mono.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { restoreBackup } from './restore.tsx'
import { SettingRow } from './SettingRow.tsx'
import styles from './Settings.module.css'
import type { PartKey } from './settings-search.ts'

type Ready = Extract<StoreState, { kind: 'ready' }>

export function DataSection({ found }: { readonly found: ReadonlySet<PartKey> }) {
  const state = useStoreState((store) => (store.state?.kind === 'ready' ? store.state : null))
  return (
    <>
      {found.has('folder') && <Folder />}
      {found.has('database') && state && <Database state={state} />}
      {found.has('backups') && state && <Backups state={state} />}
    </>
  )
}

function Folder() {
  const t = useText()
  const info = useHost((host) => host.info)
  if (!info) return null
  const kept = info.capabilities.secretStorage === 'key-file' ? 'settings.secretsFile' : 'settings.secretsSystem'
  return (
    <SettingRow title={t('settings.folder')} hint={t('settings.folderHint')}>
      <KeyValue
        items={[
          {
            key: 'folder',
            label: t('settings.folderPath'),
            value: <Mono>{info.dataFolder}</Mono>,
            copy: info.dataFolder,
          },
          { key: 'secrets', label: t('settings.secrets'), value: t(kept) },
        ]}
      />
    </SettingRow>
  )
}

function Database({ state }: { readonly state: Ready }) {
  const t = useText()
  const language = useLanguage()
  return (
    <SettingRow title={t('settings.database')}>
      <KeyValue
        items={[
          { key: 'file', label: t('settings.databaseFile'), value: <Mono>{state.file}</Mono>, copy: state.file },
          { key: 'size', label: t('settings.databaseSize'), value: bytes(state.sizeBytes, language) },
          { key: 'schema', label: t('settings.databaseSchema'), value: String(state.schemaVersion) },
          { key: 'checked', label: t('settings.databaseChecked'), value: <RelativeTime time={state.checkedAt} /> },
        ]}
      />
    </SettingRow>
  )
}

function Backups({ state }: { readonly state: Ready }) {
  const t = useText()
  const [busy, setBusy] = useState(false)
  const backUp = async () => {
    setBusy(true)
    const made = await run(rpc.store.backup())
    setBusy(false)
    if (made) toast({ text: t('settings.backupDone', { name: made.name }) })
  }
  return (
    <SettingRow title={t('settings.backups')} hint={t('settings.backupsHint')}>
      <div className={styles['inline']}>
        <Button icon={DatabaseBackup} busy={busy} onClick={() => void backUp()}>
          {t('settings.backupNow')}
        </Button>
      </div>
      {state.backups.length === 0 && <p className={styles['hint']}>{t('settings.backupNone')}</p>}
      <ul className={styles['backups']} aria-label={t('settings.backups')}>
        {state.backups.map((backup) => (
          <BackupLine key={backup.name} backup={backup}>
            <Button
              label={t('settings.restoreNamed', { name: backup.name })}
              onClick={() => void restoreBackup(backup, state)}
            >
              {t('settings.restore')}
            </Button>
          </BackupLine>
        ))}
      </ul>
    </SettingRow>
  )
}

/** A backup by its time, with what can be done to it. */
export function BackupLine({ backup, children }: { readonly backup: Backup; readonly children: React.ReactNode }) {
  const language = useLanguage()
  return (
    <li>
      <span title={backup.name}>
        {dateTime(backup.at, language)}{' '}
        <span className={styles['quiet']}>
          <RelativeTime time={backup.at} />
        </span>
      </span>
      <span className={styles['size']}>{bytes(backup.sizeBytes, language)}</span>
      {children}
    </li>
  )
}
