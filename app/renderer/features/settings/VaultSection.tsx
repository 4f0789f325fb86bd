import { type ReactNode, useEffect, useRef } from 'react'
import { defaultSettings } from '../../../shared/contracts/settings.ts'
import type { VaultState } from '../../../shared/contracts/vault.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { useSettings } from '../../shell/mirror-stores.ts'
import { run } from '../../shell/run.ts'
import { Button } from '../../ui/Button.tsx'
import { duration } from '../../ui/format.ts'
import { KeyValue, type KeyValueItem } from '../../ui/KeyValue.tsx'
import { Select } from '../../ui/Select.tsx'
import { type Mark, StateMark } from '../../ui/StateMark.tsx'
import { Unlock } from '../vault/Unlock.tsx'
import styles from '../vault/Vault.module.css'
import { useVault } from '../vault/vault-store.ts'
import { change } from './change.ts'
import { SettingRow } from './SettingRow.tsx'
import type { PartKey } from './settings-search.ts'
import { PassphraseForm, RotateForm } from './VaultForms.tsx'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** What guards the secrets of the console, and how often keys are tested. */
export function VaultSection({ found }: { readonly found: ReadonlySet<PartKey> }) {
  const vault = useVault(({ state }) => state)
  if (!vault) return null
  return (
    <>
      {found.has('dataKey') && <DataKey vault={vault} />}
      {found.has('passphrase') && <Passphrase key={String(vault.hasPassphrase)} vault={vault} />}
      {found.has('autoLock') && <AutoLock vault={vault} />}
      {found.has('rotate') && <Rotate vault={vault} />}
      {found.has('keyTests') && <KeyTests />}
    </>
  )
}

const marks: Readonly<Record<VaultState['state']['kind'], Mark>> = {
  opening: 'busy',
  open: 'ok',
  locked: 'warn',
  unusable: 'fail',
}

function DataKey({ vault }: { readonly vault: VaultState }) {
  const t = useText()
  const language = useLanguage()
  const { state, storage, hasPassphrase } = vault
  const place = storage && t(storage === 'key-file' ? 'vault.placeFile' : 'vault.placeSystem')
  const box = useRef<HTMLDivElement>(null)
  const within = useRef(false)
  // Locking takes the button away and unlocking the field: the focus goes to what stands there instead.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the state is another
  useEffect(() => {
    if (within.current) box.current?.querySelector<HTMLElement>('input, button')?.focus()
  }, [state.kind])
  const words = (
    <span className={styles['state']}>
      <StateMark state={marks[state.kind]} />
      {t(`vault.${state.kind}`)}
    </span>
  )
  const items: KeyValueItem[] = [{ key: 'state', label: t('vault.state'), value: words }]
  if (place) {
    const value = hasPassphrase ? t('vault.placePassphrase', { place }) : place
    items.push({ key: 'place', label: t('vault.place'), value })
  }
  return (
    <SettingRow title={t('vault.dataKey')} hint={t('vault.dataKeyHint')}>
      <KeyValue items={items} />
      {state.kind === 'unusable' && (
        <p>{describeError(knownCode(state.failure.code), state.failure.details, language).sentence}</p>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only watches where the focus is */}
      <div
        ref={box}
        onFocus={() => {
          within.current = true
        }}
        onBlur={({ relatedTarget }) => {
          within.current = relatedTarget === null
        }}
      >
        {state.kind === 'locked' && <Unlock />}
        {state.kind === 'open' && hasPassphrase && (
          <Button onClick={() => void run(rpc.vault.lock())}>{t('vault.lock')}</Button>
        )}
      </div>
    </SettingRow>
  )
}

/** What can be done with an open vault alone. */
function WhenOpen({ vault: { state }, children }: { readonly vault: VaultState; readonly children: ReactNode }) {
  const t = useText()
  return state.kind === 'open' ? children : <p className={styles['quiet']}>{t('vault.needsOpen')}</p>
}

function Passphrase({ vault }: { readonly vault: VaultState }) {
  const t = useText()
  return (
    <SettingRow title={t('vault.passphrase')} hint={t('vault.passphraseHint')}>
      <WhenOpen vault={vault}>
        <PassphraseForm hasPassphrase={vault.hasPassphrase} />
      </WhenOpen>
    </SettingRow>
  )
}

/** One of some times, or never; a time that was set otherwise is among them. */
function Times({
  label,
  value,
  choices,
  unit,
  disabled,
  onChange,
}: {
  readonly label: string
  readonly value: number | null
  readonly choices: readonly number[]
  readonly unit: number
  readonly disabled?: boolean
  readonly onChange: (value: number | null) => void
}) {
  const t = useText()
  const language = useLanguage()
  const all = value === null || choices.includes(value) ? choices : [...choices, value].sort((a, b) => a - b)
  return (
    <Select
      label={label}
      hideLabel
      disabled={disabled}
      value={String(value ?? '')}
      options={[
        { value: '', label: t('vault.never') },
        ...all.map((one) => ({ value: String(one), label: duration(one * unit, language) })),
      ]}
      onChange={(chosen) => onChange(chosen === '' ? null : Number(chosen))}
    />
  )
}

function AutoLock({ vault: { hasPassphrase } }: { readonly vault: VaultState }) {
  const t = useText()
  const minutes = useSettings(({ settings }) => settings.autoLockMinutes)
  const hint = hasPassphrase ? t('vault.autoLockHint') : `${t('vault.autoLockHint')} ${t('vault.autoLockNeeds')}`
  return (
    <SettingRow title={t('vault.autoLock')} hint={hint} byDefault={t('vault.never')}>
      <Times
        label={t('vault.autoLock')}
        value={minutes ?? defaultSettings.autoLockMinutes}
        choices={[5, 15, 60, 240]}
        unit={MINUTE}
        disabled={!hasPassphrase && minutes === null}
        onChange={(autoLockMinutes) => change({ autoLockMinutes })}
      />
    </SettingRow>
  )
}

function Rotate({ vault }: { readonly vault: VaultState }) {
  const t = useText()
  return (
    <SettingRow title={t('vault.rotate')} hint={t('vault.rotateHint')}>
      <WhenOpen vault={vault}>
        <RotateForm hasPassphrase={vault.hasPassphrase} />
      </WhenOpen>
    </SettingRow>
  )
}

function KeyTests() {
  const t = useText()
  const hours = useSettings(({ settings }) => settings.keyTestHours)
  return (
    <SettingRow title={t('vault.keyTests')} hint={t('vault.keyTestsHint')} byDefault={t('vault.never')}>
      <Times
        label={t('vault.keyTests')}
        value={hours}
        choices={[1, 6, 24, 168]}
        unit={HOUR}
        onChange={(keyTestHours) => change({ keyTestHours })}
      />
    </SettingRow>
  )
}
