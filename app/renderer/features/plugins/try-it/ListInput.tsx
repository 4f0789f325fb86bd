import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useId } from 'react'
import { useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { IconButton } from '../../../ui/IconButton.tsx'
import { Description, FieldName } from './FieldFrame.tsx'
import styles from './Fields.module.css'
import { FieldView, type FieldViewProps } from './FieldView.tsx'
import { useForm } from './form-context.ts'
import { type Problem, pointerOf, startOf } from './form-values.ts'
import type { Field } from './schema-form.ts'
import { edit } from './try-it-store.ts'

type ListField = Extract<Field, { kind: 'list' }>

/** A list: its items in their order, each with its own field. */
export function ListInput(props: FieldViewProps & { readonly field: ListField; readonly problem: Problem | null }) {
  const { field, value, path, label, depth, bare, actions, problem } = props
  const t = useText()
  const id = useId()
  const { draftKey } = useForm()
  const items = Array.isArray(value) ? value : []
  const change = (next: readonly unknown[]) =>
    edit(draftKey, path, next.length > 0 ? (next as typeof items) : undefined)
  const move = (index: number, by: -1 | 1) => change(items.toSpliced(index, 1).toSpliced(index + by, 0, items[index]!))
  const full = field.most !== null && items.length >= field.most
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <fieldset> cannot keep actions beside its legend
    <div role="group" aria-labelledby={`${id}-name`} className={styles['field']} data-pointer={pointerOf(path)}>
      <div className={styles['head']}>
        <span id={`${id}-name`} className={styles['foldName']}>
          {bare ? label : <FieldName field={field} label={label} />}
        </span>
        <span className={styles['type']}>
          {items.length > 0 ? t('tryIt.items', { count: items.length }) : t('tryIt.noItems')}
        </span>
        <span className={styles['actions']}>
          {actions}
          <Button
            variant="quiet"
            icon={Plus}
            disabled={full}
            label={t('tryIt.addItem', { name: label })}
            onClick={() => change([...items, startOf(field.item())])}
          >
            {t('tryIt.add')}
          </Button>
        </span>
      </div>
      {problem && (
        <p className={styles[problem.advice ? 'caution' : 'problem']} role="alert">
          {t(problem.key, problem.values)}
        </p>
      )}
      <div className={styles['about']}>
        <Description text={field.description} />
      </div>
      {items.length > 0 && (
        <div className={styles['inside']}>
          {items.map((item, index) => {
            const name = t('tryIt.item', { number: index + 1 })
            const whole = `${label} ${name}`
            return (
              <FieldView
                // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity but their place
                key={index}
                field={field.item()}
                value={item}
                path={[...path, index]}
                label={name}
                depth={depth + 1}
                actions={
                  <>
                    {items.length > 1 && (
                      <>
                        <IconButton
                          icon={ArrowUp}
                          label={t('tryIt.moveUp', { name: whole })}
                          disabled={index === 0}
                          onClick={() => move(index, -1)}
                        />
                        <IconButton
                          icon={ArrowDown}
                          label={t('tryIt.moveDown', { name: whole })}
                          disabled={index === items.length - 1}
                          onClick={() => move(index, 1)}
                        />
                      </>
                    )}
                    <IconButton
                      icon={X}
                      label={t('tryIt.remove', { name: whole })}
                      onClick={() => change(items.toSpliced(index, 1))}
                    />
                  </>
                }
              />
            )
          })}
        </div>
      )}
    </div>
  )
}
