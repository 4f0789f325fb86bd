import { Plus, X } from 'lucide-react'
import { useId, useRef } from 'react'
import { useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import type { NamePair } from '../key-draft.ts'
import styles from './Dialogs.module.css'

/** Models under names of the operator, a line each: what callers ask for, and what the vendor calls it. */
export function MappingFields({
  pairs,
  error,
  onChange,
  onEnter,
}: {
  readonly pairs: readonly NamePair[]
  readonly error: string | null
  readonly onChange: (pairs: readonly NamePair[]) => void
  readonly onEnter?: (() => void) | undefined
}) {
  const t = useText()
  const title = useId()
  const add = useRef<HTMLButtonElement>(null)
  const added = useRef(false)
  const change = (place: number, part: Partial<NamePair>) =>
    onChange(pairs.map((pair, i) => (i === place ? { ...pair, ...part } : pair)))
  return (
    <fieldset className={styles['mapping']} aria-labelledby={title}>
      <span id={title}>{t('keys.mapping')}</span>
      <span className={styles['quiet']}>{t('keys.mappingHint')}</span>
      {pairs.map(({ asked, model }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place; what stands in it is being typed
        <div key={i} className={styles['mappingLine']}>
          <TextField
            mono
            hideLabel
            label={t('keys.mappingAsked', { place: i + 1 })}
            placeholder={t('keys.mappingAskedHint')}
            value={asked}
            ref={(input) => {
              if (!added.current || i !== pairs.length - 1) return
              added.current = false
              input?.focus()
            }}
            onChange={(value) => change(i, { asked: value })}
            onEnter={onEnter}
          />
          <span aria-hidden>→</span>
          <TextField
            mono
            hideLabel
            label={t('keys.mappingModel', { place: i + 1 })}
            placeholder={t('keys.mappingModelHint')}
            value={model}
            onChange={(value) => change(i, { model: value })}
            onEnter={onEnter}
          />
          <IconButton
            icon={X}
            label={t('keys.mappingRemove', { place: i + 1 })}
            onClick={() => {
              onChange(pairs.filter((_, place) => place !== i))
              add.current?.focus()
            }}
          />
        </div>
      ))}
      {error !== null && (
        <span role="alert" className={styles['fail']}>
          {error}
        </span>
      )}
      <div>
        <Button
          ref={add}
          variant="quiet"
          icon={Plus}
          onClick={() => {
            added.current = true
            onChange([...pairs, { asked: '', model: '' }])
          }}
        >
          {t('keys.mappingAdd')}
        </Button>
      </div>
    </fieldset>
  )
}
