import { useText } from '../../i18n/language.ts'
import { useSettings } from '../../shell/mirror-stores.ts'
import { SegmentedControl } from '../../ui/SegmentedControl.tsx'
import { Select } from '../../ui/Select.tsx'
import { change } from './change.ts'
import { SettingRow } from './SettingRow.tsx'
import type { PartKey } from './settings-search.ts'

export function AppearanceSection({ found }: { readonly found: ReadonlySet<PartKey> }) {
  const t = useText()
  const { language, theme } = useSettings(({ settings }) => settings)
  return (
    <>
      {found.has('language') && (
        <SettingRow title={t('settings.language')} byDefault={t('settings.languageSystem')}>
          <Select
            label={t('settings.language')}
            hideLabel
            value={language}
            // Each language in its own words: who cannot read the present one must find theirs.
            options={[
              { value: 'system', label: t('settings.languageSystem') },
              { value: 'zh-CN', label: '简体中文' },
              { value: 'en', label: 'English' },
            ]}
            onChange={(value) => change({ language: value })}
          />
        </SettingRow>
      )}
      {found.has('theme') && (
        <SettingRow title={t('settings.theme')} byDefault={t('settings.themeSystem')}>
          <SegmentedControl
            label={t('settings.theme')}
            value={theme}
            options={[
              { value: 'system', label: t('settings.themeSystem') },
              { value: 'light', label: t('settings.themeLight') },
              { value: 'dark', label: t('settings.themeDark') },
            ]}
            onChange={(value) => change({ theme: value })}
          />
        </SettingRow>
      )}
    </>
  )
}
