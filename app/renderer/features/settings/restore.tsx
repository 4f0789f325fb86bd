import type { Backup, StoreState } from '../../../shared/contracts/store.ts'
import { currentLanguage, currentText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { confirm } from '../../shell/confirm.tsx'
import { run } from '../../shell/run.ts'
import { bytes, dateTime } from '../../ui/format.ts'

/** Puts a backup in the place of a whole database, once the operator has read what goes. */
export async function restoreBackup(backup: Backup, state: Extract<StoreState, { kind: 'ready' }>): Promise<void> {
  const t = currentText()
  const language = currentLanguage()
  const time = dateTime(backup.at, language)
  const yes = await confirm({
    title: t('settings.restoreTitle', { time }),
    children: (
      <>
        <p>{t('settings.restoreText', { size: bytes(state.sizeBytes, language) })}</p>
        <p>{t('settings.restoreLost', { time })}</p>
        <p>{t('settings.restoreSame')}</p>
      </>
    ),
    confirm: t('settings.restoreConfirm'),
    danger: true,
  })
  if (yes) await run(rpc.store.restore({ name: backup.name }))
}

/** Sets a damaged database aside and begins with an empty one, once the operator has agreed. */
export async function startEmpty(): Promise<void> {
  const t = currentText()
  const yes = await confirm({
    title: t('settings.emptyConfirmTitle'),
    children: <p>{t('settings.emptyConfirmText')}</p>,
    confirm: t('settings.emptyConfirm'),
    danger: true,
  })
  if (yes) await run(rpc.store.startEmpty())
}
