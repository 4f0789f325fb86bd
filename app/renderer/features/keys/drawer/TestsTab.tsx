import { FlaskConical } from 'lucide-react'
import type { Key, KeyDetails } from '../../../../shared/contracts/keys.ts'
import { useText } from '../../../i18n/language.ts'
import { Button } from '../../../ui/Button.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { testKey } from '../key-actions.tsx'
import { TestResult } from '../TestResult.tsx'
import { useTesting } from '../testing-store.ts'
import styles from './Drawer.module.css'

/** Every test that is kept, and what changed in the vendor's list of models. */
export function TestsTab({ entry, details }: { readonly entry: Key; readonly details: KeyDetails }) {
  const t = useText()
  const testing = useTesting(({ ids }) => ids.has(entry.id))
  const { added, gone } = details.models
  const { retiring } = entry
  return (
    <div className={styles['tab']}>
      <div className={styles['buttons']}>
        <Button icon={FlaskConical} busy={testing} onClick={() => void testKey(entry)}>
          {t('keys.test')}
        </Button>
        <span className={styles['quiet']}>{t('keys.testText')}</span>
      </div>
      {(added.length > 0 || gone.length > 0 || retiring.length > 0) && (
        <section>
          <h3>{t('keys.modelsChanged')}</h3>
          {added.length > 0 && <Models title={t('keys.modelsAdded')} names={added} />}
          {gone.length > 0 && <Models title={t('keys.modelsGone')} names={gone} />}
          {retiring.length > 0 && (
            <Models
              title={t('keys.modelsRetiring')}
              names={retiring.map(({ model, on }) => t('keys.modelRetires', { model, day: on }))}
            />
          )}
        </section>
      )}
      {entry.models !== null && entry.models.length > 0 && (
        <section>
          <h3>{t('keys.modelsCount', { count: entry.models.length })}</h3>
          <p className={styles['models']}>{entry.models.join(', ')}</p>
        </section>
      )}
      <section>
        <h3>{t('keys.tabTests')}</h3>
        {details.tests.length === 0 && <p className={styles['quiet']}>{t('keys.neverTested')}</p>}
        <ul className={styles['tests']}>
          {details.tests.map(({ models: _, ...test }) => (
            <li key={test.at}>
              <TestResult test={test} />
              <span className={styles['quiet']}>
                <RelativeTime time={test.at} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

function Models({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  return (
    <p>
      {title}: <code>{names.join(', ')}</code>
    </p>
  )
}
