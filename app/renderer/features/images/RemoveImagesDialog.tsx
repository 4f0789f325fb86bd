import { useState } from 'react'
import type { Image } from '../../../shared/contracts/images.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { bytes } from '../../ui/format.ts'
import styles from './Images.module.css'
import { imageName, inUse, sizeOf } from './image-rules.ts'
import { removeImages } from './remove-images.ts'

/** Names the images that go, and says which of them Docker will refuse because a container still uses them. */
export function RemoveImagesDialog({
  images,
  onClose,
}: {
  readonly images: readonly Image[]
  readonly onClose: () => void
}) {
  const t = useText()
  const language = useLanguage()
  const [force, setForce] = useState(false)
  const used = inUse(images)
  const first = imageName(images[0]!)
  const confirm = () => {
    onClose()
    void removeImages(images, force)
  }
  return (
    <ConfirmDialog
      danger
      title={t('images.removeTitle', { count: images.length, first })}
      confirm={t('images.removeConfirm')}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>{t('images.removeText', { count: images.length, size: bytes(sizeOf(images), language) })}</p>
      {images.length > 1 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, so the keyboard must reach it
        <ul className={styles['list']} tabIndex={0}>
          {images.map((image) => (
            <li key={image.id}>{imageName(image)}</li>
          ))}
        </ul>
      )}
      {used.length > 0 && (
        <>
          <p className={styles['warning']}>{t('images.removeInUse')}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
          <ul className={styles['list']} tabIndex={0}>
            {used.map((image) => (
              <li key={image.id}>
                {t('images.removeInUseBy', { image: imageName(image), services: image.usedBy.join(', ') })}
              </li>
            ))}
          </ul>
          <Checkbox label={t('images.removeForce')} checked={force} onChange={setForce} />
        </>
      )}
    </ConfirmDialog>
  )
}
