import type { Key } from '../../../../shared/contracts/keys.ts'
import { useText } from '../../../i18n/language.ts'
import { mostNamed, Named } from '../../../ui/Named.tsx'
import { vendorNames } from '../key-words.ts'
import styles from './Dialogs.module.css'
import { unserved } from './unserved.ts'

/** What is removed, by name, and which services have no key any more then. */
export function Victims({ keys, all }: { readonly keys: readonly Key[]; readonly all: readonly Key[] }) {
  const t = useText()
  const lost = unserved(keys, all)
  return (
    <>
      <p>{t('keys.removeText', { count: keys.length })}</p>
      <Named
        of={keys}
        write={({ name, vendor, service, maskedSecret }) => (
          <>
            <strong>{name}</strong> · {vendorNames[vendor]} · {service} <code>{maskedSecret}</code>
          </>
        )}
      />
      {lost.length > 0 && (
        <p className={styles['warn']}>{t('keys.removeUnserved', { services: lost.slice(0, mostNamed).join(', ') })}</p>
      )}
    </>
  )
}
