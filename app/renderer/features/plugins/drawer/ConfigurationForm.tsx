import { useState } from 'react'
import type { ConfigurationField } from '../../../../shared/contracts/plugins.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { asAppError, showFailure } from '../../../shell/run.ts'
import { toast } from '../../../shell/toasts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Switch } from '../../../ui/Switch.tsx'
import { TextField } from '../../../ui/TextField.tsx'
import {
  type Edits,
  isEdited,
  isMasked,
  labelOf,
  missingFields,
  refusedField,
  shownValue,
  valuesToSave,
} from './configuration-values.ts'
import styles from './Drawer.module.css'

/** The fields that the package asks for. Nothing is stored before it is saved; what main refuses is said at its field. */
export function ConfigurationForm({
  id,
  name,
  fields,
}: {
  readonly id: string
  readonly name: string
  readonly fields: readonly ConfigurationField[]
}) {
  const t = useText()
  const [edits, setEdits] = useState<Edits>({})
  const [refused, setRefused] = useState<{ readonly name: string; readonly reason: string | null } | null>(null)
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const missing = checked ? missingFields(fields, edits) : []
  const edited = isEdited(fields, edits)

  const edit = (field: string, value: string | undefined) => {
    setRefused(null)
    setEdits((before) => {
      const { [field]: _, ...rest } = before
      return value === undefined ? rest : { ...rest, [field]: value }
    })
  }
  const save = async () => {
    setChecked(true)
    if (busy || missingFields(fields, edits).length > 0) return
    setBusy(true)
    try {
      await rpc.plugins.configure({ id, values: valuesToSave(fields, edits) })
      setEdits({})
      toast({ text: t('plugins.doneConfigure', { name }) })
    } catch (error) {
      const at = refusedField(asAppError(error), fields)
      setRefused(at)
      if (at === null) showFailure(error)
    }
    setBusy(false)
  }
  const errorOf = (field: ConfigurationField): string | null => {
    if (missing.includes(field.name)) return t('plugins.fieldMissing')
    if (refused?.name !== field.name) return null
    return refused.reason ?? t('plugins.fieldMissing')
  }

  return (
    <div className={styles['form']}>
      {fields.map((field) => (
        <OneField
          key={field.name}
          field={field}
          edits={edits}
          error={errorOf(field)}
          onChange={(value) => edit(field.name, value)}
          onEnter={() => void save()}
        />
      ))}
      <div className={styles['buttons']}>
        <Button variant="primary" disabled={!edited} busy={busy} onClick={() => void save()}>
          {t('plugins.save')}
        </Button>
        <Button
          disabled={!edited}
          onClick={() => {
            setEdits({})
            setRefused(null)
            setChecked(false)
          }}
        >
          {t('plugins.discard')}
        </Button>
      </div>
    </div>
  )
}

function OneField({
  field,
  edits,
  error,
  onChange,
  onEnter,
}: {
  readonly field: ConfigurationField
  readonly edits: Edits
  readonly error: string | null
  /** Undefined takes the edit back. */
  readonly onChange: (value: string | undefined) => void
  readonly onEnter: () => void
}) {
  const t = useText()
  const language = useLanguage()
  const { kind, required, options, maxLength } = field
  const own = labelOf(field, language)
  const label = required ? t('plugins.requiredField', { label: own }) : own
  const value = shownValue(field, edits)
  if (kind === 'boolean') {
    return <Switch label={label} checked={value === 'true'} onChange={(next) => onChange(String(next))} />
  }
  if (kind === 'select') {
    const none = { value: '', label: t('plugins.noChoice') }
    return (
      <Select
        label={label}
        value={value}
        options={required && value !== '' ? options : [none, ...options]}
        onChange={onChange}
        hint={error ?? undefined}
        invalid={error !== null}
      />
    )
  }
  const hint = maxLength === null ? undefined : t('plugins.atMost', { count: maxLength })
  if (kind !== 'secret') {
    return (
      <TextField
        label={label}
        value={value}
        onChange={onChange}
        onEnter={onEnter}
        error={error}
        hint={hint}
        mono={kind === 'url'}
        placeholder={kind === 'url' ? 'https://' : undefined}
      />
    )
  }
  const masked = isMasked(field, edits)
  return (
    <div className={styles['secret']}>
      <TextField
        label={label}
        type="password"
        mono
        value={masked ? '' : (edits[field.name] ?? '')}
        placeholder={masked ? (field.value ?? undefined) : undefined}
        hint={t(masked ? 'plugins.secretKept' : 'plugins.secretNew')}
        error={error}
        onChange={(next) => onChange(next === '' && field.value ? undefined : next)}
        onEnter={onEnter}
      />
      {field.value !== null && field.value !== '' && !required && (
        <Button variant="quiet" label={t('plugins.clearSecret', { label: own })} onClick={() => onChange('')}>
          {t('common.clear')}
        </Button>
      )}
    </div>
  )
}
