import { FolderSync, X } from 'lucide-react'
import { useState } from 'react'
import type { WatchedFolder } from '../../../../shared/contracts/plugins.ts'
import { describeError, knownCode } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { asAppError, run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import { FindingList } from '../findings/FindingList.tsx'
import styles from './Dialogs.module.css'

/** Folders that are read anew by themselves when something in them changes. */
export function WatchedFoldersDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const [folders, setFolders] = useState<readonly WatchedFolder[] | null>(null)
  const [error, setError] = useState<Error | null>(null)
  useEvent(rpc.plugins.onWatchedFolders, undefined, (update) => setFolders(update.folders), setError)
  return (
    <Dialog wide title={t('plugins.watchedFoldersTitle')} open onClose={onClose}>
      <p>{t('plugins.watchedFoldersText')}</p>
      <AddFolder />
      {error && <Failed error={error} />}
      {folders === null && !error && <SkeletonRows count={3} />}
      {folders?.length === 0 && (
        <p className={styles['empty']}>
          <FolderSync size={16} strokeWidth={1.5} aria-hidden /> {t('plugins.noWatchedFolders')}
        </p>
      )}
      <ul>
        {folders?.map((folder) => (
          <OneFolder key={folder.path} folder={folder} />
        ))}
      </ul>
    </Dialog>
  )
}

function AddFolder() {
  const t = useText()
  const language = useLanguage()
  const [path, setPath] = useState('')
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const add = async () => {
    if (path.trim() === '' || busy) return
    setBusy(true)
    try {
      await rpc.plugins.watch({ path: path.trim() })
      setPath('')
    } catch (error) {
      const { code, details } = asAppError(error)
      setRefused(describeError(code, details, language).sentence)
    }
    setBusy(false)
  }
  return (
    <div className={styles['add']}>
      <TextField
        mono
        label={t('plugins.folderPath')}
        value={path}
        placeholder={t('plugins.folderPlaceholder')}
        error={refused}
        onChange={(next) => {
          setRefused(null)
          setPath(next)
        }}
        onEnter={() => void add()}
      />
      <Button variant="primary" disabled={path.trim() === ''} busy={busy} onClick={() => void add()}>
        {t('plugins.watch')}
      </Button>
    </div>
  )
}

function OneFolder({ folder: { path, readAt, pluginCount, failure, findings } }: { readonly folder: WatchedFolder }) {
  const t = useText()
  const language = useLanguage()
  const wrong = failure !== null
  return (
    <li className={styles['folder']}>
      <span className={styles['mark']}>
        <StateMark state={wrong ? 'fail' : readAt === null ? 'busy' : 'ok'} />
      </span>
      <span className={styles['path']}>
        <Mono>{path}</Mono>
      </span>
      <span className={styles['buttons']}>
        <CopyButton text={path} label={t('common.copyNamed', { name: path })} />
        <IconButton
          icon={X}
          label={t('plugins.stopWatchingNamed', { path })}
          onClick={() => void run(rpc.plugins.unwatch({ path }))}
        />
      </span>
      <div className={styles['more']}>
        <p>
          {readAt === null ? (
            t('plugins.neverRead')
          ) : (
            <RelativeTime time={readAt} write={(time) => t('plugins.readAt', { time, count: pluginCount })} />
          )}
        </p>
        {failure && (
          <p className={styles['fail']}>
            {describeError(knownCode(failure.code), failure.details, language).sentence} {t('plugins.lastGoodStays')}
          </p>
        )}
        {findings.length > 0 && <FindingList findings={findings} />}
      </div>
    </li>
  )
}
