import { KeyRound, Plus } from 'lucide-react'
import { useCallback } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useText } from '../../i18n/language.ts'
import { type PaletteItem, usePaletteItems } from '../../shell/actions.ts'
import { useKeys } from '../../shell/keys-mirror.ts'
import { openDialog } from './dialogs/dialog-store.ts'
import { keyPath } from './key-address.ts'
import { vendorNames } from './key-words.ts'

/** Every key by its name, and adding one, from any page. */
export function useKeyPalette(): void {
  const t = useText()
  const items = useCallback((): readonly PaletteItem[] => {
    const keys = [...useKeys.getState().byId.values()].map(
      ({ id, name, vendor, service }): PaletteItem => ({
        key: `key:${id}`,
        label: name,
        hint: `${vendorNames[vendor]} · ${service}`,
        words: `${service} key 密钥`,
        icon: KeyRound,
        run: () => navigate(keyPath(id, 'summary')),
      }),
    )
    const add: PaletteItem = {
      key: 'keys:add',
      label: t('keys.add'),
      hint: t('keys.title'),
      words: 'key 密钥',
      icon: Plus,
      run: () => openDialog({ kind: 'add' }),
    }
    return [add, ...keys]
  }, [t])
  usePaletteItems(items)
}
