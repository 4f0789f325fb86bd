import { ChartColumn, ImagePlay, KeyRound, Plus, Ticket } from 'lucide-react'
import { useCallback } from 'react'
import { navigate } from 'wouter/use-hash-location'
import { useText } from '../../i18n/language.ts'
import { type PaletteItem, usePaletteItems } from '../../shell/actions.ts'
import { useKeys } from '../../shell/keys-mirror.ts'
import { openDialog } from './dialogs/dialog-store.ts'
import { keyPath } from './key-address.ts'
import { vendorNames } from './key-words.ts'

const views = [
  { key: 'tokens', words: 'token 令牌', icon: Ticket },
  { key: 'usage', words: 'usage 用量', icon: ChartColumn },
  { key: 'jobs', words: 'job 作业', icon: ImagePlay },
] as const

/** Every key by its name, adding one, and the views beside the list, from any page. */
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
    const others = views.map(
      ({ key, words, icon }): PaletteItem => ({
        key: `keys:${key}`,
        label: t('shell.goTo', { page: t(`keys.${key}`) }),
        hint: t('keys.title'),
        ...{ words, icon },
        run: () => navigate(`/keys/${key}`),
      }),
    )
    return [add, ...others, ...keys]
  }, [t])
  usePaletteItems(items)
}
