import { FileUp, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { bytes } from '../../../ui/format.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import styles from './Fields.module.css'
import { isObject } from './json-text.ts'

/** Bytes. The arguments of a call travel as one message, and base64 makes them a third larger. */
export const mostFileBytes = 5_000_000

/** A file of the operator's machine, as `{filename, mediaType, base64}`. */
export function FileInput({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
}) {
  const t = useText()
  const language = useLanguage()
  const input = useRef<HTMLInputElement>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const chosen = isObject(value) ? value : null
  const take = async (file: File) => {
    const { name, size } = file
    if (size > mostFileBytes) {
      const words = { name, size: bytes(size, language), most: bytes(mostFileBytes, language) }
      setRefused(t('tryIt.fileTooLarge', words))
      return
    }
    const base64 = await base64Of(file)
    setRefused(base64 === null ? t('tryIt.fileUnreadable', { name }) : null)
    if (base64 !== null) onChange({ filename: name, mediaType: file.type || 'application/octet-stream', base64 })
  }
  return (
    <>
      <div className={styles['file']}>
        <input
          ref={input}
          type="file"
          hidden
          onChange={({ target }) => {
            const file = target.files?.[0]
            // The same file chosen again is a new choice.
            target.value = ''
            if (file) void take(file)
          }}
        />
        <Button
          icon={FileUp}
          label={`${label}: ${t(chosen ? 'tryIt.chooseAnother' : 'tryIt.chooseFile')}`}
          onClick={() => input.current?.click()}
        >
          {t(chosen ? 'tryIt.chooseAnother' : 'tryIt.chooseFile')}
        </Button>
        {chosen ? (
          <>
            <span className={styles['fileName']}>
              {String(chosen['filename'] ?? '')}{' '}
              <span className={styles['type']}>
                {String(chosen['mediaType'] ?? '')} {bytes(sizeOf(chosen['base64']), language)}
              </span>
            </span>
            <IconButton icon={X} label={t('tryIt.remove', { name: label })} onClick={() => onChange(undefined)} />
          </>
        ) : (
          <span className={styles['type']}>{t('tryIt.fileHint', { size: bytes(mostFileBytes, language) })}</span>
        )}
      </div>
      {refused && (
        <p className={styles['problem']} role="alert">
          {refused}
        </p>
      )}
    </>
  )
}

const sizeOf = (base64: Json | undefined): number =>
  typeof base64 === 'string' ? Math.floor((base64.length * 3) / 4) - (base64.match(/=*$/)?.[0].length ?? 0) : 0

function base64Of(file: File): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => resolve(null)
    reader.readAsDataURL(file)
  })
}
