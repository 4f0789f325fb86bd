import type { RefObject } from 'react'
import type { Key } from '../../../shared/contracts/keys.ts'
import { useText } from '../../i18n/language.ts'
import { useKeys } from '../../shell/keys-mirror.ts'
import { listLetters } from '../../shell/list/list-letters.ts'
import { type Shortcuts, useShortcuts } from '../../shell/shortcuts.ts'
import { openDialog } from './dialogs/dialog-store.ts'
import { canDo, enableKeys, removeKeys, resetKeys, testKey } from './key-actions.tsx'
import type { KeyTab, OpenKey } from './key-address.ts'
import { useKeysView } from './keys-view.ts'

/**
 * The letters of the list. They act on the selection where there is one, else on the row with the keyboard, else on
 * the key whose drawer is open.
 */
export function useKeyShortcuts({
  openId,
  selected,
  open,
  filter,
}: {
  readonly openId: string | null
  readonly selected: readonly Key[]
  readonly open: OpenKey
  readonly filter: RefObject<HTMLInputElement | null>
}): void {
  const t = useText()
  const letters = listLetters({
    byId: () => useKeys.getState().byId,
    view: useKeysView.getState,
    change: useKeysView.setState,
    ...{ selected, openId, filter },
    words: { select: t('keys.select'), filter: t('keys.filterLabel') },
  })
  const { current, targets } = letters
  const openCurrent = (tab: KeyTab) => () => {
    const one = current()
    if (one) open(one.id, tab)
  }
  const shortcuts: Shortcuts = {
    n: { label: t('keys.add'), run: () => openDialog({ kind: 'add' }) },
    e: {
      label: `${t('keys.enable')} / ${t('keys.disable')}`,
      run: () => {
        const keys = targets()
        const [first] = keys
        if (!first) return
        if (canDo('enable', first)) void enableKeys(keys)
        else openDialog({ kind: 'disable', keys })
      },
    },
    t: {
      label: t('keys.test'),
      run: () => {
        const one = current()
        if (one) void testKey(one)
      },
    },
    r: { label: t('keys.reset'), run: () => void resetKeys(targets()) },
    u: { label: t('keys.tabUse'), run: openCurrent('use') },
    v: { label: t('keys.tabTests'), run: openCurrent('tests') },
    c: { label: t('keys.tabChanges'), run: openCurrent('changes') },
    ...letters.shortcuts,
    Delete: { label: t('keys.removeAsk'), run: () => void removeKeys(targets()) },
  }
  useShortcuts(shortcuts, t('keys.title'))
}
