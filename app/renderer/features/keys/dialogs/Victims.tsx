import type { Key } from '../../../../shared/contracts/keys.ts'
import { useText } from '../../../i18n/language.ts'
import { vendorNames } from '../key-words.ts'
import styles from './Dialogs.module.css'
import { unserved } from './unserved.ts'

const mostNamed = 12

/** What is removed, by name, and which services have no key any more then. */
export function Victims({ keys, all }: { readonly keys: readonly Key[]; readonly all: readonly Key[] }) {
  const t = useText()
  const lost = unserved(keys, all)
  return (
    <>
      <p>{t('keys.removeText', { count: keys.length })}</p>
      <ul className={styles['names']}>
        {keys.slice(0, mostNamed).map(({ id, name, vendor, service, maskedSecret }) => (
          <li key={id}>
            <strong>{name}</strong> · {vendorNames[vendor]} · {service} <code>{maskedSecret}</code>
          </li>
        ))}
        {keys.length > mostNamed && <li>{t('keys.andMore', { count: keys.length - mostNamed })}</li>}
      </ul>
      {lost.length > 0 && (
        <p className={styles['warn']}>{t('keys.removeUnserved', { services: lost.slice(0, mostNamed).join(', ') })}</p>
      )}
    </>
  )
}
