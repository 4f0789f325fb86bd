import { useMemo } from 'react'
import { useText } from '../../../i18n/language.ts'
import styles from './Fields.module.css'
import { FormContext } from './form-context.ts'
import { type Problem, problemsOf } from './form-values.ts'
import { Fields } from './ObjectInput.tsx'
import type { Field } from './schema-form.ts'
import type { Draft } from './try-it-store.ts'

const none: ReadonlyMap<string, Problem> = new Map()

/** The arguments as a form. */
export function FormView({
  draftKey,
  draft,
  fields,
}: {
  readonly draftKey: string
  readonly draft: Draft
  readonly fields: readonly Field[]
}) {
  const t = useText()
  const { arguments: given, choices, checked, refused } = draft
  const problems = useMemo(
    () => (checked ? problemsOf(fields, given, choices) : none),
    [checked, fields, given, choices],
  )
  const scope = useMemo(() => ({ draftKey, problems, refused, choices }), [draftKey, problems, refused, choices])
  return (
    <FormContext value={scope}>
      <div className={styles['form']}>
        {fields.length === 0 && <p className={styles['about']}>{t('tryIt.noArguments')}</p>}
        <Fields fields={fields} value={given} path={[]} depth={0} open={false} />
      </div>
    </FormContext>
  )
}
