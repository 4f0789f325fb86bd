import { useText } from '../../i18n/language.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Unlock } from '../vault/Unlock.tsx'
import { useVault } from '../vault/vault-store.ts'

/** Says that the vault is locked, with the field that opens it; nothing otherwise. For any page that needs secrets. */
export function VaultBanner() {
  const t = useText()
  const locked = useVault(({ state }) => state?.state.kind === 'locked')
  if (!locked) return null
  return (
    <Banner tone="warn" action={<Unlock />}>
      {t('vault.bannerText')}
    </Banner>
  )
}
