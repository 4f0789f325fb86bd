import { lazy, Suspense } from 'react'
import { useRoute } from 'wouter'
import { useText } from '../../i18n/language.ts'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { KeysView } from './KeysView.tsx'
import { VaultBanner } from './VaultBanner.tsx'

const TokensView = lazy(async () => ({ default: (await import('./tokens/TokensView.tsx')).TokensView }))
const UsageView = lazy(async () => ({ default: (await import('./usage/UsageView.tsx')).UsageView }))

/** The credentials of vendors, the tokens of callers, and what both were used for; each half has its address. */
export function KeysPage() {
  const t = useText()
  const [tokens] = useRoute('/keys/tokens')
  const [usage] = useRoute('/keys/usage')
  const active = tokens ? 'tokens' : usage ? 'usage' : 'keys'
  return (
    <>
      <Tabs
        label={t('keys.views')}
        active={active}
        tabs={[
          { key: 'keys', label: t('keys.title'), href: '#/keys' },
          { key: 'tokens', label: t('keys.tokens'), href: '#/keys/tokens' },
          { key: 'usage', label: t('keys.usage'), href: '#/keys/usage' },
        ]}
      />
      <VaultBanner />
      {active === 'keys' ? (
        <KeysView />
      ) : (
        <Suspense fallback={<SkeletonRows />}>{active === 'tokens' ? <TokensView /> : <UsageView />}</Suspense>
      )}
    </>
  )
}
