import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useText } from '../i18n/language.ts'
import { copyText } from './copy-text.ts'
import { IconButton } from './IconButton.tsx'

/** Copies `text`, and says so for two seconds where it was clicked. */
export function CopyButton({
  text,
  label,
  tabIndex,
}: {
  readonly text: string
  /** What is copied: "Copy the image name". */
  readonly label: string
  readonly tabIndex?: number | undefined
}) {
  const t = useText()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    void copyText(text).then(setCopied)
  }
  return (
    <IconButton
      icon={copied ? Check : Copy}
      label={copied ? t('common.copied') : label}
      onClick={copy}
      tabIndex={tabIndex}
    />
  )
}
