import type { Token } from '../../../../shared/contracts/gateway.ts'
import { useText } from '../../../i18n/language.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import styles from '../dialogs/Dialogs.module.css'

const mostNamed = 12

/** Whose callers are refused, and when each called last. */
export function RevokedNames({ tokens }: { readonly tokens: readonly Token[] }) {
  const t = useText()
  return (
    <>
      <p>{t('keys.revokeText', { count: tokens.length })}</p>
      <ul className={styles['names']}>
        {tokens.slice(0, mostNamed).map(({ id, name, prefix, lastUsedAt }) => (
          <li key={id}>
            <strong>{name}</strong> <code>{prefix}…</code> ·{' '}
            {lastUsedAt === null ? (
              t('keys.revokeNeverUsed')
            ) : (
              <RelativeTime time={lastUsedAt} write={(time) => t('keys.revokeLastUsed', { time })} />
            )}
          </li>
        ))}
        {tokens.length > mostNamed && <li>{t('keys.andMore', { count: tokens.length - mostNamed })}</li>}
      </ul>
    </>
  )
}
