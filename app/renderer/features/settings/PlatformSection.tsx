import { useEffect, useState } from 'react'
import { defaultSettings, type Settings } from '../../../shared/contracts/settings.ts'
import { useText } from '../../i18n/language.ts'
import { useSettings } from '../../shell/mirror-stores.ts'
import { Button } from '../../ui/Button.tsx'
import { SegmentedControl } from '../../ui/SegmentedControl.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { usePlatform } from '../platform/platform-store.ts'
import { briefly, conditionOfPlatform, stateWords } from '../platform/platform-words.ts'
import { change } from './change.ts'
import { SettingRow } from './SettingRow.tsx'
import styles from './Settings.module.css'
import type { PartKey } from './settings-search.ts'

const switches = ['openLocalMode', 'pluginsMayCallLoopback', 'pluginsMayCallPrivate'] as const

/** Where the local platform answers and what its callers and plugins may do. */
export function PlatformSection({ found }: { readonly found: ReadonlySet<PartKey> }) {
  const t = useText()
  const settings = useSettings((state) => state.settings)
  const onOff = (on: boolean) => t(on ? 'settings.on' : 'settings.off')
  return (
    <>
      {found.has('platformPorts') && <Ports present={settings.platformPorts} />}
      {switches
        .filter((key) => found.has(key))
        .map((key) => (
          <SettingRow
            key={key}
            title={t(`settings.${key}`)}
            hint={t(`settings.${key}Hint`)}
            byDefault={onOff(defaultSettings[key])}
          >
            <Switch
              label={
                <>
                  <span className={styles['hidden']}>{t(`settings.${key}`)}: </span>
                  {onOff(settings[key])}
                </>
              }
              checked={settings[key]}
              onChange={(on) => change({ [key]: on })}
            />
          </SettingRow>
        ))}
    </>
  )
}

type PortChoice = Settings['platformPorts']

function Ports({ present }: { readonly present: PortChoice }) {
  const t = useText()
  // What is being chosen; a first port counts only once it is named.
  const [kind, setKind] = useState(present.kind)
  // By what it says: every update of the settings brings a new object, and must not end a choice under way.
  const saved = JSON.stringify(present)
  useEffect(() => setKind((JSON.parse(saved) as PortChoice).kind), [saved])
  const choose = (chosen: PortChoice['kind']) => {
    setKind(chosen)
    if (chosen !== 'base') change({ platformPorts: { kind: chosen } })
  }
  return (
    <SettingRow
      title={t('settings.platformPorts')}
      hint={t('settings.platformPortsHint')}
      byDefault={t('settings.portsDefaultOrigin')}
    >
      <SegmentedControl
        label={t('settings.platformPorts')}
        value={kind}
        options={[
          { value: 'default', label: t('settings.portsDefault') },
          { value: 'base', label: t('settings.portsBase') },
          { value: 'off', label: t('settings.portsOff') },
        ]}
        onChange={choose}
      />
      {kind === 'default' && <p className={styles['hint']}>{t('settings.portsDefaultText')}</p>}
      {kind === 'off' && <p className={styles['hint']}>{t('settings.portsOffText')}</p>}
      {kind === 'base' && <Base present={present} />}
      <LiveState />
    </SettingRow>
  )
}

function Base({ present }: { readonly present: PortChoice }) {
  const t = useText()
  const stored = present.kind === 'base' ? String(present.base) : ''
  const [typed, setTyped] = useState(stored || '18000')
  const base = Number(typed)
  const right = /^\d{1,5}$/.test(typed.trim()) && base >= 1 && base <= 65_530
  const use = () => {
    if (right) change({ platformPorts: { kind: 'base', base } })
  }
  const range = { first: String(base), last: String(base + 5) }
  const low = right && base < 1024 ? ` ${t('settings.baseLow')}` : ''
  return (
    <>
      <TextField
        label={t('settings.base')}
        value={typed}
        onChange={setTyped}
        onEnter={use}
        error={right ? null : t('settings.baseRange')}
        hint={right ? `${t('settings.baseText', range)}${low}` : undefined}
        mono
      />
      <div className={styles['inline']}>
        <Button disabled={!right || String(base) === stored} onClick={use}>
          {t('settings.baseUse')}
        </Button>
      </div>
    </>
  )
}

function LiveState() {
  const t = useText()
  const platform = usePlatform(({ state }) => state)
  if (!platform) return null
  const { kind } = platform.state
  const running = kind === 'running' ? ` ${briefly(platform, t)}` : ''
  return (
    <div className={styles['state']} role="status">
      <StateMark state={conditionOfPlatform(platform)} />
      <span>
        {t(stateWords[kind])}
        {running} · <a href="#/services/platform">{t('platform.goToPage')}</a>
      </span>
    </div>
  )
}
