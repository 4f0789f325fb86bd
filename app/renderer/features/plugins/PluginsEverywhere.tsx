import { PackagePlus } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useText } from '../../i18n/language.ts'
import { useDialog } from './dialogs/dialog-store.ts'
import styles from './importing/Importing.module.css'
import { importPackages, useUploads } from './importing/uploads.ts'
import { useDropZone } from './importing/use-drop-zone.ts'
import { usePluginPalette } from './use-plugin-palette.ts'

const UploadPanel = lazy(async () => ({ default: (await import('./importing/UploadPanel.tsx')).UploadPanel }))
const ReviewDialog = lazy(async () => ({ default: (await import('./importing/ReviewDialog.tsx')).ReviewDialog }))
const PluginDialogs = lazy(async () => ({ default: (await import('./dialogs/PluginDialogs.tsx')).PluginDialogs }))

/** What plugins need on every page: the window takes packages, uploads go on, and the palette knows each plugin. */
export function PluginsEverywhere() {
  usePluginPalette()
  const over = useDropZone(importPackages)
  const uploading = useUploads(({ uploads }) => uploads.length > 0)
  const review = useUploads(({ reviews }) => reviews[0])
  const asked = useDialog(({ dialog }) => dialog !== null)
  return (
    <>
      {over && <DropFrame />}
      <Suspense>
        {uploading && <UploadPanel />}
        {review && <ReviewDialog key={review.batch} review={review} />}
        {asked && <PluginDialogs />}
      </Suspense>
    </>
  )
}

function DropFrame() {
  const t = useText()
  return (
    <div className={styles['frame']} role="status">
      <div className={styles['frameText']}>
        <PackagePlus size={24} strokeWidth={1.5} aria-hidden />
        <strong>{t('plugins.dropTitle')}</strong>
        <p>{t('plugins.dropText')}</p>
        <p className={styles['quiet']}>{t('plugins.dropKinds')}</p>
      </div>
    </div>
  )
}
