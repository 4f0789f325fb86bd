import { defaultSettings } from '../../../shared/contracts/settings.ts'
import { useText } from '../../i18n/language.ts'
import { useSettings } from '../../shell/mirror-stores.ts'
import { Switch } from '../../ui/Switch.tsx'
import { change } from './change.ts'
import { SettingRow } from './SettingRow.tsx'
import styles from './Settings.module.css'
import type { PartKey } from './settings-search.ts'

const switches = ['startAtLogin', 'closeToTray', 'notifications'] as const

/** Only what this host can do is found, so only that is shown. */
export function ConsoleSection({ found }: { readonly found: ReadonlySet<PartKey> }) {
  const t = useText()
  const settings = useSettings((state) => state.settings)
  const onOff = (on: boolean) => t(on ? 'settings.on' : 'settings.off')
  return switches
    .filter((key) => found.has(key))
    .map((key) => (
      <SettingRow
        key={key}
        title={t(`settings.${key}`)}
        hint={t(`settings.${key}Hint`)}
        byDefault={onOff(defaultSettings[key])}
        place={key === 'startAtLogin' ? 'settings.inSystem' : undefined}
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
    ))
}
