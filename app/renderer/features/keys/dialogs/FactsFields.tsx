import { useText } from '../../../i18n/language.ts'
import { TextField } from '../../../ui/TextField.tsx'
import { currencyOf, type DraftField, type KeyDraft, type TextDraftField, type WrongFields } from '../key-draft.ts'
import { knownServices, knownTiers, needsAddress } from '../key-words.ts'
import styles from './Dialogs.module.css'
import { MappingFields } from './MappingFields.tsx'
import { SuggestField } from './SuggestField.tsx'

export type ChangeDraft = <F extends DraftField>(field: F, value: KeyDraft[F]) => void
interface FieldsProps {
  readonly draft: KeyDraft
  /** What is said at its field; only fields that were left or tried to be saved. */
  readonly wrong: Readonly<Partial<Record<DraftField, string>>>
  readonly onChange: ChangeDraft
  readonly onEnter?: (() => void) | undefined
}

/** What a key opens and in which order it is tried. */
export function IdentityFields({ draft, wrong, onChange, onEnter }: FieldsProps) {
  const t = useText()
  const field = (name: TextDraftField) => ({
    value: draft[name],
    error: wrong[name] ?? null,
    onChange: (value: string) => onChange(name, value),
    onEnter,
  })
  return (
    <>
      <div className={styles['pair']}>
        <SuggestField label={t('keys.service')} suggestions={knownServices[draft.vendor]} {...field('service')} />
        <SuggestField label={t('keys.tier')} suggestions={knownTiers} {...field('tier')} />
      </div>
      <TextField label={t('keys.name')} {...field('name')} />
      <TextField
        mono
        label={needsAddress(draft.vendor) ? t('keys.baseUrl') : t('keys.baseUrlOptional')}
        placeholder={needsAddress(draft.vendor) ? 'http://127.0.0.1:11434/v1' : t('keys.baseUrlOwn')}
        {...field('baseUrl')}
      />
    </>
  )
}

/** What it may be used for, and until when. */
export function LimitFields({ draft, wrong, onChange, onEnter }: FieldsProps) {
  const t = useText()
  const field = (name: TextDraftField) => ({
    value: draft[name],
    error: wrong[name] ?? null,
    onChange: (value: string) => onChange(name, value),
    onEnter,
  })
  return (
    <>
      <div className={styles['triple']}>
        <TextField label={t('keys.rpm')} placeholder={t('keys.noLimit')} {...field('rpm')} />
        <TextField label={t('keys.tpm')} placeholder={t('keys.noLimit')} {...field('tpm')} />
        <TextField label={t('keys.concurrency')} placeholder={t('keys.noLimit')} {...field('concurrency')} />
      </div>
      <div className={styles['triple']}>
        <TextField
          label={t('keys.monthlyBudget', { currency: currencyOf(draft.vendor) })}
          placeholder={t('keys.noLimit')}
          {...field('monthlyBudget')}
        />
        <TextField label={t('keys.weight')} {...field('weight')} />
        <TextField type="date" label={t('keys.validThrough')} {...field('expiresAt')} />
      </div>
      <MappingFields
        pairs={draft.modelMapping}
        error={wrong.modelMapping ?? null}
        onChange={(pairs) => onChange('modelMapping', pairs)}
        onEnter={onEnter}
      />
    </>
  )
}

/** The sentences of the wrong fields, for those that the operator has touched. */
export function wordsOf(
  wrong: WrongFields,
  touched: ReadonlySet<DraftField> | 'all',
  t: ReturnType<typeof useText>,
): Readonly<Partial<Record<DraftField, string>>> {
  const shown = Object.entries(wrong).filter(([field]) => touched === 'all' || touched.has(field as DraftField))
  return Object.fromEntries(shown.map(([field, key]) => [field, t(key)]))
}
