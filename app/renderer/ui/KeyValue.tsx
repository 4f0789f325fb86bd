import { Fragment, type ReactNode } from 'react'
import { useText } from '../i18n/language.ts'
import { CopyButton } from './CopyButton.tsx'
import styles from './KeyValue.module.css'

export interface KeyValueItem {
  readonly key: string
  readonly label: ReactNode
  readonly value: ReactNode
  /** Adds a button that copies this. */
  readonly copy?: string | undefined
}

/** Facts about one thing, one a line. */
export function KeyValue({ items }: { readonly items: readonly KeyValueItem[] }) {
  const t = useText()
  return (
    <dl className={styles['list']}>
      {items.map(({ key, label, value, copy }) => (
        <Fragment key={key}>
          <dt>{label}</dt>
          <dd>
            <span className={styles['value']}>{value}</span>
            {copy !== undefined && (
              <CopyButton
                text={copy}
                label={t('common.copyNamed', { name: typeof label === 'string' ? label : key })}
              />
            )}
          </dd>
        </Fragment>
      ))}
    </dl>
  )
}
