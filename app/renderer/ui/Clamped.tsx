import { useState } from 'react'
import { useText } from '../i18n/language.ts'
import { Button } from './Button.tsx'
import styles from './Clamped.module.css'
import { Mono } from './Mono.tsx'

/** About what three lines of a drawer hold. */
const most = 160

/** A command or an output in the fixed-width face: its first lines, the rest when asked for. */
export function Clamped({ text }: { readonly text: string }) {
  const t = useText()
  const [whole, setWhole] = useState(false)
  if (text.length <= most) return <Mono>{text}</Mono>
  return (
    <>
      <span className={whole ? undefined : styles['lines']}>
        <Mono>{text}</Mono>
      </span>
      <Button variant="quiet" onClick={() => setWhole(!whole)}>
        {t(whole ? 'common.showLess' : 'common.showAll')}
      </Button>
    </>
  )
}
