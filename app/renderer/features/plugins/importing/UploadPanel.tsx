import { CircleStop, RotateCw, X } from 'lucide-react'
import { describeError } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { useTasks } from '../../../shell/mirror-stores.ts'
import { run } from '../../../shell/run.ts'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { bytes, percent } from '../../../ui/format.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Progress } from '../../../ui/Progress.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import styles from './Importing.module.css'
import { dropUpload, retryUpload, type Upload, type UploadState, useUploads } from './uploads.ts'

/** What is on its way, above the page and out of the way of it; what failed stays until it is dismissed. */
export function UploadPanel() {
  const t = useText()
  const uploads = useUploads((state) => state.uploads)
  return (
    <section className={styles['panel']} aria-label={t('plugins.uploads')} aria-live="polite" aria-relevant="additions">
      <ul>
        {uploads.map((upload) => (
          <OneUpload key={upload.key} upload={upload} />
        ))}
      </ul>
    </section>
  )
}

function OneUpload({ upload: { key, dropped, state } }: { readonly upload: Upload }) {
  const t = useText()
  const language = useLanguage()
  const { name } = dropped
  const failed = state.kind === 'failed'
  const share = state.kind === 'sending' && state.bytes > 0 ? state.sent / state.bytes : null
  return (
    <li className={styles['upload']} role={failed ? 'alert' : undefined}>
      <span className={styles['uploadMark']}>
        <StateMark state={failed ? 'fail' : state.kind === 'waiting' ? 'unknown' : 'busy'} />
      </span>
      <span className={styles['uploadName']} title={name}>
        {name}
      </span>
      <span className={styles['uploadButtons']}>
        {failed && (
          <IconButton icon={RotateCw} label={t('plugins.uploadAgain', { name })} onClick={() => retryUpload(key)} />
        )}
        {failed ? (
          <IconButton icon={X} label={t('plugins.uploadDismiss', { name })} onClick={() => dropUpload(key)} />
        ) : state.kind === 'reading' ? (
          <CancelReading name={name} />
        ) : (
          <IconButton icon={CircleStop} label={t('plugins.uploadCancel', { name })} onClick={() => dropUpload(key)} />
        )}
      </span>
      <div className={styles['uploadMore']}>
        {state.kind === 'waiting' && t('plugins.uploadWaiting')}
        {state.kind === 'reading' && (
          <>
            {t('plugins.uploadReading')}
            <Progress value={null} label={t('plugins.uploadReadingNamed', { name })} />
          </>
        )}
        {state.kind === 'sending' && (
          <>
            {t('plugins.uploadSent', { sent: bytes(state.sent, language), all: bytes(state.bytes, language) })}
            {share !== null && ` · ${percent(Math.floor(share * 100), language)}`}
            <Progress value={share} label={t('plugins.uploadSending', { name })} />
          </>
        )}
        {failed && <Failed code={state.code} details={state.details} />}
      </div>
    </li>
  )
}

/** Reading is main's task by then, and is cancelled there. */
function CancelReading({ name }: { readonly name: string }) {
  const t = useText()
  const task = useTasks(({ byId }) =>
    [...byId.values()].find(
      ({ state, title, cancellable }) =>
        state === 'running' && cancellable && title.kind === 'importPackage' && title.name === name,
    ),
  )
  if (!task) return null
  return (
    <IconButton
      icon={CircleStop}
      label={t('plugins.uploadCancel', { name })}
      onClick={() => void run(rpc.tasks.cancel({ id: task.id }))}
    />
  )
}

function Failed({ code, details }: Pick<Extract<UploadState, { kind: 'failed' }>, 'code' | 'details'>) {
  const t = useText()
  const { sentence, advice } = describeError(code, details, useLanguage())
  return (
    <>
      <p className={styles['uploadFailed']}>{sentence}</p>
      {advice && <p>{advice}</p>}
      <p className={styles['code']}>
        <code>{code}</code>
        <CopyButton text={`${code}\n${sentence}\n${JSON.stringify(details)}`} label={t('common.copyDetails')} />
      </p>
    </>
  )
}
