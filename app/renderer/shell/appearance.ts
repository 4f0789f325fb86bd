import { currentLanguage } from '../i18n/language.ts'
import { rpc } from '../rpc/rpc.ts'
import { useSettings } from './mirror-stores.ts'
import { run } from './run.ts'

/** Whether the page is dark now, chosen or by the system. */
export function isDark(): boolean {
  const { theme } = useSettings.getState().settings
  return theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
}

export const toggleTheme = (): void => void run(rpc.settings.set({ theme: isDark() ? 'light' : 'dark' }))

export const switchLanguage = (): void =>
  void run(rpc.settings.set({ language: currentLanguage() === 'en' ? 'zh-CN' : 'en' }))
