import { lazy, Suspense, useEffect } from 'react'
import { useRoute } from 'wouter'
import { Vendor } from '../../../shared/contracts/keys.ts'
import { useText } from '../../i18n/language.ts'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { VaultBanner } from '../vault/VaultBanner.tsx'
import { closeDialog, openDialog } from './dialogs/dialog-store.ts'
import { KeysView } from './KeysView.tsx'
import { unpacked } from './key-address.ts'

const TokensView = lazy(async () => ({ default: (await import('./tokens/TokensView.tsx')).TokensView }))
const JobsView = lazy(async () => ({ default: (await import('./jobs/JobsView.tsx')).JobsView }))
const UsageView = lazy(async () => ({ default: (await import('./usage/UsageView.tsx')).UsageView }))

/** The credentials of vendors, the tokens of callers, what both were used for, and long jobs; each has its address. */
export function KeysPage() {
  const t = useText()
  const [tokens] = useRoute('/keys/tokens')
  const [usage] = useRoute('/keys/usage')
  const [jobs] = useRoute('/keys/jobs/:id?')
  useAddAddress()
  const active = tokens ? 'tokens' : usage ? 'usage' : jobs ? 'jobs' : 'keys'
  return (
    <>
      <Tabs
        label={t('keys.views')}
        active={active}
        tabs={[
          { key: 'keys', label: t('keys.title'), href: '#/keys' },
          { key: 'tokens', label: t('keys.tokens'), href: '#/keys/tokens' },
          { key: 'usage', label: t('keys.usage'), href: '#/keys/usage' },
          { key: 'jobs', label: t('keys.jobs'), href: '#/keys/jobs' },
        ]}
      />
      <VaultBanner />
      {active === 'keys' ? (
        <KeysView />
      ) : (
        <Suspense fallback={<SkeletonRows />}>
          {active === 'tokens' && <TokensView />}
          {active === 'usage' && <UsageView />}
          {active === 'jobs' && <JobsView />}
        </Suspense>
      )}
    </>
  )
}

/** An alias, not an interface: only an alias counts as a map of parameters. */
type AddAddress = { readonly vendor?: string; readonly service?: string; readonly back?: string }

/** Opens the form of a new key where the address asks for it. */
function useAddAddress(): void {
  const [asked, params] = useRoute<AddAddress>('/keys/add/:vendor?/:service?/:back?')
  const { vendor, service, back } = params ?? {}
  useEffect(() => {
    if (!asked) return
    openDialog({
      kind: 'add',
      vendor: Vendor.options.find((option) => option === vendor),
      service: service && unpacked(service),
      back: back === undefined ? '/keys' : unpacked(back),
    })
    return closeDialog
  }, [asked, vendor, service, back])
}
