import type { ImportedKey } from '../../../../shared/contracts/keys.ts'
import { reasonIn } from '../../../../shared/reason-in-chinese.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { type Mark, StateMark } from '../../../ui/StateMark.tsx'
import { vendorNames } from '../key-words.ts'
import styles from './Dialogs.module.css'

const mostShown = 200
const outcomes: Readonly<Record<ImportedKey['outcome'], { readonly mark: Mark; readonly words: TextKey }>> = {
  added: { mark: 'ok', words: 'keys.importAdded' },
  duplicate: { mark: 'stopped', words: 'keys.importDuplicate' },
  unreadable: { mark: 'fail', words: 'keys.importUnreadable' },
}

/** One line for each key that was found, and what becomes of it. */
export function ImportPreview({ keys }: { readonly keys: readonly ImportedKey[] }) {
  const t = useText()
  const language = useLanguage()
  const count = (outcome: ImportedKey['outcome']) => keys.filter((key) => key.outcome === outcome).length
  return (
    <>
      <p role="status">
        {t('keys.importCounts', {
          added: count('added'),
          duplicates: count('duplicate'),
          unreadable: count('unreadable'),
        })}
      </p>
      {keys.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <section className={styles['scroll']} aria-label={t('keys.importPreview')} tabIndex={0}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">{t('keys.name')}</th>
                <th scope="col">{t('keys.vendor')}</th>
                <th scope="col">{t('keys.service')}</th>
                <th scope="col">{t('keys.tier')}</th>
                <th scope="col">{t('keys.secret')}</th>
                <th scope="col">{t('keys.outcome')}</th>
              </tr>
            </thead>
            <tbody>
              {keys.slice(0, mostShown).map((key, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other identity
                <tr key={index}>
                  <td>{key.name}</td>
                  <td>{key.vendor === null ? '–' : vendorNames[key.vendor]}</td>
                  <td className={styles['one']}>{key.service}</td>
                  <td className={styles['one']}>{key.tier}</td>
                  <td>
                    <code>{key.maskedSecret}</code>
                  </td>
                  <td>
                    <StateMark state={outcomes[key.outcome].mark} /> {t(outcomes[key.outcome].words)}
                    {key.reason !== null && <span className={styles['quiet']}> {reasonIn(language, key.reason)}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {keys.length > mostShown && <p>{t('common.andMore', { count: keys.length - mostShown })}</p>}
        </section>
      )}
    </>
  )
}
