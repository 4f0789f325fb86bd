import { Download } from 'lucide-react'
import { useState } from 'react'
import { useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { keepFile } from '../../shell/keep-file.ts'
import { useHost } from '../../shell/mirror-stores.ts'
import { run } from '../../shell/run.ts'
import { Button } from '../../ui/Button.tsx'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { SettingRow } from './SettingRow.tsx'
import styles from './Settings.module.css'
import type { PartKey } from './settings-search.ts'

export function SupportSection({ found }: { readonly found: ReadonlySet<PartKey> }) {
  return (
    <>
      {found.has('bundle') && <Bundle />}
      {found.has('versions') && <Versions />}
    </>
  )
}

function Bundle() {
  const t = useText()
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    keepFile(await run(rpc.host.exportSupportBundle()))
    setBusy(false)
  }
  return (
    <SettingRow title={t('settings.bundle')} hint={t('settings.bundleHint')}>
      <div className={styles['inline']}>
        <Button icon={Download} busy={busy} onClick={() => void save()}>
          {t('settings.bundleExport')}
        </Button>
      </div>
    </SettingRow>
  )
}

function Versions() {
  const t = useText()
  const info = useHost((host) => host.info)
  if (!info) return null
  return (
    <SettingRow title={t('settings.versions')}>
      <KeyValue
        items={[
          { key: 'version', label: t('settings.version'), value: info.version, copy: info.version },
          { key: 'runtime', label: t('settings.runtime'), value: info.runtime },
          { key: 'platform', label: t('settings.platform'), value: info.platform },
          { key: 'pid', label: t('settings.process'), value: String(info.pid), copy: String(info.pid) },
        ]}
      />
    </SettingRow>
  )
}
