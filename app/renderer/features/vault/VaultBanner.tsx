import { useEffect, useRef } from 'react'
import { useText } from '../../i18n/language.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Unlock } from './Unlock.tsx'
import { useVaultLocked } from './vault-store.ts'

/** Says that the vault is locked, with the field that opens it; nothing otherwise. For any page that needs secrets. */
export function VaultBanner() {
  return useVaultLocked() ? <Locked /> : null
}

/** Takes the focus to the field of the banner. */
export const focusUnlock = (): void => document.querySelector<HTMLElement>('[data-unlock] input')?.focus()

function Locked() {
  const t = useText()
  /** Where the focus was before it came here; null for nowhere. */
  const before = useRef<Element | null>(null)
  const within = useRef(false)
  useEffect(() => () => void (within.current && giveFocusBack(before.current)), [])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches where the focus is
    <div
      data-unlock
      onFocus={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) before.current = relatedTarget
        within.current = true
      }}
      onBlur={({ relatedTarget }) => {
        // What vanishes under the focus has nowhere to send it.
        within.current = relatedTarget === null
      }}
    >
      <Banner tone="warn" action={<Unlock />}>
        {t('vault.bannerText')}
      </Banner>
    </div>
  )
}

/** The page's first link or button stands in for what has gone meanwhile. */
function giveFocusBack(before: Element | null): void {
  const there = before?.isConnected ? before : document.querySelector('main :is(a, button)')
  if (there instanceof HTMLElement) there.focus()
}
