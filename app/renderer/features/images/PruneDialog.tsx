import { useEffect, useState } from 'react'
import type { Image } from '../../../shared/contracts/images.ts'
import { describeError } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { asAppError } from '../../shell/run.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { bytes } from '../../ui/format.ts'
import { SegmentedControl } from '../../ui/SegmentedControl.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import styles from './Images.module.css'
import { imageName, shortId } from './image-rules.ts'
import { removeImages } from './remove-images.ts'

type Scope = 'dangling' | 'unused'
type Preview =
  | { readonly kind: 'looking' }
  | { readonly kind: 'known'; readonly images: readonly Image[]; readonly reclaimBytes: number }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Shows what a prune would take, and removes exactly what it showed. */
export function PruneDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const [scope, setScope] = useState<Scope>('dangling')
  const preview = usePreview(scope)
  const images = preview.kind === 'known' ? preview.images : []
  const confirm = () => {
    onClose()
    if (images.length > 0) void removeImages(images, false)
  }
  return (
    <ConfirmDialog
      danger
      title={t('images.pruneTitle')}
      confirm={t('images.pruneConfirm', { count: images.length })}
      busy={preview.kind === 'looking'}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <SegmentedControl
        label={t('images.pruneScope')}
        value={scope}
        options={[
          { value: 'dangling', label: t('images.pruneDangling') },
          { value: 'unused', label: t('images.pruneUnused') },
        ]}
        onChange={setScope}
      />
      <p>{t(scope === 'dangling' ? 'images.pruneDanglingText' : 'images.pruneUnusedText')}</p>
      <Found preview={preview} />
    </ConfirmDialog>
  )
}

function usePreview(scope: Scope): Preview {
  const [preview, setPreview] = useState<Preview>({ kind: 'looking' })
  useEffect(() => {
    let current = true
    setPreview({ kind: 'looking' })
    rpc.images.previewPrune({ scope }).then(
      (answer) => current && setPreview({ kind: 'known', ...answer }),
      (error: unknown) => current && setPreview({ kind: 'failed', error }),
    )
    return () => {
      current = false
    }
  }, [scope])
  return preview
}

function Found({ preview }: { readonly preview: Preview }) {
  const t = useText()
  const language = useLanguage()
  if (preview.kind === 'looking') {
    return (
      <p role="status">
        <Spinner /> {t('images.pruneLooking')}
      </p>
    )
  }
  if (preview.kind === 'failed') {
    const { code, details } = asAppError(preview.error)
    return (
      <p className={styles['warning']} role="alert">
        {describeError(code, details, language).sentence}
      </p>
    )
  }
  const { images, reclaimBytes } = preview
  if (images.length === 0) return <p>{t('images.pruneNothing')}</p>
  return (
    <>
      <p>{t('images.pruneList', { count: images.length, size: bytes(reclaimBytes, language) })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, so the keyboard must reach it */}
      <ul className={styles['list']} tabIndex={0}>
        {images.map((image) => (
          <li key={image.id}>
            {image.tags.length > 0 && `${imageName(image)} `}
            <code>{shortId(image.id)}</code> · {bytes(image.sizeBytes, language)}
          </li>
        ))}
      </ul>
    </>
  )
}
