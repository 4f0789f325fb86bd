import { useEffect, useRef } from 'react'
import type { Failure } from '../../../shared/contracts/tasks.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { Banner } from '../../ui/Banner.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { Unlock } from './Unlock.tsx'
import { useVaultTrouble } from './vault-store.ts'

/** Says that the vault is locked, with the field that opens it, or why it cannot be used. For any page that needs secrets. */
export function VaultBanner() {
  const trouble = useVaultTrouble()
  if (trouble === null) return null
  return trouble.kind === 'locked' ? <Locked /> : <Unusable failure={trouble.failure} />
}

function Unusable({ failure: { code, details } }: { readonly failure: Failure }) {
  const t = useText()
  const { sentence, advice } = describeError(knownCode(code), details, useLanguage())
  return (
    <Banner tone="fail" action={<LinkButton href="#/settings/vault">{t('vault.look')}</LinkButton>}>
      <strong>{sentence}</strong> {advice} {t('vault.unusableText')}
    </Banner>
  )
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
