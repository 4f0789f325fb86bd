import { Container, Keyboard, Languages, SunMoon } from 'lucide-react'
import { navigate } from 'wouter/use-hash-location'
import { useServices } from '../../features/services/services-store.ts'
import type { Translate } from '../../i18n/language.ts'
import { type PaletteItem, useSources } from '../actions.ts'
import { switchLanguage, toggleTheme } from '../appearance.ts'
import { openHelp } from '../help-store.ts'
import { pages } from '../pages.ts'

/** Everything the palette knows at the moment it opens: pages, actions of the pages, services. */
export function paletteItems(t: Translate): readonly PaletteItem[] {
  const forPages = pages.map(
    (page, index): PaletteItem => ({
      key: `page:${page.key}`,
      label: t('shell.goTo', { page: t(page.titleKey) }),
      hint: t('shell.page'),
      words: page.key,
      icon: page.icon,
      shortcut: index < 9 ? `Mod+${index + 1}` : undefined,
      run: () => navigate(page.path),
    }),
  )
  const own: PaletteItem[] = [
    { key: 'help', label: t('shell.shortcuts'), words: 'help keyboard', icon: Keyboard, shortcut: '?', run: openHelp },
    { key: 'theme', label: t('shell.theme'), words: 'theme dark light', icon: SunMoon, run: toggleTheme },
    {
      key: 'language',
      label: t('shell.otherLanguageHint'),
      words: 'language 语言 english 中文',
      icon: Languages,
      run: switchLanguage,
    },
  ]
  const registered = useSources.getState().sources.flatMap((source) => source())
  const services = [...useServices.getState().byId.values()].map(
    ({ id, name, project, image }): PaletteItem => ({
      key: `service:${id}`,
      label: name,
      hint: project ?? image,
      words: image,
      icon: Container,
      run: () => navigate(`/services/${id}/summary`),
    }),
  )
  return [...forPages, ...services, ...registered, ...own]
}
