import type { Token } from '../../../../shared/contracts/gateway.ts'
import { useText } from '../../../i18n/language.ts'
import { Named } from '../../../ui/Named.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'

/** Whose callers are refused, and when each called last. */
export function RevokedNames({ tokens }: { readonly tokens: readonly Token[] }) {
  const t = useText()
  return (
    <>
      <p>{t('keys.revokeText', { count: tokens.length })}</p>
      <Named
        of={tokens}
        write={({ name, prefix, lastUsedAt }) => (
          <>
            <strong>{name}</strong> <code>{prefix}…</code> ·{' '}
            {lastUsedAt === null ? (
              t('keys.revokeNeverUsed')
            ) : (
              <RelativeTime time={lastUsedAt} write={(time) => t('keys.revokeLastUsed', { time })} />
            )}
          </>
        )}
      />
    </>
  )
}
