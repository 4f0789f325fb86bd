import { Combobox } from '@base-ui/react/combobox'
import { Check, X } from 'lucide-react'
import { type ReactNode, useId, useMemo, useState } from 'react'
import { useText } from '../i18n/language.ts'
import { classes } from './classes.ts'
import field from './Field.module.css'
import menu from './Menu.module.css'
import styles from './NamePicker.module.css'

export interface PickerOption {
  readonly value: string
  readonly label: string
}

/** As many as anybody looks through; typing finds the others. */
const mostShown = 100
/** Chinese commas and line ends too. */
const separators = /[,，、\n]/

/** Some of many names: found by typing, shown as chips. Backspace takes the last one away, the left arrow goes to the chips. */
export function NamePicker({
  label,
  hideLabel,
  placeholder,
  names,
  options,
  others,
  error,
  onChange,
}: {
  readonly label: string
  readonly hideLabel?: boolean | undefined
  readonly placeholder?: string | undefined
  readonly names: readonly string[]
  readonly options: readonly PickerOption[]
  /** Names that are not among the options can be typed, several set apart by commas. */
  readonly others: boolean
  /** What is wrong with the names; announced. */
  readonly error?: ReactNode
  readonly onChange: (names: readonly string[]) => void
}) {
  const t = useText()
  const id = useId()
  const about = `${id}-about`
  const [typed, setTyped] = useState('')
  const labels = useMemo(() => new Map(options.map(({ value, label: text }) => [value, text])), [options])
  const own = typed.trim()
  const items = useMemo(() => {
    const values = options.map(({ value }) => value)
    return others && own !== '' && !labels.has(own) ? [...values, own] : values
  }, [options, labels, others, own])
  const add = (more: readonly string[]) => onChange([...new Set([...names, ...more])])
  const type = (text: string) => {
    if (!others || !separators.test(text)) return setTyped(text)
    const parts = text.split(separators).map((part) => part.trim())
    setTyped(parts.pop() ?? '')
    add(parts.filter(Boolean))
  }
  return (
    <div className={field['field']}>
      <label htmlFor={id} className={hideLabel ? field['hidden'] : field['label']}>
        {label}
      </label>
      <Combobox.Root
        multiple
        autoHighlight
        items={items}
        value={[...names]}
        onValueChange={(next, details) => {
          // Escape belongs to the dialog around it, and takes no names away.
          if (details.reason === 'escape-key') return details.allowPropagation()
          onChange(next)
          setTyped('')
        }}
        onOpenChange={(open, { reason }) => {
          // What was typed and left is meant.
          if (!open && others && own !== '' && reason !== 'item-press' && reason !== 'escape-key') add([own])
        }}
        inputValue={typed}
        onInputValueChange={type}
        itemToStringLabel={(value) => labels.get(value) ?? value}
        filter={(value, query) =>
          `${value}\n${labels.get(value) ?? ''}`.toLowerCase().includes(query.trim().toLowerCase())
        }
        limit={mostShown}
      >
        <Combobox.InputGroup className={classes(styles['box'], error != null && styles['wrong'])}>
          <Combobox.Chips className={styles['chips']}>
            {names.map((name) => (
              <Combobox.Chip key={name} className={styles['chip']} title={name} aria-label={labels.get(name) ?? name}>
                <span className={styles['name']}>{labels.get(name) ?? name}</span>
                <Combobox.ChipRemove
                  className={styles['remove']}
                  aria-label={t('common.takeOut', { name: labels.get(name) ?? name })}
                >
                  <X size={12} strokeWidth={1.5} aria-hidden />
                </Combobox.ChipRemove>
              </Combobox.Chip>
            ))}
            <Combobox.Input
              id={id}
              // While the list is open the label is hidden with all that stands around it.
              aria-label={label}
              className={styles['input']}
              placeholder={names.length === 0 ? placeholder : ''}
              aria-invalid={error ? true : undefined}
              aria-describedby={error ? about : undefined}
            />
          </Combobox.Chips>
        </Combobox.InputGroup>
        <Combobox.Portal>
          <Combobox.Positioner sideOffset={4} className={menu['positioner']}>
            <Combobox.Popup className={menu['popup']} data-layer="">
              <Combobox.Empty className={styles['empty']}>{t('common.noneFound')}</Combobox.Empty>
              <Combobox.List className={styles['list']}>
                {(value: string) => (
                  <Combobox.Item key={value} value={value} className={menu['item']}>
                    <span className={menu['space']}>
                      <Combobox.ItemIndicator>
                        <Check size={16} strokeWidth={1.5} aria-hidden />
                      </Combobox.ItemIndicator>
                    </span>
                    <span className={menu['label']}>{labels.get(value) ?? t('common.addTyped', { name: value })}</span>
                    {labels.get(value) !== undefined && labels.get(value) !== value && (
                      <code className={styles['value']}>{value}</code>
                    )}
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      {error && (
        <span id={about} className={field['error']} role="alert">
          {error}
        </span>
      )}
    </div>
  )
}
