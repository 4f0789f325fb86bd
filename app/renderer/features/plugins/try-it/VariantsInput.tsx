import { useId } from 'react'
import { useText } from '../../../i18n/language.ts'
import { SegmentedControl } from '../../../ui/SegmentedControl.tsx'
import { Select } from '../../../ui/Select.tsx'
import { Description, FieldName } from './FieldFrame.tsx'
import styles from './Fields.module.css'
import { FieldView, type FieldViewProps } from './FieldView.tsx'
import { useForm } from './form-context.ts'
import { fits, pointerOf, startOf, variantFor } from './form-values.ts'
import { isObject } from './json-text.ts'
import type { Field, Variant } from './schema-form.ts'
import { choose } from './try-it-store.ts'

/** A value that may have one of several shapes: which one, and below it the fields of that one. */
export function VariantsInput(props: FieldViewProps & { readonly field: Extract<Field, { kind: 'variants' }> }) {
  const { field, value, path, label, depth, actions } = props
  const t = useText()
  const id = useId()
  const { draftKey, choices } = useForm()
  const variants = field.variants()
  const chosen = choices[pointerOf(path)] ?? variantFor(variants, value)
  const variant = variants[chosen] ?? variants[0]!
  const options = variants.map((one, index) => ({ value: String(index), label: one.label }))
  const name = t('tryIt.variant', { name: label })
  const change = (next: string) => {
    const target = variants[Number(next)]!.field
    const start = startOf(target)
    // Objects share what they can: only the constants that tell the variants apart change.
    const kept = isObject(start) && isObject(value) ? { ...value, ...start } : fits(target, value) ? value : undefined
    const fresh = isObject(start) && Object.keys(start).length > 0 ? start : undefined
    choose(draftKey, path, Number(next), kept ?? fresh)
  }
  const short = options.length <= 3 && options.every((one) => one.label.length <= 16)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <fieldset> cannot keep actions beside its legend
    <div role="group" aria-labelledby={`${id}-name`} className={styles['field']}>
      <div className={styles['head']}>
        <span id={`${id}-name`} className={styles['foldName']}>
          <FieldName field={field} label={label} />
        </span>
        {actions && <span className={styles['actions']}>{actions}</span>}
      </div>
      <div className={styles['about']}>
        <Description text={field.description} />
      </div>
      {short ? (
        <SegmentedControl label={name} value={String(chosen)} options={options} onChange={change} />
      ) : (
        <Select label={name} hideLabel value={String(chosen)} options={options} onChange={change} />
      )}
      <FieldView
        key={chosen}
        field={described(field, variant)}
        value={value}
        path={path}
        label={label}
        depth={depth}
        bare
      />
    </div>
  )
}

const known = new WeakMap<Field, Field>()

/** The variant under the name and the duties of the whole; the same object each time, for `memo`. */
function described(whole: Field, { label, field: variant }: Variant): Field {
  const { name, required, nullable, place, deprecated } = whole
  const made = known.get(variant) ?? {
    ...variant,
    ...{ name, required, nullable: nullable || variant.nullable, place, deprecated },
    // What was said of all variants, or is the title of this one, stands above already.
    description: [whole.description, label].includes(variant.description) ? '' : variant.description,
  }
  known.set(variant, made)
  return made
}
