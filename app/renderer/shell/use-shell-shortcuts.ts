import { useMemo } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useText } from '../i18n/language.ts'
import { openHelp } from './help-store.ts'
import { pages } from './pages.ts'
import { openPalette } from './palette/palette-store.ts'
import { type Shortcuts, useShortcuts } from './shortcuts.ts'

/** The keys that work on every page. */
export function useShellShortcuts(): void {
  const t = useText()
  const shortcuts = useMemo(
    (): Shortcuts => ({
      'Mod+K': { label: t('shell.palette'), run: openPalette, everywhere: true },
      F1: { label: t('shell.palette'), run: openPalette, everywhere: true },
      '?': { label: t('shell.shortcuts'), run: openHelp },
      ...Object.fromEntries(
        pages
          .slice(0, 9)
          .map((page, index) => [
            `Mod+${index + 1}`,
            { label: t('shell.goTo', { page: t(page.titleKey) }), run: () => navigate(page.path), everywhere: true },
          ]),
      ),
    }),
    [t],
  )
  useShortcuts(shortcuts)
}
